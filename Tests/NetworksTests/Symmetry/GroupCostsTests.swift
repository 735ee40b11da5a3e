import Tensors
import Testing

@testable import Networks

@Suite("A group's costs, brought along as other groups move")
struct GroupCostsTests {
    static let architectures: [Architecture] = [
        .mlp(.init(widths: [12, 20, 24, 5])),
        .mlp(.init(widths: [10, 16, 12, 12, 3], activation: .tanh, norm: .batch)),
        .cnn(ZooCNN.Config(size: .small)),
        .resnet(.init(depth: 20, width: 4)),
    ]

    private static func network(_ layout: ParameterLayout, _ seed: UInt64) -> [Float] {
        var stream = RandomStream(seed: seed, purpose: "test.group.costs")
        return stream.normal([layout.count]).floats
    }

    /// The largest difference of two cost matrices beside the largest cost.
    private func difference(_ a: [Float], _ b: [Float]) -> Float {
        let largest = b.reduce(0) { max($0, abs($1)) }
        return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } / max(largest, 1e-30)
    }

    @Test("as formed anew, whether few units or all of them moved or were flipped", arguments: architectures)
    func asFormedAnew(_ architecture: Architecture) throws {
        let layout = architecture.layout
        let problem = try WeightMatching(reference: Self.network(layout, 0), layout: layout, product: .blas)
        let network = Self.network(layout, 1)
        var generator = SplitMix(seed: 8, index: 0)
        var element = SymmetryElement.identity(layout)
        var scratch = MatchingScratch()
        let kept = layout.groups.indices.map { group in
            GroupCosts(problem, group: group, places: Array(problem.spec.places[group].indices))
        }
        for step in 0..<40 {
            var (permutations, scales) = (element.permutations, element.scales)
            for (group, size) in layout.groups.map(\.size).enumerated() {
                if step % 10 == 9 {
                    permutations[group] = generator.permutation(size)
                } else if step % 3 != 2 {
                    permutations[group].swapAt(generator.integer(below: size), generator.integer(below: size))
                }
                guard layout.groups[group].scaling == .sign else { continue }
                var signs = scales[group] ?? Array(repeating: 1, count: size)
                signs[generator.integer(below: size)] *= -1
                scales[group] = signs
            }
            element = SymmetryElement(permutations: permutations, scales: scales)
            for (group, costs) in kept.enumerated() {
                costs.update(to: element, network: network, &scratch)
                let anew = GroupCosts(problem, group: group, places: Array(problem.spec.places[group].indices))
                anew.update(to: element, network: network, &scratch)
                #expect(difference(costs.values, anew.values) < 1e-5, "\(layout.groups[group].name), step \(step)")
            }
        }
    }

    @Test("the definition: reference slices times network slices, summed over places")
    func definition() throws {
        let layout = MLP(.init(widths: [3, 5, 4, 2])).layout
        let (reference, network) = (Self.network(layout, 2), Self.network(layout, 3))
        let problem = try WeightMatching(reference: reference, layout: layout)
        var generator = SplitMix(seed: 9, index: 0)
        let element = SymmetryElement(permutations: [Array(0..<5), generator.permutation(4)])
        let costs = GroupCosts(problem, group: 0, places: Array(problem.spec.places[0].indices))
        var scratch = MatchingScratch()
        costs.update(to: element, network: network, &scratch)
        func slot(_ name: String) -> Int { layout.slots.first { $0.name == name }?.offset ?? 0 }
        let (first, bias, second) = (slot("layers.0.weight"), slot("layers.0.bias"), slot("layers.1.weight"))
        for i in 0..<5 {
            for j in 0..<5 {
                var sum = Double(reference[bias + i]) * Double(network[bias + j])
                for k in 0..<3 { sum += Double(reference[first + i * 3 + k]) * Double(network[first + j * 3 + k]) }
                for (k, moved) in element.permutations[1].enumerated() {
                    sum += Double(reference[second + k * 5 + i]) * Double(network[second + moved * 5 + j])
                }
                #expect(abs(Double(costs.values[i * 5 + j]) - sum) < 1e-5)
            }
        }
    }

    @Test("alignments do not depend on the number of threads")
    func threads() throws {
        let layout = MLP(.init(widths: [40, 300, 280, 4])).layout
        let matching = try WeightMatching(reference: Self.network(layout, 4), layout: layout, product: .blas)
        let threads = Threads.count
        defer { Threads.count = threads }
        let found = try [1, 2, 4].map { count in
            Threads.count = count
            return try matching.align(Self.network(layout, 5))
        }
        #expect(found[0].converged && found[0].sweeps > 3 && found[1] == found[0] && found[2] == found[0])
    }
}
