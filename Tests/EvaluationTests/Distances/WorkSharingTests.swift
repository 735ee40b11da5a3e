import Networks
import Tensors
import Testing

@testable import Evaluation

/// So many processes, of which this one plays all: each part is measured by itself.
private struct PlayedProcesses: WorkSharing {
    let count: Int
    var isAlone: Bool { count == 1 }

    func parts<Value: BitwiseCopyable>(
        of items: Int, _ measure: (Range<Int>) throws -> [Value]
    ) rethrows -> [(items: Range<Int>, values: [Value])] {
        try (0..<count).map { process in
            let own = items * process / count..<items * (process + 1) / count
            return (own, try measure(own))
        }
    }
}

@Suite("Distances measured in parts")
struct WorkSharingTests {
    private static func cloud(_ count: Int, _ width: Int, seed: UInt64) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: "test.sharing")
        return stream.normal([count, width])
    }

    private static func bits(_ neighbours: [Neighbour]) -> [[UInt64]] {
        neighbours.map { [UInt64($0.index ?? -1 >= 0 ? $0.index ?? 0 : 1 << 40), $0.distance.bitPattern] }
    }

    @Test("All of something is its parts one after the other, of which some may be empty", arguments: [1, 2, 5, 9])
    func all(processes: Int) {
        let shared = PlayedProcesses(count: processes)
        #expect(shared.all(of: 7) { range in range.flatMap { [$0, $0 * $0] } } == (0..<7).flatMap { [$0, $0 * $0] })
        #expect(shared.all(of: 0) { _ in [Int]() }.isEmpty)
        #expect(OneProcess().all(of: 3) { Array($0) } == [0, 1, 2] && OneProcess().isAlone)
    }

    @Test("A matrix measured by columns has the bits of one that is not", arguments: [1, 2, 3, 8])
    func matrix(processes: Int) {
        let (rows, columns) = (Self.cloud(70, 1100, seed: 1), Self.cloud(300, 1100, seed: 2))
        let forms = [(rows: rows, columns: columns), (rows: rows * 2, columns: columns)]
        let right = DistanceMatrix(leastOf: forms, isWithin: false)
        let found = DistanceMatrix(leastOf: forms, sharing: PlayedProcesses(count: processes))
        #expect(found.rowCount == 70 && found.columnCount == 300)
        for row in 0..<70 {
            let same = (0..<300).allSatisfy {
                found.squared(row, $0).bitPattern == right.squared(row, $0).bitPattern
            }
            #expect(same, "row \(row)")
        }
    }

    @Test("Nearest networks by strips are those of one process, copies and equals included", arguments: [2, 3, 8])
    func nearest(processes: Int) {
        var values = Self.cloud(1400, 20, seed: 3).floats
        for column in 0..<20 {
            for copy in [900, 1399] { values[copy * 20 + column] = values[column] }
            values[1200 * 20 + column] = values[300 * 20 + column]
        }
        values[5 * 20] = .nan
        let form = Tensor(values, shape: [1400, 20])
        let right = NearestSearch(leastOf: [form], keeping: 2)
        let found = NearestSearch(leastOf: [form], keeping: 2, sharing: PlayedProcesses(count: processes))
        #expect(Self.bits(found.neighbours()) == Self.bits(right.neighbours()))
        #expect((0..<1400).allSatisfy { found.nearest(to: $0) == right.nearest(to: $0) })
        #expect(found.nearest(to: 0) == [900, 1399] && found.nearest(to: 1399) == [0, 900])
    }

    @Test("A frame, and contributions, find the same neighbours", arguments: [2, 3])
    func frame(processes: Int) throws {
        let network = MLP(MLP.Config(widths: [5, 4, 4, 3], activation: .relu))
        let layout = network.layout
        let weights = Self.cloud(60, layout.count, seed: 8)
        let reference = Array(weights.floats[0..<layout.count])
        let alone = try SymmetryFrame(reference: reference, layout: layout)
        let shared = try SymmetryFrame(
            reference: reference, layout: layout, sharing: PlayedProcesses(count: processes))
        let (zoo, own) = try (alone.place(weights), alone.place(Self.cloud(17, layout.count, seed: 9)))
        let hints = (0..<60).map { [($0 + 13) % 60] }
        #expect(
            Self.bits(shared.nearest(within: zoo, hints: hints)) == Self.bits(alone.nearest(within: zoo, hints: hints)))
        let (found, right) = (shared.distances(from: own, to: zoo), alone.distances(from: own, to: zoo))
        #expect(Self.bits(found.nearestToRows()) == Self.bits(right.nearestToRows()))

        let measure = try #require(ContributionMeasure(network, inputs: Self.cloud(40, 5, seed: 10), zooCount: 60))
        let contributions = measure(weights, buffers: nil)
        let sharing = PlayedProcesses(count: processes)
        #expect(
            Self.bits(contributions.nearest(in: contributions, except: Array(0..<60), sharing: sharing))
                == Self.bits(contributions.nearest(in: contributions, except: Array(0..<60))))
    }
}
