import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Layers")
struct LayerTests {
    @Test(
        "a linear layer finds its weights in the flat vector",
        arguments: try TorchCase.family("linear", where: { $0.hasSuffix("bias") }))
    func linearLayer(_ expected: TorchCase) throws {
        let weight = try expected.input("weight")
        let bias = expected.inputs["bias"] ?? .zeros([weight.shape[0]], precision: .double)
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("before", shape: [3], role: .bias)
        let layer = Linear("fc", in: weight.shape[1], out: weight.shape[0], layout: &builder)
        let flat = Tensor.concatenate([normalDoubles([3]), weight.reshaped([-1]), bias], axis: 0)
        let layout = builder.layout()
        #expect(layout.slots.map(\.name) == ["before", "fc.weight", "fc.bias"])
        let output = layer(Parameters(layout: layout, flat: flat), try expected.input("x"))
        #expect(relativeDifference(output, try expected.output()) < 1e-10)
    }

    @Test(
        "a layer norm layer",
        arguments: try TorchCase.family("layernorm", where: { $0 == "layernorm affine" || $0 == "layernorm large eps" })
    )
    func layerNorm(_ expected: TorchCase) throws {
        let (weight, bias) = (try expected.input("weight"), try expected.input("bias"))
        var builder = ParameterLayout.Builder()
        let layer = LayerNorm("norm", width: weight.count, epsilon: try expected.option("eps").double, layout: &builder)
        let parameters = Parameters(layout: builder.layout(), flat: .concatenate([weight, bias], axis: 0))
        #expect(relativeDifference(layer(parameters, try expected.input("x")), try expected.output()) < 1e-10)
        #expect(builder.layout().slots.map(\.role) == [.scale, .shift])
    }

    @Test("dropout zeroes a share of the elements and keeps the mean", arguments: [0.1, 0.5, 0.9])
    func dropout(_ probability: Double) {
        let n = 100_000
        let x = Tensor.full([n], 2)
        var stream = Optional(RandomStream(seed: 1, purpose: "dropout"))
        let y = Dropout(probability)(x, &stream).doubles
        let kept = y.filter { $0 != 0 }
        let spread = (Double(n) * probability * (1 - probability)).squareRoot()
        #expect(abs(Double(n - kept.count) - probability * Double(n)) < 5 * spread)
        #expect(kept.allSatisfy { abs($0 - 2 / (1 - probability)) < 1e-5 })
        let again = Dropout(probability)(x, &stream).doubles
        #expect(again != y, "the stream has moved on")
        let slope = gradient(at: x) { x in
            var same = Optional(RandomStream(seed: 1, purpose: "dropout"))
            return Dropout(probability)(x, &same).sum()
        }.gradient.doubles
        #expect(zip(slope, y).allSatisfy { ($0 == 0) == ($1 == 0) }, "the gradient has the same mask")
    }

    @Test("without a stream, or at probability 0, dropout does nothing")
    func evaluation() {
        let x = normalDoubles([50])
        var none: RandomStream?
        var some = Optional(RandomStream(seed: 1, purpose: "dropout"))
        #expect(Dropout(0.5)(x, &none).doubles == x.doubles && Dropout(0)(x, &some).doubles == x.doubles)
    }
}
