import Networks
import Tensors
import Testing

@testable import Generation

@Suite("Slots as tokens")
struct SlotTokensTests {
    @Test("every entry goes to its unit and comes back", arguments: neuronNetworks)
    func roundTrip(_ network: NeuronNetwork) throws {
        let tokens = try #require(NeuronTokens(network.layout))
        var stream = RandomStream(seed: 1, purpose: "tokens")
        let x = network.weights(2, &stream)
        let (entries, edges) = tokens.read(x)
        #expect(tokens.write(entries, edges: edges).floats == x.floats)
        let read = (entries.compactMap { $0 } + edges).reduce(0) { $0 + $1.count }
        #expect(read == x.count)
    }

    @Test("units, repeats and blocks are taken apart as a group's action says")
    func places() throws {
        // Axis 0: 2 repeats of 3 units of 2 entries; axis 1: 4 units of 5 entries.
        let slot = Slot(
            name: "w", offset: 0, shape: [12, 20], role: .weight, axes: [0, 1],
            actions: [0: GroupAction(.incoming, repeats: 2, block: 2), 1: GroupAction(.outgoing, block: 5)])
        let tokens = try #require(SlotTokens(slot, index: 0))
        #expect(tokens.groups == [0, 1] && tokens.units == [3, 4] && tokens.features == 20)
        let read = tokens.read(Tensor((0..<240).map(Float.init), shape: [1, 12, 20]))
        #expect(read.shape == [1, 3, 4, 20])
        let values = read.floats
        for unit in 0..<3 {
            for other in 0..<4 {
                var expected: [Float] = []
                for place in 0..<2 {
                    for entry in 0..<2 {
                        for column in 0..<5 {
                            let row = (place * 3 + unit) * 2 + entry
                            expected.append(Float(row * 20 + other * 5 + column))
                        }
                    }
                }
                let start = (unit * 4 + other) * 20
                #expect(Array(values[start..<(start + 20)]) == expected)
            }
        }
    }

    @Test("a unit's token holds its incoming weights, bias and outgoing weights")
    func hiddenUnit() throws {
        let tokens = try #require(NeuronTokens(neuronNetworks[0].layout))
        #expect(tokens.count == 8 && tokens.units[0].features == 5 + 1 + 3 && tokens.globalFeatures == 3)
        #expect(tokens.edges.isEmpty)
        let x = Tensor((0..<66).map(Float.init), shape: [1, 66])
        let unit = try #require(tokens.read(x).tokens[1]).selected(axis: 1, 2).floats
        #expect(unit == [10, 11, 12, 13, 14, 37, 44, 51, 58])
    }

    @Test("weights between hidden layers are edges, and streams one group")
    func edges() throws {
        let mlp = try #require(NeuronTokens(neuronNetworks[1].layout))
        #expect(mlp.edges.map(\.name) == ["layers.1.weight"] && mlp.units.map(\.features) == [6, 4])
        let cnn = try #require(NeuronTokens(neuronNetworks[5].layout))
        #expect(cnn.edges.map(\.slot.features) == [25, 4, 9])
        #expect(cnn.edges.map(\.ends.first) == [1, 2, 3] && cnn.edges.map(\.ends.second) == [0, 1, 2])
    }
}
