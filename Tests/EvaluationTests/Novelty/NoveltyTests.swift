import Foundation
import Tensors
import Testing

@testable import Evaluation

@Suite struct NoveltyTests {
    private let zoo = Tensor([0, 2, 4, 6] as [Float], shape: [4, 1])
    private let fresh = Tensor([-3, 10] as [Float], shape: [2, 1])

    private func novelty(_ samples: [Float], fresh: Tensor?) -> Novelty {
        let zooToZoo = DistanceMatrix(within: zoo).nearestToRows()
        let freshToZoo = fresh.map { DistanceMatrix(from: $0, to: zoo).nearestToRows() } ?? []
        let nearest = NearestDistances(samples: Tensor(samples, shape: [samples.count, 1]), zoo: zoo)
        let unit = NoveltyUnit(freshToZoo: freshToZoo, zooToZoo: zooToZoo)
        return Novelty(nearest, unit: unit, freshToZoo: freshToZoo)
    }

    private func ratios(_ samples: [Float]) -> [Double] {
        NearestDistances(samples: Tensor(samples, shape: [samples.count, 1]), zoo: zoo).sampleToZoo.map {
            $0.distance / 3.5
        }
    }

    @Test func theUnitIsTheFreshNetworksOwnDistance() {
        let novelty = novelty([0.5, 13], fresh: fresh)
        #expect(novelty.unit == NoveltyUnit(distance: 3.5, origin: .freshNetworks))
        #expect(ratios([0.5, 13]) == [0.5 / 3.5, 7 / 3.5])
        #expect(novelty.weightDistance?.mean == (0.5 / 3.5 + 2) / 2)
        #expect(novelty.rawDistance?.mean == 3.75)
        #expect(novelty.zooToZoo?.mean == 2 / 3.5)
        #expect(novelty.sampleToSample?.min == 12.5 / 3.5)
        #expect(novelty.zooToSample?.max == 5.5 / 3.5)
    }

    @Test func withoutFreshNetworksTheZooIsTheUnit() {
        let novelty = novelty([1], fresh: nil)
        #expect(novelty.unit == NoveltyUnit(distance: 2, origin: .leaveOneOut))
        #expect(novelty.weightDistance?.min == 0.5 && novelty.weightDistance?.max == 0.5)
        #expect(novelty.copyingScore == nil)
    }

    @Test func freshNetworksAreAtOne() {
        #expect(abs((novelty([-3, 10], fresh: fresh).weightDistance?.mean ?? .nan) - 1) < 1e-15)
        #expect(novelty([-3, 10], fresh: fresh).copyingScore == 0)
    }

    @Test func copyingIsStronglyNegative() throws {
        let copies = (0..<40).map { Float($0 % 4) * 2 + Float($0) * 1e-3 }
        let far = Tensor((0..<30).map { Float(20 + $0) }, shape: [30, 1])
        let score = try #require(novelty(copies, fresh: far).copyingScore)
        // U = 0: z = -sqrt(3 m n / (m + n + 1)).
        #expect(abs(score + (3 * 40.0 * 30 / 71).squareRoot()) < 0.01)
    }

    @Test func brokenSamplesAreCounted() {
        let novelty = novelty([0.5, .nan, 0.5], fresh: fresh)
        #expect(novelty.weightDistance?.count == 3)
        #expect(novelty.weightDistance?.nonFinite == 1)
        #expect(novelty.rawDistance?.mean == 0.5)
        #expect(novelty.wasserstein?.isFinite == true)
    }

    /// Sample-to-zoo distances are 1 everywhere, zoo-to-zoo 2: shifted by 1, which is 1 / 3.5 units.
    @Test func distributionsAreComparedInUnits() {
        let novelty = novelty([1, 3, 5, 7], fresh: fresh)
        #expect(abs((novelty.wasserstein ?? .nan) - 1 / 3.5) < 1e-15)
        #expect(abs((novelty.jensenShannon ?? .nan) - log(2.0).squareRoot()) < 1e-6)
    }

