import TestSupport

@testable import Tensors

extension Primitive {
    static let attentionRows: [DerivativeRow] = [
        attentionRow("attention", [2, 3, 4], [2, 5, 4], [2, 5, 3]) { scaledDotProductAttention($0[0], $0[1], $0[2]) },
        attentionRow("attention, plain", [2, 3, 4], [2, 5, 4], [2, 5, 3]) {
            scaledDotProductAttention($0[0], $0[1], $0[2], scale: 0.4, form: .plain)
        },
        attentionRow("attention, broadcast", [2, 1, 3, 4], [3, 5, 4], [5, 2]) {
            scaledDotProductAttention($0[0], $0[1], $0[2])
        },
        attentionRow("attention, causal, more keys", [3, 4], [5, 4], [5, 2]) {
            scaledDotProductAttention($0[0], $0[1], $0[2], mask: .causal)
        },
        attentionRow("attention, a query without keys", [3, 4], [2, 4], [2, 2]) {
            let numbers = [1, 0, 0, 0, 1, 1.0]
            let keys = Tensor(numbers, shape: [3, 2], precision: $0[0].precision, on: $0[0].backend)
            return scaledDotProductAttention($0[0], $0[1], $0[2], mask: .keeping(keys), scale: 0.7)
        },
        DerivativeRow(
            "attention, additive mask",
            [normalDoubles([2, 3, 4]), normalDoubles([5, 4], index: 1), normalDoubles([3, 5], index: 2)]
        ) { [scaledDotProductAttention($0[0], $0[1], $0[1], mask: .additive($0[2]))] },
        DerivativeRow("attention, interleaved heads", [normalDoubles([2, 5, 12])]) { inputs in
            let slots = (0..<3).map { PackedSlot(offset: 4 * $0, shape: [2, 2]) }
            let heads = inputs[0].unpacked(slots).map { $0.permuted([0, 2, 1, 3]) }
            return [scaledDotProductAttention(heads[0], heads[1], heads[2], mask: .causal)]
        },
        DerivativeRow("attention, whole heads", [normalDoubles([2, 5, 48])]) { inputs in
            let slots = (0..<3).map { PackedSlot(offset: 16 * $0, shape: [2, 8]) }
            let heads = inputs[0].unpacked(slots).map { $0.permuted([0, 2, 1, 3]) }
            return [scaledDotProductAttention(heads[0], heads[1], heads[2])]
        },
        DerivativeRow("attention, columns", [normalDoubles([3, 4, 6])]) { inputs in
            let x = inputs[0].transposed()
            return [scaledDotProductAttention(x, x, x)]
        },
        attentionRow("attention, empty batch", [0, 3, 4], [0, 5, 4], [0, 5, 3]) {
            scaledDotProductAttention($0[0], $0[1], $0[2])
        },
        attentionRow("attention, no queries", [2, 0, 4], [2, 5, 4], [2, 5, 3]) {
            scaledDotProductAttention($0[0], $0[1], $0[2])
        },
        attentionRow("attention, large", [2, 150, 40], [2, 140, 40], [2, 140, 50]) {
            scaledDotProductAttention($0[0], $0[1], $0[2], mask: .causal)
        },
    ]

    private static func attentionRow(
        _ name: String, _ q: Shape, _ k: Shape, _ v: Shape, _ function: @escaping @Sendable ([Tensor]) -> Tensor
    ) -> DerivativeRow {
        DerivativeRow(name, [normalDoubles(q), normalDoubles(k, index: 1), normalDoubles(v, index: 2)]) {
            [function($0)]
        }
    }
}
