import CKernels
import TestSupport

@testable import Tensors

/// One way to exercise a primitive: inputs in double precision and a function of them.
struct DerivativeRow: CustomStringConvertible, Sendable {
    let description: String
    let inputs: @Sendable () -> [Tensor]
    let function: @Sendable ([Tensor]) -> [Tensor]

    init(
        _ name: String, _ inputs: @autoclosure @escaping @Sendable () -> [Tensor],
        _ function: @escaping @Sendable ([Tensor]) -> [Tensor]
    ) {
        description = name
        self.inputs = inputs
        self.function = function
    }
}

extension Primitive {
    static let positive: @Sendable () -> Tensor = { normalDoubles([7]).square() + 0.5 }

    static let unaryRows: [DerivativeRow] = [
        DerivativeRow("negate", [normalDoubles([2, 3])]) { [(-$0[0]).square()] },
        DerivativeRow("exp", [normalDoubles([2, 3])]) { [$0[0].exp()] },
        DerivativeRow("log", [positive()]) { [$0[0].log()] },
        DerivativeRow("sqrt", [positive()]) { [$0[0].sqrt()] },
        DerivativeRow("reciprocal", [positive()]) { [$0[0].reciprocal()] },
        DerivativeRow("tanh", [normalDoubles([7])]) { [$0[0].tanh()] },
        DerivativeRow("erf", [normalDoubles([7])]) { [$0[0].erf()] },
        DerivativeRow("sigmoid", [normalDoubles([7])]) { [$0[0].sigmoid()] },
        DerivativeRow("sin, cos", [normalDoubles([7])]) { [$0[0].sin(), $0[0].cos()] },
        DerivativeRow("abs", [normalDoubles([7])]) { [$0[0].abs() * $0[0]] },
        DerivativeRow("relu", [normalDoubles([7])]) { [$0[0].relu().square()] },
        DerivativeRow("square", [normalDoubles([7])]) { [$0[0].square()] },
        DerivativeRow("gelu", [normalDoubles([7])]) { [$0[0].gelu()] },
        DerivativeRow("silu", [normalDoubles([7])]) { [$0[0].silu()] },
        DerivativeRow("softplus", [normalDoubles([7])]) { [$0[0].softplus()] },
        DerivativeRow("gelu, tanh", [normalDoubles([7])]) { [$0[0].geluTanh()] },
        DerivativeRow("log1p", [positive()]) { [($0[0] - 1).log1p()] },
        DerivativeRow("expm1", [normalDoubles([7])]) { [$0[0].expm1()] },
        DerivativeRow("exp, strided", [normalDoubles([3, 4])]) { [$0[0].transposed().exp()] },
        DerivativeRow("exp, empty", [normalDoubles([0, 4])]) { [$0[0].exp()] },
        DerivativeRow("exp, large", [normalDoubles([300, 300]) * 0.1]) { [$0[0].exp()] },
    ]

    static let binaryRows: [DerivativeRow] = [
        DerivativeRow("add, broadcast", [normalDoubles([2, 3]), normalDoubles([3], index: 1)]) {
            [($0[0] + $0[1]).square()]
        },
        DerivativeRow("subtract, broadcast", [normalDoubles([3]), normalDoubles([2, 1], index: 1)]) {
            [($0[0] - $0[1]).square()]
        },
        DerivativeRow("multiply, broadcast", [normalDoubles([2, 3]), normalDoubles([2, 1], index: 1)]) {
            [$0[0] * $0[1]]
        },
        DerivativeRow("divide, broadcast", [normalDoubles([2, 7]), positive()]) { [$0[0] / $0[1]] },
        DerivativeRow("maximum, minimum", [normalDoubles([6]), normalDoubles([6], index: 1)]) {
            [$0[0].maximum($0[1]).square(), $0[0].minimum($0[1]).square()]
        },
        DerivativeRow("multiply, strided", [normalDoubles([3, 4]), normalDoubles([4, 3], index: 1)]) {
            [$0[0].transposed() * $0[1]]
        },
        DerivativeRow("multiply, empty", [normalDoubles([0, 4]), normalDoubles([4], index: 1)]) { [$0[0] * $0[1]] },
        DerivativeRow("divide, large", [normalDoubles([300, 301]), normalDoubles([301], index: 1).square() + 1]) {
            [$0[0] / $0[1]]
        },
        DerivativeRow("select", [normalDoubles([2, 6]), normalDoubles([6], index: 1)]) {
            [Tensor.select($0[0].sliced(axis: 1, 0..<1), $0[0].square(), $0[1].exp())]
        },
        DerivativeRow("clamped", [normalDoubles([4, 5])]) { [$0[0].clamped(to: -0.5...0.7).square()] },
    ]

