import Basics
import Foundation
import Tensors
import Testing

@testable import ShiftDetection

@Suite struct AccuracyEstimatorTests {
    private struct File: Decodable {
        struct Threshold: Decodable {
            struct Case: Decodable {
                let confidence: [Double]
                let right: [Int]
                let new: [Double]
                let threshold: Double?
                let reference_at_or_above, estimate: Double
            }
            let cases: [Case]
        }
        struct Bound: Decodable {
            let n_source, n_target: Int
            let delta, epsilon: Double
        }
        let atc: Threshold
        let dis2: [Bound]
    }

    @Test func closedFormsOfExpectedPerformance() {
        let rows = EstimateFixture.rows([0.9, 0.8, 0.3, 0.6])
        func value(_ metric: PerformanceMetric) -> Double {
            metric.value(of: rows, chances: rows.probabilities.doubles)
        }
        #expect(abs(value(.accuracy) - 0.75) < 1e-12)
        #expect(abs(value(.f1) - 0.8214285714285714) < 1e-12)
        let balanced: Double = (2.3 / 2.6 + 0.7 / 1.4) / 2
        #expect(abs(value(.balancedAccuracy) - balanced) < 1e-12)
        let many = EstimateFixture.rows([[0.7, 0.2, 0.1], [0.1, 0.5, 0.4], [0.3, 0.3, 0.4], [0.05, 0.05, 0.9]])
        #expect(abs(PerformanceMetric.accuracy.value(of: many, chances: many.probabilities.doubles) - 0.625) < 1e-12)
        let confident = AverageConfidence().fitted(to: ReferenceRows(many, labels: [0, 1, 2, 2]), seed: 0)
        #expect(abs(confident.value(of: many) - 0.625) < 1e-12)
    }

    @Test func realisedPerformanceOfRowsWithLabels() {
        let rows = EstimateFixture.rows([0.9, 0.8, 0.3, 0.6, 0.1])
        let labels: [Int32] = [1, 0, 1, 1, 0]
        func value(_ metric: PerformanceMetric) -> Double { metric.value(of: rows, labels: labels) }
        let (recalls, pairs): (Double, Double) = ((2.0 / 3 + 0.5) / 2, 4.0 / 6)
        #expect(value(.accuracy) == 0.6)
        #expect(abs(value(.balancedAccuracy) - recalls) < 1e-12)
        #expect(abs(value(.f1) - pairs) < 1e-12)
        #expect(abs(value(.auc) - pairs) < 1e-12)
        let tied = EstimateFixture.rows([0.5, 0.5, 0.5])
        #expect(PerformanceMetric.auc.value(of: tied, labels: [0, 1, 0]) == 0.5)
        #expect(PerformanceMetric.auc.value(of: tied, labels: [1, 1, 1]) == 0.5)
    }

    @Test func thresholdIsRightOnTies() throws {
        for one in try EstimateFixture.read("estimators", File.self).atc.cases {
            let rows = EstimateFixture.rows(one.confidence)
            // A model that says the second class is right where that is the label.
            let reference = ReferenceRows(rows, labels: one.right.map { Int32($0) })
            let fitted = ThresholdedConfidence().fitted(to: reference, seed: 0)
            let threshold = try #require(fitted as? ThresholdedConfidence.Fitted).threshold
            let wanted = one.threshold ?? .infinity
            #expect(threshold == wanted)
            #expect(fitted.value(of: EstimateFixture.rows(one.new)) == one.estimate)
            #expect(fitted.value(of: rows) == one.reference_at_or_above)
        }
    }

    @Test func termForChanceOfDis2() throws {
        for one in try EstimateFixture.read("estimators", File.self).dis2 {
            let chance = DisagreementDiscrepancy.chance(
                reference: one.n_source, sample: one.n_target, delta: one.delta)
            #expect(abs(chance - one.epsilon) < 1e-12)
        }
        let small = DisagreementDiscrepancy.chance(reference: 120, sample: 50, delta: 0.01)
        #expect(abs(small - 0.350) < 5e-4)
    }

