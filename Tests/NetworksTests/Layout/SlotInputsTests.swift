import TestSupport
import Tensors
import Testing

@testable import Networks

@Suite("What weights read")
struct SlotInputsTests {
    @Test("an MLP's second layer reads its hidden units, its first nothing that has a group")
    func hidden() throws {
        let network = MLP(.init(widths: [3, 4, 2])), layout = network.layout
        let weights = Initialization.pytorch.population(layout, seeds: [1, 2])
        let x = Tensor((0..<15).map { Float($0) / 7 - 1 }, shape: [5, 3])
        let noted = SlotInputs()
        let parameters = Parameters(layout: layout, flat: weights, noting: noted)
        _ = network(parameters, x)
        #expect(noted[layout.slots[0]] == nil && noted[layout.slots[1]] == nil)
        let input = try #require(noted[layout.slots[2]])
        let hidden = linear(x, weight: parameters[layout.slots[0]], bias: parameters[layout.slots[1]]).relu()
        #expect(input.values.shape == [2, 5, 4] && input.channelsFromEnd == 1)
        #expect(input.values.floats == hidden.floats)
    }

    @Test(
        "every slot that reads a group is noted with as many channels, and outputs stay as they are",
        arguments: [
            Architecture.mlp(.init(widths: [4, 5, 6, 2], activation: .tanh, norm: .batch)),
            .cnn(.init(size: .small)), .cnn(.init(size: .large)),
            .resnet(.init(depth: 20, image: ImageExtent(channels: 1, height: 8, width: 8), width: 2)),
        ])
    func all(_ architecture: Architecture) throws {
        let layout = architecture.layout, network = architecture.network
        var stream = RandomStream(seed: 1, purpose: "test.noted")
        let x = architecture.input.samples(3, &stream)
        let weights = Initialization.pytorch.population(layout, seeds: [1, 2])
        let buffers = layout.bufferCount == 0 ? nil : Buffers(layout, population: 2)
        let noted = SlotInputs()
        let outputs = network(Parameters(layout: layout, flat: weights, noting: noted), x, buffers)
        #expect(outputs.floats == network(Parameters(layout: layout, flat: weights), x, buffers).floats)
        let readers = layout.slots.filter { $0.shape.count > 1 && $0.axes[1] != nil }
        #expect(readers.count > 1)
        for slot in readers {
            let input = try #require(noted[slot])
            let shape = input.values.shape.array
            #expect(shape[0] == 2 && shape[1] == 3 && shape[shape.count - input.channelsFromEnd] == slot.shape[1])
        }
    }
}