    static let matmulRows: [DerivativeRow] =
        [(false, false), (true, false), (false, true), (true, true)].map { ta, tb in
            DerivativeRow(
                "matmul \(ta) \(tb)",
                [normalDoubles(ta ? [2, 4, 3] : [2, 3, 4]), normalDoubles(tb ? [5, 4] : [4, 5], index: 1)]
            ) { [Tensors.matmul($0[0], $0[1], transposeA: ta, transposeB: tb)] }
        } + [
            DerivativeRow("matmul, empty", [normalDoubles([2, 0]), normalDoubles([0, 3], index: 1)]) {
                [Tensors.matmul($0[0], $0[1])]
            },
            DerivativeRow("matmul, empty batch", [normalDoubles([0, 2, 3]), normalDoubles([3, 4], index: 1)]) {
                [Tensors.matmul($0[0], $0[1])]
            },
            DerivativeRow("matmul, strided", [normalDoubles([4, 3, 2]), normalDoubles([2, 5, 4, 3], index: 1)]) {
                [Tensors.matmul($0[0].permuted([1, 0, 2]), $0[1].permuted([1, 3, 0, 2]).sliced(axis: 2, 0..<2))]
            },
            DerivativeRow("matmul, large", [normalDoubles([70, 90]), normalDoubles([90, 130], index: 1)]) {
                [Tensors.matmul($0[0], $0[1]) * 0.05]
            },
        ]

    static let linearRows: [DerivativeRow] = [
        DerivativeRow(
            "linear", [normalDoubles([3, 4]), normalDoubles([2, 4], index: 1), normalDoubles([2], index: 2)]
        ) {
            [Tensors.linear($0[0], weight: $0[1], bias: $0[2])]
        },
        DerivativeRow(
            "linear, population on shared inputs",
            [normalDoubles([3, 4]), normalDoubles([5, 2, 4], index: 1), normalDoubles([5, 2], index: 2)]
        ) { [Tensors.linear($0[0], weight: $0[1], bias: $0[2])] },
        DerivativeRow(
            "linear, population",
            [normalDoubles([5, 3, 4]), normalDoubles([5, 2, 4], index: 1), normalDoubles([5, 2], index: 2)]
        ) { [Tensors.linear($0[0], weight: $0[1], bias: $0[2])] },
        DerivativeRow(
            "linear, shared weights",
            [normalDoubles([5, 3, 4]), normalDoubles([2, 4], index: 1), normalDoubles([2], index: 2)]
        ) { [Tensors.linear($0[0], weight: $0[1], bias: $0[2])] },
        DerivativeRow(
            "linear, empty batch",
            [normalDoubles([0, 4]), normalDoubles([2, 4], index: 1), normalDoubles([2], index: 2)]
        ) { [Tensors.linear($0[0], weight: $0[1], bias: $0[2])] },
    ]