    @Test func dis2IsVacuousOnAHundredRowsAndNotOnThousands() {
        func estimate(_ reference: Int, _ sample: Int, shift: Double) -> PerformanceEstimate {
            let (known, labels) = Self.draw(reference, mean: 0, 1)
            let (new, _) = Self.draw(sample, mean: shift, 2)
            return PerformanceBootstrap(
                DisagreementDiscrepancy(), reference: ReferenceRows(known, labels: labels), draws: 20, seed: 1
            ).estimate(of: new)
        }
        let small = estimate(120, 50, shift: 0)
        #expect(small.isBound && small.isVacuous && !small.showsHarm(margin: 0))
        let large = estimate(4_000, 4_000, shift: 0)
        #expect(large.isBound && !large.isVacuous && large.sample.low > 0.55)
        #expect(large.sample.value <= large.reference.value)
        #expect(estimate(1_000, 1_000, shift: 5).sample.value < estimate(1_000, 1_000, shift: 0).sample.value)
    }

    /// Rows of one feature, its log odds halved by the model.
    private static func draw(_ count: Int, mean: Double, _ index: UInt64) -> (ShiftRows, [Int32]) {
        var stream = RandomStream(seed: 5, purpose: "test.dis2", index: index)
        let x = stream.normal([count]).doubles.map { $0 * 2 + mean }
        let u = stream.uniform([count]).doubles
        let rows = EstimateFixture.rows(x.map { 1 / (1 + exp(-$0 / 2)) })
        return (
            ShiftRows(features: Tensor(x.map { Float($0) }, shape: [count, 1]), probabilities: rows.probabilities),
            zip(x, u).map { $1 < 1 / (1 + exp(-$0)) ? 1 : 0 }
        )
    }

    @Test func agreementIsTheShareOfEqualPredictions() {
        func rows(_ model: [Double], _ member: [Double]) -> ShiftRows {
            let said = EstimateFixture.rows(member).probabilities
            return ShiftRows(
                features: nil, probabilities: EstimateFixture.rows(model).probabilities,
                ensembles: [.trained: said.reshaped([1, member.count, 2])])
        }
        let known = rows([0.1, 0.9, 0.8, 0.2, 0.7], [0.2, 0.8, 0.4, 0.1, 0.3])
        let reference = ReferenceRows(known, labels: [0, 1, 1, 0, 0])
        var estimator = EnsembleAgreement()
        #expect(abs(estimator.fitted(to: reference, seed: 0).value(of: known) - 0.8) < 1e-12)
        estimator.corrected = false
        #expect(abs(estimator.fitted(to: reference, seed: 0).value(of: known) - 0.6) < 1e-12)
    }

    private struct NannyFile: Decodable {
        struct Part: Decodable {
            let y: [Int32]
            let proba: [Double]
        }
        struct Case: Decodable {
            let chunk_size: Int
            let accuracy, f1, roc_auc: [Double]
        }
        let reference, analysis: Part
        let cases: [Case]
    }

    @Test func cbpeIsNannyMLs() throws {
        let file = try EstimateFixture.read("nannyml", NannyFile.self)
        let reference = ReferenceRows(EstimateFixture.rows(file.reference.proba), labels: file.reference.y)
        for one in file.cases {
            for (chunk, wanted) in one.accuracy.enumerated() {
                let range = chunk * one.chunk_size..<(chunk + 1) * one.chunk_size
                let rows = EstimateFixture.rows(Array(file.analysis.proba[range]))
                func estimate(_ metric: PerformanceMetric) -> Double {
                    var estimator = IsotonicPerformance()
                    estimator.metric = metric
                    return estimator.fitted(to: reference, seed: 0).value(of: rows)
                }
                #expect(abs(estimate(.accuracy) - wanted) < 1e-12)
                #expect(abs(estimate(.f1) - one.f1[chunk]) < 1e-12)
                // NannyML's AUC pairs a row with itself.
                #expect(abs(estimate(.auc) - one.roc_auc[chunk]) < 0.02)
            }
        }
    }

    @Test func kindsAreReadByName() throws {
        for (kind, type) in [
            ("logistic", "LogisticPerformance"), ("cbpe", "IsotonicPerformance"), ("atc", "ThresholdedConfidence"),
        ] {
            let member = try #require(AccuracyEstimatorFamily.standard[kind])
            #expect(member.name == kind && !member.documentation.isEmpty)
            let read = try JSONDecoder().decode(
                Described<AccuracyEstimatorFamily>.self, from: Data(#"{"kind": "\#(kind)", "metric": "auc"}"#.utf8))
            #expect("\(Swift.type(of: read.member))" == type)
        }
        #expect(Described<AccuracyEstimatorFamily>().kind == "logistic")
    }
}
