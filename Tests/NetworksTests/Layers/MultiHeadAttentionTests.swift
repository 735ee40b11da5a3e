import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Multi-head attention")
struct MultiHeadAttentionTests {
    private static func layer(
        width: Int, heads: Int, dropout: Double = 0, form: AttentionForm = .fused
    ) -> (MultiHeadAttention, ParameterLayout) {
        var builder = ParameterLayout.Builder()
        let layer = MultiHeadAttention(
            "", width: width, heads: heads, dropout: dropout, form: form, layout: &builder)
        return (layer, builder.layout())
    }

    @Test(
        "values and gradients are PyTorch's",
        arguments: try TorchCase.family("attention", where: { $0.contains("self-") || $0.hasPrefix("cross") }),
        AttentionForm.allCases)
    func torch(_ expected: TorchCase, _ form: AttentionForm) throws {
        let x = try expected.input("x")
        let (layer, layout) = Self.layer(width: x.shape[2], heads: try expected.option("heads").int, form: form)
        let names = layout.slots.map(\.name), isCrossed = expected.inputs["memory"] != nil
        let comparison = try TorchComparison(expected, names + ["x"] + (isCrossed ? ["memory"] : [])) { inputs in
            let parameters = Parameters(
                layout: layout, flat: .concatenate(inputs.prefix(4).map { $0.reshaped([-1]) }, axis: 0))
            if isCrossed { return layer(parameters, query: inputs[4], memory: inputs[5]) }
            guard let kept = expected.inputs["mask"]?.converted(to: inputs[0].precision) else {
                return layer(parameters, inputs[4], mask: expected.options["causal"]?.isTrue == true ? .causal : nil)
            }
            return layer(parameters, inputs[4], mask: .keeping(kept.reshaped([kept.shape[0], 1, 1, kept.shape[1]])))
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("so are the weights", arguments: try TorchCase.family("attention", where: { $0.hasPrefix("self-") }))
    func weights(_ expected: TorchCase) throws {
        guard let target = expected.outputs["attention"] else { return }
        let x = try expected.input("x")
        let (layer, layout) = Self.layer(width: x.shape[2], heads: try expected.option("heads").int)
        let flat = try Tensor.concatenate(layout.slots.map { try expected.input($0.name).reshaped([-1]) }, axis: 0)
        let mask: AttentionMask? = expected.options["causal"]?.isTrue == true ? .causal : nil
        let found = layer.weights(Parameters(layout: layout, flat: flat), x, mask: mask)
        #expect(relativeDifference(found, target) < 1e-10)
    }

    @Test("a population equals the loop over its networks", arguments: AttentionForm.allCases, [true, false])
    func population(_ form: AttentionForm, _ isShared: Bool) {
        let (layer, layout) = Self.layer(width: 12, heads: 3, form: form)
        let flat = normalDoubles([4, layout.count]).converted(to: .single) * 0.5
        let x = normalDoubles(isShared ? [2, 5, 12] : [4, 2, 5, 12], index: 1).converted(to: .single)
        let memory = normalDoubles(isShared ? [2, 7, 12] : [4, 2, 7, 12], index: 2).converted(to: .single)
        let kept = Tensor([Float(1), 1, 1, 1, 0, 1, 1, 0, 0, 0], shape: [2, 1, 1, 5])
        func outputs(_ p: Parameters, _ x: Tensor, _ memory: Tensor) -> [Tensor] {
            [
                layer(p, x), layer(p, x, mask: .keeping(kept)), layer(p, query: x, memory: memory),
                layer(p, query: x, memory: memory, mask: .causal), layer.weights(p, x),
            ]
        }
        let all = outputs(Parameters(layout: layout, flat: flat), x, memory)
        for network in 0..<4 {
            let own = outputs(
                Parameters(layout: layout, flat: flat.selected(axis: 0, network)),
                isShared ? x : x.selected(axis: 0, network), isShared ? memory : memory.selected(axis: 0, network))
            for (one, other) in zip(all, own) {
                #expect(relativeDifference(one.selected(axis: 0, network), other) < 1e-5)
            }
        }
    }

    @Test("a population's gradients are those of its networks", arguments: [true, false])
    func populationGradients(_ isCrossed: Bool) {
        let (layer, layout) = Self.layer(width: 8, heads: 2)
        let (flat, x) = (normalDoubles([3, layout.count]) * 0.5, normalDoubles([3, 2, 5, 8], index: 1))
        func slopes(_ flat: Tensor, _ x: Tensor) -> [Tensor] {
            pullback(at: [flat, x]) {
                let p = Parameters(layout: layout, flat: $0[0])
                return [(isCrossed ? layer(p, query: $0[1], memory: $0[1].square()) : layer(p, $0[1])).square().sum()]
            }.pull([Tensor(1, precision: .double)])
        }
        let all = slopes(flat, x)
        for network in 0..<3 {
            let own = slopes(flat.selected(axis: 0, network), x.selected(axis: 0, network))
            #expect(zip(all, own).allSatisfy { relativeDifference($0.selected(axis: 0, network), $1) < 1e-12 })
        }
    }

    @Test("tokens change places with their inputs")
    func equivariance() {
        let (layer, layout) = Self.layer(width: 6, heads: 2)
        let p = Parameters(layout: layout, flat: normalDoubles([layout.count]))
        let x = normalDoubles([2, 4, 6], index: 1), order: [Int32] = [2, 0, 3, 1]
        let mixed = layer(p, x.gathered(axis: 1, order))
        #expect(relativeDifference(mixed, layer(p, x).gathered(axis: 1, order)) < 1e-12)
    }

    @Test("dropout of weights needs a stream, and keeps the mean")
    func dropout() {
        let (layer, layout) = Self.layer(width: 4, heads: 2, dropout: 0.25)
        let p = Parameters(layout: layout, flat: normalDoubles([layout.count]).converted(to: .single))
        let x = normalDoubles([1, 6, 4], index: 1).converted(to: .single)
        var stream = Optional(RandomStream(seed: 1, purpose: "dropout"))
        let repeated = x.broadcast(to: [4000, 6, 4])
        let drawn = layer(p, repeated, mask: nil, stream: &stream)
        let still = layer(p, x)
        let first = drawn.sliced(axis: 0, 0..<1)
        #expect(relativeDifference(first, still) > 1e-3, "dropped")
        #expect(relativeDifference(drawn.mean(axes: [0], keepingDims: true), still) < 0.05)
    }

    @Test("an empty batch, and names with a prefix")
    func emptyAndNames() {
        var builder = ParameterLayout.Builder()
        let layer = MultiHeadAttention("blocks.0.self_attn", width: 4, heads: 2, layout: &builder)
        let layout = builder.layout()
        let names = ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"]
        #expect(layout.slots.map(\.name) == names.map { "blocks.0.self_attn." + $0 })
        #expect(layout.slots.map(\.shape) == [[12, 4], [12], [4, 4], [4]])
        let y = layer(Parameters(layout: layout, flat: normalDoubles([layout.count])), normalDoubles([0, 3, 4]))
        #expect(y.shape == [0, 3, 4])
    }
}
