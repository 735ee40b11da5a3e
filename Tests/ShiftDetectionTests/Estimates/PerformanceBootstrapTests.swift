import Basics
import Foundation
import Tensors
import TestSupport
import Testing

@testable import ShiftDetection

@Suite struct PerformanceBootstrapTests {
    /// What happens to the rows, of which every truth is known. x is normal, and P(y = 1 | x) = Phi(1.5 x); the model, too
    /// sure of itself, says sigmoid(4 x), so that it is right where y has the sign of x.
    private enum Law: String, CaseIterable, CustomTestStringConvertible {
        case none, covariates, labels
        var testDescription: String { rawValue }

        /// Deviation of x: `covariates` halves it, so that more rows lie where nobody can be sure.
        var spread: Double { self == .covariates ? 0.5 : 1 }
        /// P(y = sign x) = 1/2 + arctan(1.5 s) / pi for x of deviation s. By symmetry it is so within each class too,
        /// whatever their frequencies: accuracy and balanced accuracy are the same.
        var truth: Double { 0.5 + atan(1.5 * spread) / .pi }
    }

    private struct Draw {
        let rows: ShiftRows
        let labels: [Int32]
    }

    private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// Rows of a law; under `labels` three in four are positive, and P(x | y) stays.
    private static func draw(_ count: Int, _ law: Law, index: Int, purpose: String = "test.coverage") -> Draw {
        var stream = RandomStream(seed: 23, purpose: "\(purpose).\(law.rawValue)", index: UInt64(index))
        let (z, noise) = (stream.normal([4 * count + 40]).doubles, stream.normal([4 * count + 40]).doubles)
        var (x, y): ([Double], [Int32]) = ([], [])
        let keeps = stream.uniform([4 * count + 40]).doubles
        for place in z.indices where x.count < count {
            let value = z[place] * law.spread
            let label: Int32 = noise[place] < 1.5 * value ? 1 : 0
            // Half the rows are positive; of the negative ones a third is kept.
            if law == .labels, label == 0, keeps[place] > 1.0 / 3 { continue }
            x.append(value)
            y.append(label)
        }
        return Draw(rows: EstimateFixture.rows(x.map { sigmoid(4 * $0) }), labels: y)
    }

    /// The closed form is what many rows show.
    @Test(arguments: Law.allCases) private func truthsAreThoseOfTheLaw(law: Law) {
        let many = Self.draw(40_000, law, index: 0, purpose: "test.truth")
        for metric in [PerformanceMetric.accuracy, .balancedAccuracy] {
            #expect(abs(metric.value(of: many.rows, labels: many.labels) - law.truth) < 0.01, "\(metric)")
        }
    }

    /// The share of 100 trials in which the 90 % interval of the sample's value, and that of the drop, hold the truth.
    private static func coverage(
        _ estimator: any AccuracyEstimator, _ law: Law
    ) -> (sample: Double, drop: Double) {
        let (there, here) = (law.truth, Law.none.truth)
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
        #expect(coverage.drop >= 0.7, "\(coverage)")
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
        #expect(abs(found[0].drop.value - gap) < 1e-12)
    }

    /// Like is compared with like: of the reference itself no estimator says that the model has become worse, however
    /// cautious its calibration is. A model that is always right, and says so, was taken to have fallen by some points.
    @Test(arguments: AccuracyEstimatorFamily.standard.all.map(\.name)) func theReferenceHasNotFallen(kind: String)
        throws
    {
        let estimator = try #require(Described<AccuracyEstimatorFamily>(kind: kind)).member
        guard estimator.ensembles.isEmpty, !estimator.usesFeatures else { return }
        let sure = (0..<120).map { row -> Double in
            let step = Double(row) / 1000
            return row % 2 == 0 ? 0.02 + step : 0.98 - step
        }
        let rows = EstimateFixture.rows(sure)
        let reference = ReferenceRows(rows, labels: sure.map { $0 > 0.5 ? 1 : 0 })
        let found = PerformanceBootstrap(estimator, reference: reference, draws: 60, seed: 1).estimate(of: rows)
        #expect(found.drop.value == 0 && found.drop.low <= 0 && found.drop.high >= 0, "\(found)")
        #expect(found.reference.value == 1 && found.sample.value == 1)
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
