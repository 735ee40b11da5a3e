import Tensors
import Testing
import TestSupport

@testable import Networks

/// Remembers which layers it saw, in order, and what shapes.
private struct Recorder: LayerObserver {
    var seen: [(name: String, input: Shape, output: Shape)] = []

    mutating func layer(_ weight: Slot, input: Tensor, output: Tensor) {
        seen.append((weight.name, input.shape, output.shape))
    }
}

@Suite("Observing a forward pass")
struct LayerObserverTests {
    @Test("linear and convolution layers are seen, and nothing is changed", arguments: FinishCase.all)
    func order(_ sample: FinishCase) throws {
        let (network, layout) = (sample.network, sample.network.layout)
        let parameters = Parameters(layout: layout, flat: sample.population(2))
        let inputs = sample.rows.inputs.sliced(axis: 0, 0..<4)
        let buffers = layout.bufferCount > 0 ? Buffers(layout, population: 2) : nil
        var pass = ForwardPass.evaluation(buffers)
        pass.observer = Recorder()
        let observed = network(parameters, inputs, &pass)
        #expect(relativeDifference(observed, network(parameters, inputs, buffers)) < 1e-6)
        let seen = try #require(pass.observer as? Recorder).seen
        let weights = layout.slots.filter { $0.role == .weight }
        #expect(Set(seen.map(\.name)) == Set(weights.map(\.name)) && seen.count == weights.count)
        #expect(seen.last?.output == [2, 4, 3] && seen.allSatisfy { $0.output[0] == 2 && $0.output[1] == 4 })
    }

    @Test("of transformers the head alone is seen")
    func transformer() throws {
        let image = ImageExtent(channels: 1, height: 8, width: 8)
        let vit = VisionTransformer(
            .init(image: image, patch: 4, depth: 1, width: 6, heads: 2, hidden: 8, outputs: 3))
        var pass = ForwardPass.evaluation()
        pass.observer = Recorder()
        let weights = Initialization.pytorch.population(vit.layout, seeds: [1, 2])
        _ = vit(Parameters(layout: vit.layout, flat: weights), .zeros([5, 64]), &pass)
        let seen = try #require(pass.observer as? Recorder).seen
        #expect(seen.map(\.name) == ["heads.head.weight"] && seen[0].input == [2, 5, 6])
    }
}
