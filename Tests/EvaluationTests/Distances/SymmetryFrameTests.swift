import Networks
import Tensors
import Testing

@testable import Evaluation

@Suite struct SymmetryFrameTests {
    private let layout = Architecture.mlp(MLP.Config(widths: [12, 24, 24, 5])).layout

    private func networks(_ count: Int, seed: UInt64) -> Tensor {
        Initialization.pytorch.population(layout, seeds: (0..<count).map { seed + UInt64($0) })
    }

    /// Every hidden unit moved and rescaled: the same functions in other weights.
    private func disguised(_ weights: Tensor, seed: UInt64) -> Tensor {
        let rows = (0..<weights.shape[0]).map { row in
            var stream = RandomStream(seed: seed, purpose: "test.disguise", index: UInt64(row))
            let permutations = layout.groups.map { stream.permutation($0.size) }
            let scales: [[Double]?] = layout.groups.map { group in
                stream.uniform([group.size]).floats.map { Double(0.5 + $0) }
            }
            let element = SymmetryElement(permutations: permutations, scales: scales)
            return element.apply(to: weights.selected(axis: 0, row).floats, layout: layout)
        }
        return Tensor(Array(rows.joined()), shape: weights.shape)
    }

    @Test("a disguised network is at distance 0 from itself, whatever the reference")
    func disguiseIsSeenThrough() throws {
        let zoo = networks(8, seed: 1)
        let frame = try SymmetryFrame(reference: networks(1, seed: 100).floats, layout: layout)
        let matrix = frame.distances(
            from: try frame.place(disguised(zoo, seed: 3)), to: try frame.place(zoo), hints: (0..<8).map { [$0] })
        for row in 0..<8 {
            #expect(matrix.nearestToRows()[row].index == row)
            #expect(matrix.squared(row, row).squareRoot() < 1e-4)
        }
    }

    @Test("zoo networks plus little noise never look new: all lie at the noise's own length")
    func noiseLiesWhereItMust() throws {
        let zoo = networks(12, seed: 1)
        let frame = try SymmetryFrame(reference: zoo.selected(axis: 0, 0).floats, layout: layout)
        let placed = try frame.place(zoo)
        let sigma = 0.003
        let source = BaselineSource(weights: zoo, codes: zoo, seed: 5)
        guard case .weights(let noisy) = Baseline.noise(sigma: sigma).members(of: source, count: 24) else {
            Issue.record("noise is added to weights")
            return
        }
        let nearest = frame.distances(from: try frame.place(noisy), to: placed).nearestToRows()
        let length = sigma * Double(layout.count).squareRoot()
        for (index, neighbour) in nearest.enumerated() {
            #expect(neighbour.index == index % 12)
            #expect(neighbour.distance < 1.3 * length)
        }
    }

    @Test("a pair whose products overflow is left as it is, and no other pair is worse off for it")
    func overflow() throws {
        let last = try #require(layout.slots.last { $0.shape.count == 2 })
        let (zoo, width) = (networks(6, seed: 1), layout.count)
        var weights = zoo.floats
        for row in [4, 5] { for index in last.range { weights[row * width + index] *= 1e20 } }
        let frame = try SymmetryFrame(reference: networks(1, seed: 100).floats, layout: layout)
        let hints = [[1], [0], [3], [2], [5], [4]]
        let whole = frame.distances(within: try frame.place(Tensor(weights, shape: zoo.shape)), hints: hints)
        let tame = try frame.place(Tensor(Array(weights[..<(4 * width)]), shape: [4, width]))
        let alone = frame.distances(within: tame, hints: Array(hints[..<4]))
        let plain = DistanceMatrix(leastOf: [(tame.normal, tame.normal), (tame.matched, tame.matched)], isWithin: true)
        for (row, column) in [(0, 1), (2, 3)] {
            #expect(alone.squared(row, column) < plain.squared(row, column), "matching directly lowers it")
            #expect(whole.squared(row, column) == alone.squared(row, column))
        }
    }

    @Test("distances only fall by looking at more alignments, and are symmetric within a population")
    func upperBounds() throws {
        let zoo = networks(6, seed: 1)
        let frame = try SymmetryFrame(reference: zoo.selected(axis: 0, 0).floats, layout: layout)
        let placed = try frame.place(zoo)
        let (within, plain) = (frame.distances(within: placed), DistanceMatrix(within: placed.matched))
        for row in 0..<6 {
            for column in 0..<6 where row != column {
                #expect(within.squared(row, column) <= plain.squared(row, column))
                #expect(within.squared(row, column) == within.squared(column, row))
            }
        }
    }
}