    @Test func lostNetworksAreCounted() throws {
        let nearest = NearestDistances(samples: Tensor([0.5, 13] as [Float], shape: [2, 1]), zoo: zoo)
        let unit = NoveltyUnit(distance: 3.5, origin: .freshNetworks)
        let novelty = Novelty(nearest, unit: unit, freshToZoo: [], lost: 2)
        let distance = try #require(novelty.weightDistance)
        #expect(distance.count == 4 && distance.nonFinite == 2 && distance.mean == (0.5 / 3.5 + 2) / 2)
        #expect(novelty.rawDistance?.nonFinite == 2)
    }

    @Test func shares() {
        func share(_ distances: [Double], below limit: Double) -> Double {
            EvaluationRow(
                .generated, count: distances.count, testAccuracy: SampleStatistics([]),
                points: distances.map { NetworkPoint(accuracy: 1, distance: $0) }
            ).share(below: limit)
        }
        #expect(share([0, 0.1, 0.28, 1], below: 0.05) == 0.25)
        #expect(share([0, 0.1, 0.28, 1], below: 0.5) == 0.75)
        #expect(share([0, 0.1, 0.28, 1], below: 2) == 1)
        #expect(share([.nan], below: 9) == 0 && share([], below: 9) == 0)
    }
}

@Suite struct CodeSpreadTests {
    private let zoo = Tensor([-1, -2, 1, 2, 3, 6] as [Float], shape: [3, 2])

    @Test func shrinkingScalesTheRatio() {
        let shrunk = (zoo - 1) * 0.25 + 1
        let spread = CodeSpread(generated: shrunk, zoo: zoo)
        #expect(abs(spread.rmsRatio - 0.25) < 1e-12)
        #expect(abs(spread.perDimension.min - 0.25) < 1e-12 && abs(spread.perDimension.max - 0.25) < 1e-12)
        #expect(spread.perDimension.count == 2)
    }

    @Test func theZooMatchesItself() {
        let spread = CodeSpread(generated: zoo, zoo: zoo)
        #expect(spread.rmsRatio == 1)
        #expect(spread.nonFinite == 0)
    }

    /// Zoo 0, 2 (variance 2 about mean 1); samples 4, 4: no spread, 9 away from the zoo's mean.
    @Test func aMovedMeanShowsOnlyAboutTheZoo() {
        let spread = CodeSpread(
            generated: Tensor([4, 4] as [Float], shape: [2, 1]), zoo: Tensor([0, 2] as [Float], shape: [2, 1]))
        #expect(spread.rmsRatio == 0)
        #expect(abs(spread.rmsRatioAboutZoo - (9.0 / 2).squareRoot()) < 1e-12)
    }

    @Test func dimensionsAreToldApart() {
        let scales = Tensor([0.5, 2] as [Float], shape: [2])
        let spread = CodeSpread(generated: zoo * scales, zoo: zoo)
        #expect(abs(spread.perDimension.min - 0.5) < 1e-6)
        #expect(abs(spread.perDimension.max - 2) < 1e-6)
        // Variances 4 and 16 become 1 and 64.
        #expect(abs(spread.rmsRatio - (65.0 / 20).squareRoot()) < 1e-6)
    }

    @Test func constantDimensionsOfTheZooAreLeftOut() {
        let constant = Tensor([1, 5, 3, 5] as [Float], shape: [2, 2])
        let spread = CodeSpread(generated: constant, zoo: constant)
        #expect(spread.perDimension.count == 1)
        #expect(spread.rmsRatio == 1)
    }

    @Test func brokenRowsAreCounted() {
        let broken = Tensor.concatenate([zoo, Tensor([.nan, 0] as [Float], shape: [1, 2])], axis: 0)
        let spread = CodeSpread(generated: broken, zoo: zoo)
        #expect(spread.nonFinite == 1)
        #expect(spread.rmsRatio == 1)
    }

    @Test func oneRowHasNoSpread() {
        #expect(CodeSpread(generated: zoo.sliced(axis: 0, 0..<1), zoo: zoo).rmsRatio.isNaN)
    }
}
