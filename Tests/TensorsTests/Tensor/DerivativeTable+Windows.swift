import TestSupport

@testable import Tensors

extension Primitive {
    static let leafRows = [DerivativeRow("leaf", [normalDoubles([3])]) { $0 }]

    static let affineRows: [DerivativeRow] = [
        DerivativeRow("affine", [normalDoubles([2, 3])]) { [$0[0].scaled(by: -1.7, plus: 0.3)] },
        DerivativeRow("affine, strided", [normalDoubles([2, 3])]) { [$0[0].transposed().scaled(by: 2).square()] },
        DerivativeRow("affine, empty", [normalDoubles([2, 0])]) { [$0[0].scaled(by: 2)] },
        DerivativeRow("affine, large", [normalDoubles([300, 301])]) { [$0[0].scaled(by: -1.7, plus: 0.3).square()] },
    ]

    static let powerRows: [DerivativeRow] =
        [2, 3, -2, 0.5, 1.5, -0.5, 2.7, 1, 0].map { (exponent: Double) in
            DerivativeRow("power \(exponent)", [positive()]) { [$0[0].raised(to: exponent)] }
        } + [
            DerivativeRow("power 3, negative", [-positive()]) { [$0[0].raised(to: 3)] },
            DerivativeRow("power, strided", [normalDoubles([3, 4]).square() + 1]) {
                [$0[0].transposed().raised(to: 1.3)]
            },
            DerivativeRow("power, empty", [normalDoubles([0, 4])]) { [$0[0].raised(to: 1.3)] },
            DerivativeRow("power, large", [normalDoubles([300, 301]).square() + 0.5]) { [$0[0].raised(to: -1.3)] },
        ]

    private static let wide = SlidingWindow(kernel: [2, 3], stride: [2, 1], padding: [1, 2], dilation: [1, 2])
    private static let small = SlidingWindow(kernel: [2, 2])

    static let windowRows: [DerivativeRow] = [
        DerivativeRow("unfold", [normalDoubles([3, 4, 5])]) { [$0[0].unfolded(small).square()] },
        DerivativeRow("unfold, all options", [normalDoubles([2, 3, 5, 6])]) { [$0[0].unfolded(wide).square()] },
        DerivativeRow("unfold, strided", [normalDoubles([5, 4, 3])]) {
            [$0[0].permuted([2, 1, 0]).unfolded(wide).exp()]
        },
        DerivativeRow("unfold, broadcast", [normalDoubles([4, 1])]) {
            [$0[0].broadcast(to: [2, 4, 3]).unfolded(small).exp()]
        },
        DerivativeRow("unfold, empty batch", [normalDoubles([0, 2, 4, 5])]) { [$0[0].unfolded(wide)] },
        DerivativeRow("unfold, large", [normalDoubles([4, 3, 60, 61])]) { [$0[0].unfolded(wide).square()] },
        DerivativeRow("fold", [normalDoubles([12, 12])]) { [$0[0].folded(small, to: [4, 5]).square()] },
        DerivativeRow("fold, all options", [normalDoubles([2, 18, 18])]) { [$0[0].folded(wide, to: [5, 6]).square()] },
        DerivativeRow("fold, strided", [normalDoubles([12, 8])]) {
            [$0[0].transposed().folded(small, to: [4, 5]).exp()]
        },
        DerivativeRow("fold, empty batch", [normalDoubles([0, 18, 18])]) { [$0[0].folded(wide, to: [5, 6])] },
        DerivativeRow("fold, large", [normalDoubles([9, 12, 30 * 31])]) {
            [$0[0].folded(small, to: [31, 32]).square()]
        },
    ]

    static let checkpointRows: [DerivativeRow] = [
        DerivativeRow("checkpoint", [normalDoubles([2, 3]), normalDoubles([3], index: 1)]) { inputs in
            Tensors.checkpoint(inputs) { [($0[0] * $0[1]).tanh().exp(), $0[0].sum(axes: [0]) * $0[1].square()] }
        },
        DerivativeRow("checkpoint, in a chain, nested", [normalDoubles([3])]) {
            let inner: @Sendable (Tensor) -> Tensor = { Tensors.checkpoint($0) { ($0 * $0.sum()).tanh() } }
            return [Tensors.checkpoint($0[0].exp()) { inner($0) * inner($0.sin()) }.square()]
        },
        DerivativeRow("checkpoint, with a derivative within", [normalDoubles([3])]) {
            [Tensors.checkpoint($0[0]) { x in gradient(at: x) { ($0.tanh() * $0).sum() }.gradient * x }]
        },
        DerivativeRow("checkpoint, a result that is an input and one that is constant", [normalDoubles([3])]) {
            Tensors.checkpoint($0) { [$0[0], Tensor.full([2], 1, like: $0[0]), $0[0].exp()] }
        },
        DerivativeRow("checkpoint, an input that is constant", [normalDoubles([3])]) {
            let other = normalDoubles([3], seed: 5).converted(to: $0[0].precision).moved(toBackendOf: $0[0])
            return Tensors.checkpoint([other, $0[0]]) { [($0[0] * $0[1]).tanh(), $0[0].exp()] }
        },
    ]
}
