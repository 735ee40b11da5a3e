import Testing

@testable import ShiftDetection

@Suite struct CalibrationTests {
    private struct IsotonicFile: Decodable {
        struct Case: Decodable {
            let name: String
            let x, y: [Double]
            let weights: [Double]?
            let fitted, at, values: [Double]
        }
        let cases: [Case]
    }

    @Test func isotonicRegressionIsScikitLearns() throws {
        let cases = try EstimateFixture.read("isotonic", IsotonicFile.self).cases
        #expect(cases.count >= 6)
        for one in cases {
            let fit = IsotonicRegression(x: one.x, y: one.y, weights: one.weights)
            for (x, wanted) in zip(one.x + one.at, one.fitted + one.values) {
                #expect(abs(fit(x) - wanted) < 1e-12, "\(one.name) at \(x)")
            }
        }
    }

    @Test func isotonicRegressionOfOnePointIsConstant() {
        let fit = IsotonicRegression(x: [0.4], y: [0.7])
        #expect(fit(0) == 0.7 && fit(1) == 0.7 && fit.x == [0.4])
    }

    private struct HarmFile: Decodable {
        struct Values: Decodable {
            let accuracy, balanced_accuracy, auc: Double
        }
        struct Reference: Decodable {
            let proba: [Double]
            let y: [Int32]
        }
        struct Case: Decodable {
            let reference: Reference
            let sample: [Double]
            let slope, offset: Double
            let calibrated_sample: [Double]
            let reference_realised, reference_expected, sample_expected: Values
        }
        let cases: [Case]
    }

    @Test func logisticCalibrationIsScikitLearns() throws {
        for one in try EstimateFixture.read("harm", HarmFile.self).cases {
            let fit = LogisticCalibration(
                probabilities: one.reference.proba, isPositive: one.reference.y.map { $0 == 1 })
            #expect(abs(fit.scale - one.slope) < 1e-6 && abs(fit.offset - one.offset) < 1e-6)
            for (p, wanted) in zip(one.sample, one.calibrated_sample) { #expect(abs(fit(p) - wanted) < 1e-6) }
        }
    }

    @Test func expectedPerformanceIsThePrototypes() throws {
        for one in try EstimateFixture.read("harm", HarmFile.self).cases {
            let reference = ReferenceRows(EstimateFixture.rows(one.reference.proba), labels: one.reference.y)
            let sample = EstimateFixture.rows(one.sample)
            for (metric, path) in [
                (PerformanceMetric.accuracy, \HarmFile.Values.accuracy), (.balancedAccuracy, \.balanced_accuracy),
                (.auc, \.auc),
            ] {
                var estimator = LogisticPerformance()
                estimator.metric = metric
                let fitted = estimator.fitted(to: reference, seed: 0)
                let realised = metric.value(of: reference.rows, labels: reference.labels)
                #expect(abs(realised - one.reference_realised[keyPath: path]) < 1e-9, "\(metric) realised")
                #expect(abs(fitted.value(of: sample) - one.sample_expected[keyPath: path]) < 1e-6, "\(metric) on Q")
                #expect(
                    abs(fitted.value(of: reference.rows) - one.reference_expected[keyPath: path]) < 1e-6,
                    "\(metric) on P")
            }
        }
    }

    @Test func logisticCalibrationStaysFiniteOnOneOutcome() {
        let fit = LogisticCalibration(probabilities: [0.2, 0.9, 1, 0], isPositive: [true, true, true, true])
        #expect(fit.scale.isFinite && fit.offset.isFinite)
        #expect(fit(0.5) > 0.9 && fit(0) < 1.0001)
    }

    @Test func calibratedChancesOfManyClassesSumToOne() {
        let rows = EstimateFixture.rows([[0.7, 0.2, 0.1], [0.1, 0.5, 0.4], [0.3, 0.3, 0.4], [0.05, 0.05, 0.9]])
        let reference = ReferenceRows(rows, labels: [0, 1, 2, 2])
        for calibration in [ProbabilityCalibration.isotonic, .logistic, .none] {
            let chances = calibration.fitted(to: reference).chances(rows)
            for row in 0..<4 {
                let sum: Double = chances[(3 * row)..<(3 * row + 3)].reduce(0, +)
                #expect(abs(sum - 1) < 1e-12)
            }
        }
    }
}
