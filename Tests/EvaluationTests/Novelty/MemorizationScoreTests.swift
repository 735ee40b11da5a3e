import Foundation
import Tensors
import Testing
import TestSupport

@testable import Evaluation

@Suite("Memorization scores and units in closed form")
struct MemorizationScoreTests {
    private static func neighbours(_ distances: [Double]) -> [Neighbour] {
        distances.enumerated().map { Neighbour(index: $0, distance: $1) }
    }

    /// Samples and fresh networks at distances from a zoo whose networks are 2 apart.
    private static func novelty(_ samples: [Float], fresh: [Double]) -> Novelty {
        let zoo = Tensor([0, 2, 4, 6] as [Float], shape: [4, 1])
        let nearest = NearestDistances(samples: Tensor(samples, shape: [samples.count, 1]), zoo: zoo)
        let freshToZoo = neighbours(fresh)
        let unit = NoveltyUnit(freshToZoo: freshToZoo, zooToZoo: nearest.zooToZoo)
        return Novelty(nearest, unit: unit, freshToZoo: freshToZoo)
    }

    @Test(
        "all samples nearer than all fresh networks: -sqrt(3 m n / (m + n + 1))", arguments: [(3, 5), (20, 4), (1, 1)])
    func copies(_ m: Int, _ n: Int) throws {
        let samples = (0..<m).map { 0.001 * Float($0 + 1) }
        let score = try #require(Self.novelty(samples, fresh: (0..<n).map { 5 + Double($0) }).copyingScore)
        let expected = -(3 * Double(m * n) / Double(m + n + 1)).squareRoot()
        #expect(abs(score - expected) < 1e-12)
        // The other way round the sign turns.
        let far = (0..<m).map { 100 + Float($0) }
        let other = try #require(Self.novelty(far, fresh: (0..<n).map { 5 + Double($0) }).copyingScore)
        #expect(abs(other + expected) < 1e-12)
    }

    @Test("exact copies and one that is as far as a fresh network, by hand")
    func ties() throws {
        // Distances 0, 0, 1 beside 1, 3: U = 0.5, mean 3; ties of 2 and 2: variance 6 / 12 (6 - 12 / 20).
        let score = try #require(Self.novelty([0, 2, 7], fresh: [1, 3]).copyingScore)
        #expect(abs(score + 2.5 / 2.7.squareRoot()) < 1e-12)
    }

    @Test("the score does not know the unit: only the order counts", arguments: 1...4 as ClosedRange<UInt64>)
    func unitFree(_ seed: UInt64) throws {
        let (own, fresh) = (normalDoubles([9], seed: seed).doubles, normalDoubles([7], seed: seed + 9).doubles)
        let plain = try #require(MannWhitney(own, against: fresh))
        for change in [{ exp($0) }, { 3 * $0 - 8 }, { $0 * $0 * $0 }] as [(Double) -> Double] {
            #expect(MannWhitney(own.map(change), against: fresh.map(change)) == plain)
        }
        let turned = try #require(MannWhitney(fresh, against: own))
        #expect(abs(turned.z + plain.z) < 1e-12 && turned.u + plain.u == 63)
    }

    @Test("samples without a distance are left out of the score; without any there is none")
    func unknown() {
        #expect(
            Self.novelty([0.5, .nan, 7.5], fresh: [1, 2]).copyingScore
                == Self.novelty([0.5, 7.5], fresh: [1, 2]).copyingScore)
        #expect(Self.novelty([.nan], fresh: [1, 2]).copyingScore == nil)
        #expect(Self.novelty([0.5], fresh: [.nan]).copyingScore == nil)
        #expect(Self.novelty([0.5], fresh: []).copyingScore == nil)
    }

    @Test("the unit is the mean of the finite fresh distances, else of the zoo's own")
    func unit() {
        let zoo = Self.neighbours([1, 3])
        let fresh = NoveltyUnit(freshToZoo: Self.neighbours([4, .nan, 8]), zooToZoo: zoo)
        #expect(fresh == NoveltyUnit(distance: 6, origin: .freshNetworks) && fresh.ratio(3) == 0.5)
        #expect(NoveltyUnit(freshToZoo: [], zooToZoo: zoo) == NoveltyUnit(distance: 2, origin: .leaveOneOut))
        let broken = NoveltyUnit(freshToZoo: Self.neighbours([.nan]), zooToZoo: zoo)
        #expect(broken.distance.isNaN && broken.origin == .freshNetworks && broken.ratio(1).isNaN)
    }

    @Test("widening everything changes no ratio", arguments: [Float(0.25), 16])
    func scale(_ factor: Float) {
        func ratios(_ factor: Float) -> Novelty {
            let zoo = Tensor([0, 2, 4, 6].map { factor * $0 }, shape: [4, 1])
            let samples = Tensor([0.5, 3, 9].map { factor * $0 }, shape: [3, 1])
            let nearest = NearestDistances(samples: samples, zoo: zoo)
            let fresh = Self.neighbours([3, 5].map { Double(factor) * $0 })
            return Novelty(nearest, unit: NoveltyUnit(freshToZoo: fresh, zooToZoo: nearest.zooToZoo), freshToZoo: fresh)
        }
        let (plain, wide) = (ratios(1), ratios(factor))
        #expect(wide.weightDistance == plain.weightDistance && wide.zooToSample == plain.zooToSample)
        #expect(wide.sampleToSample == plain.sampleToSample && wide.copyingScore == plain.copyingScore)
        #expect(wide.rawDistance == plain.rawDistance?.divided(by: 1 / Double(factor)))
    }

    @Test("units in files: null where none could be measured")
    func coding() throws {
        func text(_ unit: NoveltyUnit) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(unit), as: UTF8.self)
        }
        #expect(try text(NoveltyUnit(distance: 1.5, origin: .freshNetworks)) == #"{"distance":1.5,"origin":"fresh"}"#)
        let unknown = try text(NoveltyUnit(distance: .nan, origin: .leaveOneOut))
        #expect(unknown == #"{"distance":null,"origin":"leave-one-out"}"#)
        let read = try JSONDecoder().decode(NoveltyUnit.self, from: Data(unknown.utf8))
        #expect(read.distance.isNaN && read.origin == .leaveOneOut)
    }
}
