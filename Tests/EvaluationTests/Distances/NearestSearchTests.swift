import Networks
import Tensors
import TestSupport
import Testing

@testable import Evaluation

@Suite("Nearest networks, strip by strip")
struct NearestSearchTests {
    private static func cloud(_ count: Int, _ width: Int, seed: UInt64) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: "test.nearest")
        return stream.normal([count, width])
    }

    /// More networks than a strip has, in two forms, some of them copies and some not finite.
    private static func forms(_ count: Int, _ width: Int) -> [Tensor] {
        var first = cloud(count, width, seed: 1).floats
        for column in 0..<width {
            first[3 * width + column] = first[1100 * width + column]
            first[7 * width + column] = first[9 * width + column]
        }
        first[5 * width] = .nan
        let second = cloud(count, width, seed: 2)
        return [Tensor(first, shape: [count, width]), second]
    }

    /// Whether all are the same bits: a network without a neighbour is at a distance that is equal to none.
    private static func areSame(_ left: [Neighbour], _ right: [Neighbour]) -> Bool {
        left.map(\.index) == right.map(\.index)
            && left.map(\.distance.bitPattern) == right.map(\.distance.bitPattern)
    }

    @Test("neighbours, and the second nearest, are those of the whole matrix, bit for bit", arguments: [30, 1500])
    func sameAsMatrix(_ width: Int) {
        let forms = Self.forms(1400, width)
        let search = NearestSearch(leastOf: forms, keeping: 2)
        let matrix = DistanceMatrix(leastOf: forms.map { ($0, $0) }, isWithin: true)
        #expect(Self.areSame(search.neighbours(), matrix.nearestToRows()))
        for row in 0..<1400 { #expect(search.nearest(to: row) == matrix.nearest(to: row, count: 2)) }
        #expect(search.neighbours()[3].index == 1100 && search.neighbours()[3].distance == 0)
    }

    @Test("a distance that was lowered counts both ways, also for a network that was not kept")
    func lowered() {
        let form = Self.cloud(200, 6, seed: 4)
        var search = NearestSearch(leastOf: [form], keeping: 2)
        var matrix = DistanceMatrix(leastOf: [(form, form)], isWithin: true)
        let found: [(row: Int, column: Int, square: Double)] =
            (0..<150).map { ($0, ($0 * 37 + 5) % 200, Double($0 % 7) * 0.3) }.filter { $0.row != $0.column }
        search.lower(at: found)
        matrix.lower(at: found)
        #expect(Self.areSame(search.neighbours(), matrix.nearestToRows()))
    }

    @Test("threads change nothing; a single network, or none that is finite, has no neighbour")
    func edges() {
        let form = Self.cloud(1100, 5, seed: 6)
        let results = ThreadCounts.results { NearestSearch(leastOf: [form], keeping: 2).neighbours() }
        #expect(results.allSatisfy { $0 == results[0] })
        let one = NearestSearch(leastOf: [Self.cloud(1, 5, seed: 7)], keeping: 2)
        #expect(one.neighbours().map(\.index) == [nil] && one.neighbours()[0].distance.isNaN)
        let none = NearestSearch(leastOf: [Tensor([Float](repeating: .nan, count: 6), shape: [3, 2])], keeping: 1)
        #expect(none.neighbours().allSatisfy { $0.index == nil })
    }

    @Test("a frame finds the same neighbours as from all its distances")
    func frame() throws {
        let architecture = MLP(MLP.Config(widths: [5, 4, 4, 3], activation: .relu))
        let layout = architecture.layout
        let weights = Self.cloud(60, layout.count, seed: 8)
        let frame = try SymmetryFrame(reference: Array(weights.floats[0..<layout.count]), layout: layout)
        let placed = try frame.place(weights)
        let hints = (0..<60).map { [($0 + 13) % 60] }
        #expect(
            frame.nearest(within: placed, hints: hints) == frame.distances(within: placed, hints: hints).nearestToRows()
        )
    }
}