    static let sumRows: [DerivativeRow] =
        [[0], [1], [2], [0, 2], [0, 1, 2], [1, 2]].map { (axes: [Int]) in
            DerivativeRow("sum \(axes)", [normalDoubles([2, 3, 4])]) { [$0[0].sum(axes: axes).square()] }
        } + [
            DerivativeRow("sum, strided", [normalDoubles([3, 4])]) { [$0[0].transposed().sum(axes: [1]).square()] },
            DerivativeRow("sum, empty", [normalDoubles([0, 4])]) { [$0[0].sum(axes: [0]), $0[0].sum(axes: [1])] },
            DerivativeRow("sum, large", [normalDoubles([300, 301])]) {
                [$0[0].sum(axes: [0]).square() * 0.01, $0[0].sum(axes: [1]).square() * 0.01]
            },
            DerivativeRow("variance", [normalDoubles([2, 3, 4])]) { [$0[0].variance(axes: [0, 2], correction: 1)] },
        ]

    static let maxRows: [DerivativeRow] = [
        DerivativeRow("maxLast", [normalDoubles([4, 5])]) { [$0[0].maxLast().square()] },
        DerivativeRow("maxLast, empty batch", [normalDoubles([0, 5])]) { [$0[0].maxLast().square()] },
        DerivativeRow("maxLast, large", [normalDoubles([700, 101])]) { [$0[0].maxLast().square()] },
        DerivativeRow("max, min", [normalDoubles([2, 3, 4])]) {
            [$0[0].max(axes: [0, 2]).square(), $0[0].min(axes: [1], keepingDims: true).square()]
        },
        DerivativeRow("logSumExp", [normalDoubles([2, 3, 4])]) { [$0[0].logSumExp(axes: [0, 2], keepingDims: true)] },
    ]

    static let logSoftmaxRows: [DerivativeRow] = [
        DerivativeRow("logSoftmax", [normalDoubles([3, 5])]) { [$0[0].logSoftmax()] },
        DerivativeRow("logSoftmax, empty batch", [normalDoubles([0, 5])]) { [$0[0].logSoftmax()] },
        DerivativeRow("logSoftmax, large", [normalDoubles([700, 101])]) { [$0[0].logSoftmax()] },
        DerivativeRow("softmax, strided", [normalDoubles([3, 5])]) { [$0[0].softmax(axis: 0)] },
    ]

    static let layerNormRows: [DerivativeRow] = [
        DerivativeRow(
            "layerNorm", [normalDoubles([3, 6]), normalDoubles([6], index: 1), normalDoubles([6], index: 2)]
        ) {
            [$0[0].layerNormalized(scale: $0[1], shift: $0[2])]
        },
        DerivativeRow(
            "layerNorm, population",
            [normalDoubles([2, 3, 6]), normalDoubles([2, 6], index: 1), normalDoubles([2, 6], index: 2)]
        ) { [$0[0].layerNormalized(scale: $0[1], shift: $0[2])] },
        DerivativeRow(
            "layerNorm, strided",
            [normalDoubles([6, 3]), normalDoubles([1], index: 1), normalDoubles([6, 2], index: 2)]
        ) {
            let (scale, shift) = ($0[1].broadcast(to: [6]), $0[2].selected(axis: 1, 1))
            return [$0[0].transposed().layerNormalized(scale: scale, shift: shift)]
        },
        DerivativeRow(
            "layerNorm, empty batch",
            [normalDoubles([0, 6]), normalDoubles([6], index: 1), normalDoubles([6], index: 2)]
        ) { [$0[0].layerNormalized(scale: $0[1], shift: $0[2])] },
        DerivativeRow(
            "layerNorm, large",
            [normalDoubles([2, 350, 101]), normalDoubles([2, 101], index: 1), normalDoubles([2, 101], index: 2)]
        ) { [$0[0].layerNormalized(scale: $0[1], shift: $0[2])] },
    ]

