import Foundation
import Tensors
import Testing

@testable import Evaluation

@Suite("Properties of wrong sets and disagreement")
struct PredictionPropertyTests {
    private static let labels = (0..<150).map { Int32($0 % 4) }

    /// Networks that are right about two times out of three.
    private static func networks(_ count: Int, _ purpose: String) -> [[Int32]] {
        (0..<count).map { index in
            var stream = RandomStream(seed: 1, purpose: purpose, index: UInt64(index))
            return labels.map { label in stream.integer(below: 3) > 0 ? label : Int32(stream.integer(below: 4)) }
        }
    }

    private static let some = networks(8, "some")

    @Test("overlaps are symmetric, between 0 and 1, and 1 only for equal sets")
    func overlaps() {
        let sets = WrongSets(predictions: Self.some, labels: Self.labels)
        for a in 0..<8 {
            #expect(sets.iou(a, a) == 1)
            for b in 0..<8 where b != a {
                #expect(sets.iou(a, b) == sets.iou(b, a) && (0..<1).contains(sets.iou(a, b)))
            }
        }
    }

    @Test("1 - overlap is a distance: the triangle inequality of Jaccard's")
    func triangle() {
        let sets = WrongSets(predictions: Self.some, labels: Self.labels)
        var worst = 0.0
        for a in 0..<8 {
            for b in 0..<8 {
                for c in 0..<8 {
                    worst = max(worst, (1 - sets.iou(a, c)) - (1 - sets.iou(a, b)) - (1 - sets.iou(b, c)))
                }
            }
        }
        #expect(worst < 1e-15)
    }

    @Test("which wrong class it is does not matter to the set; disjoint sets have no overlap")
    func classes() {
        let labels: [Int32] = [0, 0, 0, 0]
        let sets = WrongSets(predictions: [[1, 2, 0, 0], [3, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]], labels: labels)
        #expect(sets.iou(0, 1) == 1 && sets.iou(0, 2) == 0 && sets.iou(0, 3) == 0 && sets.iou(3, 3) == 1)
        #expect(sets.wrongCounts == [2, 2, 2, 0] && (0..<4).map(sets.accuracy) == [0.5, 0.5, 0.5, 1])
        #expect(WrongSets(predictions: [[]], labels: []).accuracy(of: 0).isNaN)
    }

    @Test("reordering the inputs changes nothing")
    func order() {
        let order = (0..<150).map { $0 * 7 % 150 }
        let moved = WrongSets(
            predictions: Self.some.map { network in order.map { network[$0] } }, labels: order.map { Self.labels[$0] })
        let sets = WrongSets(predictions: Self.some, labels: Self.labels)
        #expect(moved.wrongCounts == sets.wrongCounts)
        for a in 0..<8 { for b in 0..<8 { #expect(moved.iou(a, b) == sets.iou(a, b)) } }
    }

    @Test("summaries: means of all pairs, and of each network's largest")
    func summaries() {
        let (own, zoo) = (Self.networks(3, "own"), Self.some)
        let (sets, zooSets) = (
            WrongSets(predictions: own, labels: Self.labels), WrongSets(predictions: zoo, labels: Self.labels)
        )
        let pairs = (0..<3).map { a in (0..<8).map { sets.iou(a, $0, in: zooSets) } }
        let overlap = WrongSetOverlap(sets, zoo: zooSets)
        #expect(abs(overlap.mean - pairs.joined().reduce(0, +) / 24) < 1e-15)
        #expect(abs(overlap.meanOfMax - pairs.map { $0.max() ?? 0 }.reduce(0, +) / 3) < 1e-15)
        #expect(WrongSetOverlap(zooSets, zoo: zooSets).meanOfMax == 1, "each finds itself")
        #expect(WrongSetOverlap(within: zooSets).meanOfMax < 1, "but not among the others")
    }

    @Test("two networks disagree at least by the difference of their accuracies, at most by the sum of their errors")
    func bounds() {
        let sets = WrongSets(predictions: Self.some, labels: Self.labels)
        for a in 0..<8 {
            for b in 0..<8 {
                let rate = Disagreement([Self.some[a]], zoo: [Self.some[b]]).mean
                let (left, right) = (sets.accuracy(of: a), sets.accuracy(of: b))
                #expect(rate >= abs(left - right) - 1e-12 && rate <= 2 - left - right + 1e-12)
                #expect((rate == 0) == (a == b))
            }
        }
    }

    @Test("the nearest is no farther than the mean; the neighbour in weights no nearer than the nearest")
    func disagreement() {
        let own = Self.networks(5, "own")
        let found = Disagreement(own, zoo: Self.some, neighbours: [0, 3, nil, 7, 1])
        #expect(found.nearest <= found.mean && found.withNeighbour != nil)
        let known = Disagreement(
            [own[0], own[1], own[3], own[4]], zoo: Self.some, neighbours: [0, 3, 7, 1])
        #expect(found.withNeighbour == known.withNeighbour && (known.withNeighbour ?? 0) >= known.nearest)
        #expect(Disagreement(own, zoo: Self.some, neighbours: [nil, nil, nil, nil, nil]).withNeighbour == nil)
        let none = Disagreement(within: [own[0]])
        #expect(none.mean.isNaN && none.nearest.isNaN)
    }

    @Test("numbers in files: NaN as null, what is not known left out")
    func coding() throws {
        func text(_ value: some Encodable) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        let partial = try text(Disagreement(mean: .nan, nearest: 0.5))
        #expect(partial == #"{"mean":null,"nearest":0.5}"#)
        let read = try JSONDecoder().decode(Disagreement.self, from: Data(partial.utf8))
        #expect(read.mean.isNaN && read.nearest == 0.5 && read.withNeighbour == nil)
        #expect(try text(WrongSetOverlap(mean: 0.25, meanOfMax: .infinity)) == #"{"max_mean":null,"mean":0.25}"#)
        let whole = Disagreement(mean: 0.5, nearest: 0.25, withNeighbour: 0.375)
        #expect(try JSONDecoder().decode(Disagreement.self, from: Data(text(whole).utf8)) == whole)
    }
}
