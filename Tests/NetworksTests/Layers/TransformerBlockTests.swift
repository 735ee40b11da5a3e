import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Transformer block")
struct TransformerBlockTests {
    private static func block(
        _ config: TransformerBlock.Config, form: AttentionForm = .fused
    ) -> (TransformerBlock, ParameterLayout) {
        var builder = ParameterLayout.Builder()
        let block = TransformerBlock("", config, form: form, layout: &builder)
        return (block, builder.layout())
    }

    @Test(
        "values and gradients are PyTorch's",
        arguments: try TorchCase.family("attention", where: { $0.hasPrefix("encoder") }), AttentionForm.allCases)
    func torch(_ expected: TorchCase, _ form: AttentionForm) throws {
        let config = TransformerBlock.Config(
            width: try expected.input("x").shape[2], heads: try expected.option("heads").int,
            hidden: try expected.option("hidden").int, activation: expected.name.hasSuffix("relu") ? .relu : .gelu,
            normOrder: try expected.option("normFirst").isTrue ? .first : .last,
            epsilon: try expected.option("eps").double)
        let (block, layout) = Self.block(config, form: form)
        let names = layout.slots.map(\.name)
        let mask: AttentionMask? = expected.options["causal"]?.isTrue == true ? .causal : nil
        let comparison = try TorchComparison(expected, names + ["x"]) { inputs in
            let flat = Tensor.concatenate(inputs.dropLast().map { $0.reshaped([-1]) }, axis: 0)
            return block(Parameters(layout: layout, flat: flat), inputs[names.count], mask: mask)
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test(
        "a population equals the loop over its networks", arguments: TransformerBlock.NormOrder.allCases,
        [true, false])
    func population(_ order: TransformerBlock.NormOrder, _ isShared: Bool) {
        let (block, layout) = Self.block(.init(width: 8, heads: 2, normOrder: order))
        let flat = normalDoubles([3, layout.count]).converted(to: .single) * 0.5
        let x = normalDoubles(isShared ? [2, 5, 8] : [3, 2, 5, 8], index: 1).converted(to: .single)
        func slope(_ flat: Tensor, _ x: Tensor) -> [Tensor] {
            let (values, pull) = pullback(at: flat) { block(Parameters(layout: layout, flat: $0), x) }
            return [values, pull(values)]
        }
        let all = slope(flat, x)
        #expect(all[0].shape == [3, 2, 5, 8])
        for network in 0..<3 {
            let own = slope(flat.selected(axis: 0, network), isShared ? x : x.selected(axis: 0, network))
            for (one, other) in zip(all, own) {
                #expect(relativeDifference(one.selected(axis: 0, network), other) < 1e-5)
            }
        }
    }

    @Test("heads and hidden units form groups: reordering them changes nothing")
    func symmetry() throws {
        let (block, layout) = Self.block(.init(width: 6, heads: 3, hidden: 5))
        #expect(layout.groups.map(\.size) == [3, 5])
        let axes = Dictionary(uniqueKeysWithValues: layout.slots.map { ($0.name, $0.axes) })
        #expect(
            axes["linear1.weight"] == [1, nil] && axes["linear1.bias"] == [1] && axes["linear2.weight"] == [nil, 1])
        #expect(axes["self_attn.in_proj_weight"] == [0, nil] && axes["self_attn.out_proj.weight"] == [nil, 0])
        let row = normalDoubles([layout.count]).floats
        let element = SymmetryElement(permutations: [[2, 0, 1], [3, 1, 4, 0, 2]])
        let moved = element.apply(to: row, layout: layout)
        let x = normalDoubles([2, 3, 6], index: 1)
        func output(_ row: [Float]) -> Tensor {
            block(Parameters(layout: layout, flat: Tensor(row.map { Double($0) }, shape: [layout.count])), x)
        }
        #expect(moved != row && relativeDifference(output(moved), output(row)) < 1e-12)
    }

    @Test("with its last projections at zero, a block with norms first passes its input on")
    func identity() {
        let (block, layout) = Self.block(.init(width: 4, heads: 1, hidden: 6))
        let silent = ["self_attn.out_proj.weight", "self_attn.out_proj.bias", "linear2.weight", "linear2.bias"]
        let parts = layout.slots.map { slot in
            silent.contains(slot.name) ? Tensor.zeros([slot.count], precision: .double) : normalDoubles([slot.count])
        }
        let x = normalDoubles([2, 3, 4], index: 1)
        #expect(block(Parameters(layout: layout, flat: .concatenate(parts, axis: 0)), x).doubles == x.doubles)
    }

    @Test("dropout acts with a stream alone, and the same stream draws the same")
    func dropout() {
        let (block, layout) = Self.block(.init(width: 4, heads: 2, dropout: 0.3))
        let parameters = Parameters(layout: layout, flat: normalDoubles([layout.count]).converted(to: .single))
        let x = normalDoubles([2, 3, 4], index: 1).converted(to: .single)
        func drawn(_ seed: UInt64) -> [Double] {
            var stream = Optional(RandomStream(seed: seed, purpose: "dropout"))
            return block(parameters, x, stream: &stream).doubles
        }
        #expect(drawn(1) == drawn(1) && drawn(1) != drawn(2) && drawn(1) != block(parameters, x).doubles)
    }

    @Test("each branch's output is zeroed at the rate, by every network in its own places")
    func dropoutRate() {
        let (rate, shape) = (0.3, [2, 50, 40] as Shape)
        let (block, layout) = Self.block(.init(width: 40, heads: 1, hidden: 2, dropout: rate))
        // A branch's last bias is 1 and all other weights are 0: it says 1 everywhere, and the other one nothing.
        for name in ["self_attn.out_proj.bias", "linear2.bias"] {
            let row = layout.slots.flatMap { [Float](repeating: $0.name == name ? 1 : 0, count: $0.count) }
            let parameters = Parameters(layout: layout, flat: Tensor(row + row, shape: [2, layout.count]))
            var pass = ForwardPass.training(streams: [1, 2].map { RandomStream(seed: $0, purpose: "dropout") })
            let y = block(parameters, .zeros(shape), pass: &pass)
            let rows = [0, 1].map { y.selected(axis: 0, $0).doubles }
            #expect(rows[0] != rows[1])
            for row in rows {
                let zeros = row.count { $0 == 0 }
                let spread = (Double(row.count) * rate * (1 - rate)).squareRoot()
                #expect(abs(Double(zeros) - rate * Double(row.count)) < 5 * spread, "\(name): \(zeros)")
                #expect(row.allSatisfy { $0 == 0 || abs($0 - 1 / (1 - rate)) < 1e-6 })
            }
        }
    }

    @Test("Hessian products pass through the fused attention")
    func hessian() {
        let (block, layout) = Self.block(.init(width: 4, heads: 2, hidden: 3))
        let (plain, _) = Self.block(.init(width: 4, heads: 2, hidden: 3), form: .plain)
        let (flat, x) = (normalDoubles([layout.count]), normalDoubles([2, 3, 4], index: 1))
        let products = [block, plain].map { block in
            hessianProduct(at: flat, along: normalDoubles([layout.count], seed: 2)) {
                block(Parameters(layout: layout, flat: $0), x).square().sum()
            }
        }
        #expect(relativeDifference(products[0], products[1]) < 1e-11)
    }
}
