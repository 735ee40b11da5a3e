import TestSupport

@testable import Tensors

extension Primitive {
    private static let strided = Convolution(stride: HeightWidth(2, 1), padding: HeightWidth(1, 2))
    private static let dilated = Convolution(
        stride: HeightWidth(1, 2), padding: 2, dilation: HeightWidth(2, 1), groups: 2)

    static let convolutionRows: [DerivativeRow] = [
        row("convolution", [2, 3, 5, 4], [2, 3, 3, 2], bias: [2]),
        row("convolution, strided windows and padding", [2, 2, 5, 6], [3, 2, 3, 2], bias: [3], strided),
        row("convolution, dilated windows in two groups", [2, 4, 6, 7], [6, 2, 2, 3], dilated),
        row("convolution, padding beyond the kernel", [1, 1, 2, 3], [2, 1, 1, 1], Convolution(padding: 2)),
        row("convolution, population", [2, 3, 2, 4, 4], [2, 3, 2, 2, 3], bias: [2, 3]),
        row("convolution, population on shared inputs", [3, 2, 4, 4], [2, 3, 2, 3, 3], bias: [2, 3], strided),
        row("convolution, shared weights", [2, 3, 2, 4, 4], [3, 2, 2, 3], bias: [3]),
        row("convolution, empty", [0, 2, 4, 4], [3, 2, 2, 2], bias: [3]),
        row("convolution, large", [70, 3, 9, 9], [9, 3, 3, 3], bias: [9], scale: 0.1),
        DerivativeRow(
            "convolution, strided views", [normalDoubles([4, 5, 3, 2]), normalDoubles([4, 2, 3, 3], index: 1)]
        ) {
            let (x, weight) = ($0[0].permuted([3, 2, 0, 1]), $0[1].permuted([0, 3, 2, 1]))
            return [conv2d(x, weight: weight).square()]
        },
        DerivativeRow(
            "transposed convolution",
            [normalDoubles([2, 4, 3, 3]), normalDoubles([4, 1, 2, 3], index: 1), normalDoubles([2], index: 2)]
        ) { [convTranspose2d($0[0], weight: $0[1], bias: $0[2], dilated, outputPadding: HeightWidth(0, 1)).square()] },
        DerivativeRow(
            "transposed convolution, population",
            [normalDoubles([2, 3, 4]), normalDoubles([3, 3, 2, 3], index: 1), normalDoubles([3, 2], index: 2)]
        ) { [convTranspose1d($0[0], weight: $0[1], bias: $0[2], Convolution(line: 2, padding: 1)).square()] },
    ]

    static let placesRows: [DerivativeRow] = [
        DerivativeRow("take", [normalDoubles([2, 3])]) {
            [$0[0].taking(Places([2, 0, 2, 1, 1, 1, 0, 2], shape: [2, 4], on: $0[0].backend)).square()]
        },
        DerivativeRow("put", [normalDoubles([2, 3])]) {
            [$0[0].putting(Places([3, 3, 0, 1, 2, 1], shape: [2, 3], on: $0[0].backend), count: 4).square()]
        },
        DerivativeRow("take, strided", [normalDoubles([3, 2])]) {
            [$0[0].transposed().taking(Places([2, 0], shape: [2, 1], on: $0[0].backend)).square()]
        },
        DerivativeRow("max pool 2x2, an odd row and column", [normalDoubles([2, 3, 5, 7])]) {
            [$0[0].maxPooled(Pooling(size: 2)).square()]
        },
        DerivativeRow("max pool, overlapping, padded, dilated", [normalDoubles([2, 6, 7])]) {
            [$0[0].maxPooled(Pooling(size: 3, stride: 1, padding: 1, dilation: HeightWidth(2, 1))).square()]
        },
        DerivativeRow("max pool, empty", [normalDoubles([0, 4, 4])]) { [$0[0].maxPooled(Pooling(size: 2))] },
        DerivativeRow("max pool, large", [normalDoubles([300, 18, 16])]) {
            [$0[0].maxPooled(Pooling(size: 2)).square()]
        },
        DerivativeRow("average pool", [normalDoubles([2, 5, 6])]) {
            [$0[0].averagePooled(Pooling(size: 3, stride: 2, padding: 1), countingPadding: false).square()]
        },
    ]

    /// A convolution squared, so that its second derivatives are not all zero.
    private static func row(
        _ name: String, _ x: Shape, _ weight: Shape, bias: Shape? = nil, _ convolution: Convolution = Convolution(),
        scale: Double = 1
    ) -> DerivativeRow {
        let shapes = [x, weight] + (bias.map { [$0] } ?? [])
        return DerivativeRow(name, shapes.enumerated().map { normalDoubles($1, index: UInt64($0)) }) {
            let y = conv2d($0[0], weight: $0[1], bias: $0.count == 3 ? $0[2] : nil, convolution)
            return [(y * scale).square()]
        }
    }
}
