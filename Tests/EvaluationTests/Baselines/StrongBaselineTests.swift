import Networks
import Tensors
import Testing

@testable import Evaluation

/// Baselines that know where units lie, and what statistics they have.
@Suite("Baselines made as well as an opponent would make them")
struct StrongBaselineTests {
    private static let network = MLP(.init(widths: [3, 4, 5, 2]))
    private static let zoo = Initialization.pytorch.population(network.layout, seeds: (0..<9).map { $0 })

    private static func source(_ balanced: Tensor? = nil, nearest: [Int] = []) throws -> BaselineSource {
        var source = BaselineSource(weights: zoo, codes: zoo, seed: 3, nearest: nearest)
        source.balanced = balanced ?? zoo
        source.layout = network.layout
        var stream = RandomStream(seed: 1, purpose: "test.rows")
        source.repair = try AverageRepair(network, zoo: source.balanced, inputs: stream.normal([50, 3]))
        return source
    }

    @Test("averages are of balanced weights, and repaired ones of the same draws")
    func averages() throws {
        let balanced = Self.zoo * 2
        let source = try Self.source(balanced)
        guard case .averages(let plain, let members) = Baseline.average(of: 3).members(of: source, count: 6),
            case .averages(let repaired, let same) = Baseline.repairedAverage(of: 3).members(of: source, count: 6)
        else {
            Issue.record("averages say what they were made of")
            return
        }
        #expect(members == same && members.allSatisfy { Set($0.rows).count == 3 })
        for (index, drawn) in members.enumerated() {
            let moved = zip(drawn.rows, drawn.elements).flatMap { row, element in
                element.apply(to: balanced.selected(axis: 0, row).floats, layout: Self.network.layout)
            }
            let mean = Tensor(moved, shape: [3, balanced.shape[1]]).mean(axes: [0])
            let gap = (plain.selected(axis: 0, index) - mean).abs().doubles.max() ?? .nan
            #expect(gap < 1e-6 && drawn.elements.first?.isIdentity == true)
        }
        #expect(repaired.floats == source.repair?(plain, of: members).floats && repaired.floats != plain.floats)
    }

    @Test("units are matched to the first member's, whatever order they have in the zoo")
    func order() throws {
        let layout = Self.network.layout
        var stream = RandomStream(seed: 6, purpose: "test.order")
        let rows = (0..<9).flatMap { _ in
            SymmetryElement.random(layout, permutation: { stream.permutation($0) })
                .apply(to: Self.zoo.selected(axis: 0, 0).floats, layout: layout)
        }
        let copies = Tensor(rows, shape: Self.zoo.shape)
        let source = try Self.source(copies)
        guard case .averages(let plain, let members) = Baseline.average(of: 4).members(of: source, count: 5),
            case .averages(let repaired, _) = Baseline.repairedAverage(of: 4).members(of: source, count: 5)
        else {
            Issue.record("averages say what they were made of")
            return
        }
        for (index, drawn) in members.enumerated() {
            let first = copies.selected(axis: 0, drawn.rows[0])
            for made in [plain, repaired] {
                let gap = (made.selected(axis: 0, index) - first).abs().doubles.max() ?? .nan
                #expect(gap < 1e-4, "copies of one network in other orders have it as their average")
            }
        }
    }

    /// A unit whatever the order of the units that it reads: its bias and its sorted weights.
    private static func unit(_ rows: Tensor, _ row: Int, _ slot: Int, _ unit: Int) -> [Float] {
        let (slot, bias) = (network.layout.slots[slot], network.layout.slots[slot + 1])
        let values = rows.selected(axis: 0, row).floats
        let width = slot.shape[1]
        return [values[bias.offset + unit]]
            + values[(slot.offset + unit * width)..<(slot.offset + (unit + 1) * width)].sorted()
    }

    @Test("every recombined unit is one network's: its weights and bias, and what reads it in the last layer")
    func recombined() throws {
        guard case .weights(let made) = Baseline.recombined(from: 4).members(of: try Self.source(), count: 5) else {
            Issue.record("recombined units are weights")
            return
        }
        let last = Self.network.layout.slots[4]
        for member in 0..<5 {
            var owners: Set<Int> = []
            for (slot, units) in [(0, 4), (2, 5)] {
                for index in 0..<units {
                    let own = Self.unit(made, member, slot, index)
                    let found = (0..<9).flatMap { network in
                        (0..<units).filter { Self.unit(Self.zoo, network, slot, $0) == own }.map { (network, $0) }
                    }
                    #expect(found.count == 1, "unit \(index) of layer \(slot) is one network's")
                    guard let (owner, source) = found.first else { continue }
                    owners.insert(owner)
                    for row in 0..<2 where slot == 2 {
                        let place = last.offset + row * 5
                        #expect(
                            made.selected(axis: 0, member).floats[place + index]
                                == Self.zoo.selected(axis: 0, owner).floats[place + source])
                    }
                }
            }
            #expect(owners.count > 1 && owners.count <= 4)
        }
    }

    @Test("fresh initialisation has nothing of the zoo: biases of zero, weights within He et al.'s bound")
    func initialization() throws {
        guard case .weights(let made) = Baseline.initialization.members(of: try Self.source(), count: 3) else {
            Issue.record("fresh networks are weights")
            return
        }
        #expect(made.shape == [3, Self.network.layout.count])
        for network in 0..<3 {
            let row = made.selected(axis: 0, network).floats
            for slot in Self.network.layout.slots {
                let bound: Float = slot.role == .bias ? 0 : (6 / Float(slot.shape[1])).squareRoot()
                #expect(row[slot.range].allSatisfy { abs($0) <= bound })
            }
        }
    }

    @Test("retrieval and noise: the nearest zoo networks, disguised, as many as were looked up")
    func retrieval() throws {
        let source = try Self.source(nearest: [4, 0, 4])
        guard case .weights(let made) = Baseline.retrievalNoise(sigma: 0.01).members(of: source, count: 5),
            case .weights(let few) = Baseline.retrievalNoise(sigma: 0.01).members(of: source, count: 2)
        else {
            Issue.record("noise is added to weights")
            return
        }
        #expect(made.shape[0] == 3 && few.floats == made.sliced(axis: 0, 0..<2).floats)
        #expect(DistanceMatrix(from: made, to: Self.zoo).nearestToRows().map(\.index) == [4, 0, 4])
        #expect(made.selected(axis: 0, 0).floats != made.selected(axis: 0, 2).floats)
    }
}
