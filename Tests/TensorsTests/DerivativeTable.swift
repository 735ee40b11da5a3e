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
    /// The rows of the table. A primitive without a case here does not compile; `all` says which are run.
    func rows() -> [DerivativeRow] {
        switch self {
        case .leaf: [DerivativeRow("leaf", [normalDoubles([3])]) { $0 }]
        case .unary: Self.unaryRows
        case .affine: [DerivativeRow("affine", [normalDoubles([2, 3])]) { [$0[0].scaled(by: -1.7, plus: 0.3)] }]
        case .binary: Self.binaryRows
        case .matmul: Self.matmulRows
        case .linear: Self.linearRows
        case .sum: Self.sumRows
        case .maxLast: [DerivativeRow("maxLast", [normalDoubles([4, 5])]) { [$0[0].maxLast().square()] }]
        case .logSoftmax: [DerivativeRow("logSoftmax", [normalDoubles([3, 5])]) { [$0[0].logSoftmax()] }]
        case .layerNorm: Self.layerNormRows
        case .broadcast, .reshape, .permute, .slice, .pad, .concatenate: Self.movementRows
        case .gather, .scatterAdd: Self.indexingRows
        case .unpack, .pack: Self.packingRows
        case .convolution: Self.convolutionRows
        case .take, .put: Self.placesRows
        }
    }

    /// One value of each case, so that the table visits all.
    static let all: [Primitive] = [
        .leaf, .unary(CK_EXP), .affine(scale: 1, offset: 0), .binary(CK_ADD),
        .matmul(transposeA: false, transposeB: false),
        .linear, .sum(axes: []), .maxLast, .logSoftmax, .layerNorm(epsilon: 1e-5), .broadcast,
        .gather(axis: 0, indices: []), .unpack([]),
        .convolution(ConvolutionGeometry(convolution: Convolution(), input: 1, kernel: 1), .output),
        .take(Places([], shape: [0]))
    ]

    private static let positive: @Sendable () -> Tensor = { normalDoubles([7]).square() + 0.5 }

    private static let unaryRows: [DerivativeRow] = [
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
        DerivativeRow("exp, strided", [normalDoubles([3, 4])]) { [$0[0].transposed().exp()] },
        DerivativeRow("exp, empty", [normalDoubles([0, 4])]) { [$0[0].exp()] },
        DerivativeRow("exp, large", [normalDoubles([300, 300]) * 0.1]) { [$0[0].exp()] }
    ]

    private static let binaryRows: [DerivativeRow] = [
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
        }
    ]

    private static let matmulRows: [DerivativeRow] =
        [(false, false), (true, false), (false, true), (true, true)].map { ta, tb in
            DerivativeRow(
                "matmul \(ta) \(tb)",
                [normalDoubles(ta ? [2, 4, 3] : [2, 3, 4]), normalDoubles(tb ? [5, 4] : [4, 5], index: 1)]
            ) { [Tensors.matmul($0[0], $0[1], transposeA: ta, transposeB: tb)] }
        } + [
            DerivativeRow("matmul, empty", [normalDoubles([2, 0]), normalDoubles([0, 3], index: 1)]) {
                [Tensors.matmul($0[0], $0[1])]
            },
            DerivativeRow("matmul, large", [normalDoubles([70, 300]), normalDoubles([300, 600], index: 1)]) {
                [Tensors.matmul($0[0], $0[1]) * 0.05]
            }
        ]

    private static let linearRows: [DerivativeRow] = [
        DerivativeRow("linear", [normalDoubles([3, 4]), normalDoubles([2, 4], index: 1), normalDoubles([2], index: 2)])
        {
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
        ) { [Tensors.linear($0[0], weight: $0[1], bias: $0[2])] }
    ]

    private static let sumRows: [DerivativeRow] = [[0], [1], [2], [0, 2], [0, 1, 2], [1, 2]].map { (axes: [Int]) in
        DerivativeRow("sum \(axes)", [normalDoubles([2, 3, 4])]) { [$0[0].sum(axes: axes).square()] }
    }

    private static let layerNormRows: [DerivativeRow] = [
        DerivativeRow("layerNorm", [normalDoubles([3, 6]), normalDoubles([6], index: 1), normalDoubles([6], index: 2)])
        {
            [$0[0].layerNormalized(scale: $0[1], shift: $0[2])]
        },
        DerivativeRow(
            "layerNorm, population",
            [normalDoubles([2, 3, 6]), normalDoubles([2, 6], index: 1), normalDoubles([2, 6], index: 2)]
        ) { [$0[0].layerNormalized(scale: $0[1], shift: $0[2])] }
    ]

    private static let movementRows: [DerivativeRow] = [
        DerivativeRow("broadcast", [normalDoubles([3, 1])]) { [$0[0].broadcast(to: [2, 3, 4]).square()] },
        DerivativeRow("reshape", [normalDoubles([2, 6])]) { [$0[0].reshaped([3, -1]).square()] },
        DerivativeRow("permute", [normalDoubles([2, 3, 4])]) { [$0[0].permuted([2, 0, 1]).exp()] },
        DerivativeRow("slice", [normalDoubles([3, 5])]) { [$0[0].sliced(axis: 1, 1..<4).square()] },
        DerivativeRow("pad", [normalDoubles([3, 2])]) { [$0[0].padded(axis: 0, before: 2, after: 1).square()] },
        DerivativeRow("concatenate", [normalDoubles([2, 3]), normalDoubles([2, 1], index: 1)]) {
            [Tensor.concatenate($0, axis: -1).square()]
        }
    ]

    private static let indexingRows: [DerivativeRow] = [
        DerivativeRow("gather", [normalDoubles([4, 3])]) { [$0[0].gathered(axis: 0, [2, 0, 2]).square()] },
        DerivativeRow("gather, inner", [normalDoubles([2, 4, 3])]) { [$0[0].gathered(axis: 1, [3, 3]).square()] },
        DerivativeRow("scatterAdd", [normalDoubles([3, 2])]) {
            [$0[0].scatteredAdd(axis: 0, [1, 4, 1], count: 5).square()]
        }
    ]

    private static let packingRows: [DerivativeRow] = [
        DerivativeRow("unpack", [normalDoubles([2, 7])]) {
            let parts = $0[0].unpacked([PackedSlot(offset: 0, shape: [2, 2]), PackedSlot(offset: 4, shape: [3])])
            return [parts[0].square(), parts[1].exp()]
        },
        DerivativeRow("pack", [normalDoubles([2, 2, 2]), normalDoubles([2, 3], index: 1)]) {
            [Tensor.packed($0, [PackedSlot(offset: 0, shape: [2, 2]), PackedSlot(offset: 4, shape: [3])]).square()]
        }
    ]
}
