import Networks
import Tensors
import Testing

@testable import Generation

@Suite("Orbits of the layout's permutations")
struct ParameterOrbitsTests {
    @Test("they are what random reorderings can bring together", arguments: neuronNetworks)
    func reordered(_ network: NeuronNetwork) {
        let orbits = ParameterOrbits(network.layout)
        // Entries that a reordering exchanges are one set; enough reorderings join all that can be joined.
        var parent = Array(0..<network.layout.count)
        func root(_ entry: Int) -> Int {
            var entry = entry
            while parent[entry] != entry {
                parent[entry] = parent[parent[entry]]
                entry = parent[entry]
            }
            return entry
        }
        var stream = RandomStream(seed: 1, purpose: "orbits")
        for _ in 0..<60 {
            for (to, from) in network.reordering(&stream).places(network.layout).enumerated() {
                parent[root(to)] = root(from)
            }
        }
        var numbers: [Int: Int] = [:]
        let found = parent.indices.map { entry -> Int in
            let own = root(entry)
            if numbers[own] == nil { numbers[own] = numbers.count }
            return numbers[own] ?? -1
        }
        #expect(orbits.indices == found && orbits.count == numbers.count)
    }

    @Test("a hidden layer has one for every input, output and bias")
    func hiddenLayer() {
        #expect(ParameterOrbits(neuronNetworks[0].layout).count == 5 + 1 + 3 + 3)
        #expect(ParameterOrbits(neuronNetworks[1].layout).count == (5 + 1) + (1 + 1) + 3 + 3)
        #expect(ParameterOrbits(neuronNetworks[4].layout).count == 18)
    }

    @Test("a group on both axes keeps the diagonal apart")
    func diagonal() {
        var builder = ParameterLayout.Builder()
        let group = builder.addGroup("g", size: 3, scaling: .none)
        _ = builder.addSlot("square", shape: [3, 3], role: .weight, axes: [group, group])
        #expect(ParameterOrbits(builder.layout()).indices == [0, 1, 1, 1, 0, 1, 1, 1, 0])
    }
}