    static let movementRows: [DerivativeRow] = [
        DerivativeRow("broadcast", [normalDoubles([3, 1])]) { [$0[0].broadcast(to: [2, 3, 4]).square()] },
        DerivativeRow("reshape", [normalDoubles([2, 6])]) { [$0[0].reshaped([3, -1]).square()] },
        DerivativeRow("permute", [normalDoubles([2, 3, 4])]) { [$0[0].permuted([2, 0, 1]).exp()] },
        DerivativeRow("slice", [normalDoubles([3, 5])]) { [$0[0].sliced(axis: 1, 1..<4).square()] },
        DerivativeRow("pad", [normalDoubles([3, 2])]) { [$0[0].padded(axis: 0, before: 2, after: 1).square()] },
        DerivativeRow("concatenate", [normalDoubles([2, 3]), normalDoubles([2, 1], index: 1)]) {
            [Tensor.concatenate($0, axis: -1).square()]
        },
        DerivativeRow("movement, empty", [normalDoubles([0, 3])]) {
            [$0[0].transposed().padded(axis: 0, before: 1, after: 0).reshaped([2, 2, 0]).exp()]
        },
        DerivativeRow("movement, large", [normalDoubles([3, 151, 210])]) {
            let moved = $0[0].permuted([0, 2, 1]).reshaped([-1, 151])
            return [Tensor.concatenate([moved.sliced(axis: 0, 7..<600), moved], axis: 0).square()]
        },
    ]

    static let indexingRows: [DerivativeRow] = [
        DerivativeRow("gather", [normalDoubles([4, 3])]) { [$0[0].gathered(axis: 0, [2, 0, 2]).square()] },
        DerivativeRow("gather, inner", [normalDoubles([2, 4, 3])]) { [$0[0].gathered(axis: 1, [3, 3]).square()] },
        DerivativeRow("scatterAdd", [normalDoubles([3, 2])]) {
            [$0[0].scatteredAdd(axis: 0, [1, 4, 1], count: 5).square()]
        },
        DerivativeRow("gather, scatterAdd, strided", [normalDoubles([3, 4])]) {
            let x = $0[0].transposed()
            return [x.gathered(axis: 0, [3, 0]).exp(), x.scatteredAdd(axis: 1, [0, 1, 0], count: 2).exp()]
        },
        DerivativeRow("gather, scatterAdd, empty", [normalDoubles([3, 0])]) {
            let x = $0[0]
            return [
                x.gathered(axis: 0, [2, 2]), x.gathered(axis: 0, []), x.scatteredAdd(axis: 0, [0, 1, 0], count: 4),
            ]
        },
        DerivativeRow("gather, scatterAdd, large", [normalDoubles([700, 101])]) {
            let indices = (0..<700).map { Int32($0 * 13 % 350) }
            return [$0[0].gathered(axis: 0, indices).exp(), $0[0].scatteredAdd(axis: 0, indices, count: 350).square()]
        },
    ]

    static let packingRows: [DerivativeRow] = [
        DerivativeRow("unpack", [normalDoubles([2, 7])]) {
            let parts = $0[0].unpacked([PackedSlot(offset: 0, shape: [2, 2]), PackedSlot(offset: 4, shape: [3])])
            return [parts[0].square(), parts[1].exp()]
        },
        DerivativeRow("pack", [normalDoubles([2, 2, 2]), normalDoubles([2, 3], index: 1)]) {
            [Tensor.packed($0, [PackedSlot(offset: 0, shape: [2, 2]), PackedSlot(offset: 4, shape: [3])]).square()]
        },
        DerivativeRow("unpack, strided", [normalDoubles([7, 2])]) {
            let slots = [PackedSlot(offset: 3, shape: [4]), PackedSlot(offset: 0, shape: [3])]
            let parts = $0[0].transposed().unpacked(slots)
            return [parts[0].square(), parts[1].exp()]
        },
        DerivativeRow("pack, unpack, empty batch", [normalDoubles([0, 7])]) {
            let slots = [PackedSlot(offset: 0, shape: [2, 2]), PackedSlot(offset: 4, shape: [3])]
            return [Tensor.packed($0[0].unpacked(slots), slots).square()]
        },
        DerivativeRow("pack, unpack, large", [normalDoubles([9, 8000])]) {
            let slots = [PackedSlot(offset: 0, shape: [60, 100]), PackedSlot(offset: 6000, shape: [2000])]
            let parts = $0[0].unpacked(slots)
            return [Tensor.packed([parts[0].exp(), parts[1].square()], slots)]
        },
    ]
}
