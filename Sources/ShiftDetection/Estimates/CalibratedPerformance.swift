import Basics

/// The performance that is expected if each row is of each class with its calibrated probability.
///
/// CBPE (confidence-based performance estimation): the accuracy is the mean of the predicted classes' calibrated
/// probabilities. The calibration is isotonic regression on all the reference.
///
/// Source: NannyML, `CBPE`, which leaves the calibration out where a third of the reference gains nothing by it, and
/// orders classes whose labels are words by the alphabet; here it is always fitted, and the classes are in the order of
/// their columns.
public struct IsotonicPerformance: AccuracyEstimator {
    /// What is estimated.
    public var metric = PerformanceMetric.accuracy

    /// The accuracy.
    public init() {}

    /// What can be set.
    public static let keys = [metricKey]

    /// Fits the calibration.
    public func fitted(to reference: ReferenceRows, seed: UInt64) -> any FittedAccuracy {
        FittedPerformance(metric: metric, calibration: ProbabilityCalibration.isotonic.fitted(to: reference))
    }
}

/// The performance that is expected if each row is of each class with its probability, calibrated by two numbers.
///
/// On some hundred reference rows it is without bias where isotonic regression is not; of the estimators that were
/// compared on patients of four hospitals it told harmful from harmless best.
public struct LogisticPerformance: AccuracyEstimator {
    /// What is estimated.
    public var metric = PerformanceMetric.balancedAccuracy

    /// The balanced accuracy.
    public init() {}

    /// What can be set.
    public static let keys = [metricKey]

    /// Fits the calibration.
    public func fitted(to reference: ReferenceRows, seed: UInt64) -> any FittedAccuracy {
        FittedPerformance(metric: metric, calibration: ProbabilityCalibration.logistic.fitted(to: reference))
    }
}

/// The performance that is expected if the model's probabilities are what they say: the mean confidence, for accuracy.
///
/// Networks are surer than they are right, so that it is usually too high.
public struct AverageConfidence: AccuracyEstimator {
    /// What is estimated.
    public var metric = PerformanceMetric.accuracy

    /// The accuracy.
    public init() {}

    /// What can be set.
    public static let keys = [metricKey]

    /// Needs nothing of the reference.
    public func fitted(to reference: ReferenceRows, seed: UInt64) -> any FittedAccuracy {
        FittedPerformance(metric: metric, calibration: ProbabilityCalibration.none.fitted(to: reference))
    }
}

private let metricKey = ConfigKey(
    "metric", .choice(PerformanceMetric.allCases.map(\.rawValue)), "What is estimated")

private struct FittedPerformance: FittedAccuracy {
    let metric: PerformanceMetric
    let calibration: FittedCalibration

    func value(of sample: ShiftRows) -> Double { metric.value(of: sample, chances: calibration.chances(sample)) }
}
