import Foundation
import Tensors
import TestSupport
import Testing

@testable import ShiftDetection

@Suite struct PerformanceBootstrapTests {
    /// A model that is too sure of itself: it says sigmoid(2 x) where P(y = 1 | x) = sigmoid(1.2 x), in the reference.
    /// Sigmoid of log odds, which every law below shares unless labels shift.
    private enum Law: String, CaseIterable, CustomTestStringConvertible {
        case none, covariates, labels
        var testDescription: String { rawValue }
    }

    private struct Draw {
        let rows: ShiftRows
        let labels: [Int32]
    }

    private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// Rows of a law: x normal and y by its log odds; under `covariates` x moves up, under `labels` three in four rows are
    /// positive and P(x | y) stays.
    private static func draw(_ count: Int, _ law: Law, index: Int, purpose: String = "test.coverage") -> Draw {
        var stream = RandomStream(seed: 23, purpose: "\(purpose).\(law.rawValue)", index: UInt64(index))
        let (z, u) = (stream.normal([4 * count + 40]).doubles, stream.uniform([4 * count + 40]).doubles)
        var (x, y): ([Double], [Int32]) = ([], [])
        let keeps = stream.uniform([4 * count + 40]).doubles
        for place in z.indices where x.count < count {
            let value = z[place] * 1.5 + (law == .covariates ? 1 : 0)
            let label: Int32 = u[place] < sigmoid(1.2 * value) ? 1 : 0
            // Half the rows are positive; of the negative ones a third is kept.
            if law == .labels, label == 0, keeps[place] > 1.0 / 3 { continue }
            x.append(value)
            y.append(label)
        }
        return Draw(rows: EstimateFixture.rows(x.map { sigmoid(2 * $0) }), labels: y)
    }

    private static func truth(_ metric: PerformanceMetric, _ law: Law) -> Double {
        let many = draw(40_000, law, index: 0, purpose: "test.truth")
        return metric.value(of: many.rows, labels: many.labels)
    }

    /// The share of 100 trials in which the 90 % interval of the sample's value, and that of the drop, hold the truth.
    private static func coverage(
        _ estimator: any AccuracyEstimator, _ law: Law
    ) -> (sample: Double, drop: Double) {
        let (there, here) = (truth(estimator.metric, law), truth(estimator.metric, .none))
        let held = (0..<100).map { trial -> (Bool, Bool) in
            let known = draw(150, .none, index: trial, purpose: "test.reference")
            let bootstrap = PerformanceBootstrap(
                estimator, reference: ReferenceRows(known.rows, labels: known.labels), draws: 60, seed: UInt64(trial))
            let found = bootstrap.estimate(of: draw(50, law, index: trial).rows)
            let drop = here - there
            return (
                found.sample.low <= there && there <= found.sample.high,
                found.drop.low <= drop && drop <= found.drop.high
            )
        }
        return (Double(held.count { $0.0 }) / 100, Double(held.count { $0.1 }) / 100)
    }

    /// Where equal outputs mean equal risks, nine in ten intervals hold the truth; 3 standard errors are 0.09.
    @Test(arguments: [PerformanceMetric.accuracy, .balancedAccuracy])
    func intervalsHoldTheTruthWhereRisksStay(metric: PerformanceMetric) {
        var estimator = LogisticPerformance()
        estimator.metric = metric
        for law in [Law.none, .covariates] {
            let coverage = Self.coverage(estimator, law)
            #expect(coverage.sample >= 0.81, "\(metric), \(law): \(coverage)")
            #expect(coverage.drop >= 0.81, "\(metric), \(law): \(coverage)")
        }
    }

    /// Where the frequencies of classes change, equal outputs no longer mean equal risks: the intervals hold less.
    @Test func intervalsHoldLessUnderLabelShift() {
        let coverage = Self.coverage(LogisticPerformance(), .labels)
        #expect(coverage.drop >= 0.5, "\(coverage)")
    }

    @Test func intervalsOfIsotonicCalibrationHoldTheTruthWithoutShift() {
        let coverage = Self.coverage(IsotonicPerformance(), .none)
        #expect(coverage.sample >= 0.75, "\(coverage)")
    }

    @Test func isTheSameAtAnyNumberOfThreads() {
        let (known, new) = (Self.draw(60, .none, index: 1), Self.draw(20, .covariates, index: 2))
        let found = ThreadCounts.results {
            PerformanceBootstrap(
                LogisticPerformance(), reference: ReferenceRows(known.rows, labels: known.labels), draws: 40, seed: 9
            ).estimate(of: new.rows)
        }
        #expect(found.allSatisfy { $0 == found[0] })
        #expect(found[0].sample.low < found[0].sample.value && found[0].sample.value < found[0].sample.high)
        let gap: Double = found[0].reference.value - found[0].sample.value
        #expect(found[0].drop.value == gap)
    }

    @Test func anotherSeedDrawsOtherRows() {
        let (known, new) = (Self.draw(60, .none, index: 1), Self.draw(20, .none, index: 2))
        let found = [UInt64(1), 1, 2].map {
            PerformanceBootstrap(
                LogisticPerformance(), reference: ReferenceRows(known.rows, labels: known.labels), draws: 40, seed: $0
            ).estimate(of: new.rows)
        }
        #expect(found[0] == found[1] && found[0] != found[2])
        #expect(found[0].sample.value == found[2].sample.value)
    }
}
