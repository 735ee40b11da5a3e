import Tensors
import Testing

@testable import Evaluation

@Suite struct EnsembleEvaluationTests {
    private static let labels: [Int32] = [0, 1, 2, 3]
    private static let zoo = JudgedPopulation(
        weights: Tensor([0, 0, 2, 0, 0, 4] as [Float], shape: [3, 2]),
        predictions: [[0, 1, 2, 0], [0, 1, 0, 0], [0, 1, 2, 3]], validationAccuracies: [0.5, 0.7, 0.9],
        codes: Tensor([-1, 0, 1] as [Float], shape: [3, 1]))
    private static let fresh = JudgedPopulation(
        weights: Tensor([0, -3, 7, 0] as [Float], shape: [2, 2]), predictions: [[0, 1, 2, 0], [1, 1, 2, 3]])
    private let evaluation = EnsembleEvaluation(zoo: zoo, fresh: fresh, labels: labels)

    @Test func zooRowIsLeaveOneOut() {
        let row = evaluation.zooRow()
        #expect(row.what == "zoo" && row.count == 3 && row.nonFinite == 0)
        #expect(row.accuracy.mean == 0.75)
        #expect(abs((row.validationAccuracy?.mean ?? 0) - 0.7) < 1e-15)
        // Nearest others at 2, 2, 4; fresh networks at 3 and 5, unit 4.
        #expect(evaluation.unit == NoveltyUnit(distance: 4, origin: .freshNetworks))
        #expect(row.novelty.ratios == [0.5, 0.5, 1])
        #expect(row.novelty.weightDistance == row.novelty.zooToZoo)
        #expect(row.codeRMSRatio == 1)
        #expect(row.weightSpread.rmsRatio == 1)
        // Wrong sets {3}, {2, 3}, {}: overlaps 1/2, 0, 0.
        #expect(row.wrongSets == WrongSetOverlap(mean: 1.0 / 6, meanOfMax: 1.0 / 3))
        #expect(row.points.map(\.nearestZoo) == [1, 0, 0])
    }

    @Test func freshRowIsAtOne() throws {
        let row = try #require(evaluation.freshRow())
        #expect(row.what == "fresh" && row.count == 2)
        #expect(row.novelty.weightDistance.mean == 1)
        #expect(row.accuracy.mean == 0.75)
        #expect(row.codeSpread == nil && row.codeRMSRatio == nil && row.validationAccuracy == nil)
        // Wrong sets {3} and {0} against {3}, {2, 3}, {}.
        #expect(row.wrongSets == WrongSetOverlap(mean: 1.5 / 6, meanOfMax: 0.5))
    }

    @Test func samplesAreMeasured() {
        let samples = JudgedPopulation(
            weights: Tensor([0, 4, 2, 1] as [Float], shape: [2, 2]), predictions: [[0, 1, 2, 3], [0, 1, 1, 1]],
            codes: Tensor([-0.5, 0.5] as [Float], shape: [2, 1]))
        let row = evaluation.row(what: "generated", label: "generated networks", samples)
        #expect(row.points == [
            NetworkPoint(accuracy: 1, distance: 0, nearestZoo: 2),
            NetworkPoint(accuracy: 0.5, distance: 0.25, nearestZoo: 1),
        ])
        #expect(row.novelty.weightDistance.mean == 0.125)
        #expect(row.novelty.rawDistance.mean == 0.5)
        // Codes: variance 1/2 against 1.
        #expect(abs((row.codeRMSRatio ?? 0) - 0.5.squareRoot()) < 1e-12)
        // With neighbours 2 and 1: no difference, and classes at inputs 2 and 3.
        #expect(row.disagreement.withNeighbour == 0.25)
        #expect(row.disagreement.nearest == 0.25)
        #expect(evaluation.nearestZoo(to: samples.weights) == [2, 1])
    }

    @Test func zooNetworksAsSamplesAreCopies() {
        let row = evaluation.row(.nearestZoo, Self.zoo)
        #expect(row.what == "nearest-zoo")
        #expect(row.novelty.weightDistance.max == 0)
        #expect(row.wrongSets.meanOfMax == 1)
        #expect(row.disagreement.nearest == 0)
    }

    @Test func brokenNetworksCountInAccuracyAndAreReported() {
        let broken = JudgedPopulation(
            weights: Tensor([0, 0, .nan, 0] as [Float], shape: [2, 2]), predictions: [[0, 1, 2, 3], [1, 0, 0, 0]])
        let row = evaluation.row(what: "generated", label: "generated networks", broken)
        #expect(row.count == 2 && row.nonFinite == 1)
        #expect(row.accuracy.mean == 0.5 && row.accuracy.count == 2)
        #expect(row.novelty.weightDistance.nonFinite == 1)
        #expect(row.points[1].nearestZoo == nil && row.points[1].distance.isNaN)
        #expect(evaluation.nearestZoo(to: broken.weights) == [0, nil])
    }

    @Test func withoutFreshNetworksTheUnitSaysSo() {
        let alone = EnsembleEvaluation(zoo: Self.zoo, fresh: nil, labels: Self.labels)
        #expect(alone.freshRow() == nil)
        #expect(alone.unit.origin == .leaveOneOut)
        #expect(abs(alone.unit.distance - 8.0 / 3) < 1e-15)
        #expect(alone.zooRow().novelty.copyingScore == nil)
    }

    /// From a zoo to a verdict, as an experiment does it: noise of a hundredth is a near-copy, and says so.
    @Test func wholeWayToAVerdict() {
        var stream = RandomStream(seed: 2, purpose: "test.evaluation")
        let (zooWeights, freshWeights) = (stream.normal([20, 300]), stream.normal([10, 300]))
        let labels = (0..<50).map { Int32($0 % 5) }
        let population = { (weights: Tensor) in
            let predictions = (0..<weights.shape[0]).map { network in
                labels.enumerated().map { $0.offset % 10 == network % 10 ? ($0.element + 1) % 5 : $0.element }
            }
            return JudgedPopulation(weights: weights, predictions: predictions, codes: weights)
        }
        let evaluation = EnsembleEvaluation(
            zoo: population(zooWeights), fresh: population(freshWeights), labels: labels)
        let baselines = BaselinePopulations(zoo: zooWeights, seed: 1)
        let generated = evaluation.row(
            what: "generated", label: "generated networks",
            population(baselines.noise(sigma: 0.1, count: 20)))
        let rows = Baseline.standard(zooCount: 20).map { baseline in
            evaluation.row(
                baseline,
                population(
                    baselines.members(
                        of: baseline, count: 20, codes: zooWeights, nearest: Array(0..<20), decode: { $0 })))
        }
        let verdict = Verdict(
            generated: generated, zoo: evaluation.zooRow(), fresh: evaluation.freshRow(), baselines: rows,
            chance: 0.2)
        #expect(verdict.quality == .equal)
        #expect(verdict.novelty == .nearCopies)
        #expect(!verdict.collapsed && !verdict.beatsBaselines && !verdict.isBad)
        #expect(verdict.rivals.contains("gaussian-full") && verdict.rivals.contains("average-2"))
        #expect(!verdict.rivals.contains("noise-0.01") && !verdict.rivals.contains("nearest-zoo"))
    }
}
