import Basics

/// How good the model in use is on rows without labels, from what it says of them and how good it was on the reference.
///
/// An estimator is its settings. All of them assume that rows of equal outputs are right as often as in the reference:
/// where that changes (the same symptoms, another disease), nothing without labels can see it.
public protocol AccuracyEstimator: ComponentConfig {
    /// What is estimated.
    var metric: PerformanceMetric { get }
    /// The ensembles that it asks.
    var ensembles: Set<EnsembleKind> { get }
    /// Whether it looks at features where rows have them.
    var usesFeatures: Bool { get }

    /// Learns what the reference says.
    ///
    /// - seed: key of what is drawn, where anything is.
    func fitted(to reference: ReferenceRows, seed: UInt64) -> any FittedAccuracy
}

extension AccuracyEstimator {
    /// The share of rows that are classified right.
    public var metric: PerformanceMetric { .accuracy }
    /// None.
    public var ensembles: Set<EnsembleKind> { [] }
    /// It looks at outputs alone.
    public var usesFeatures: Bool { false }
}

/// An estimator that has seen the reference.
public protocol FittedAccuracy: Sendable {
    /// The estimate on a sample, 0 to 1.
    func value(of sample: ShiftRows) -> Double
    /// The estimate with an interval of its own, where the estimator proves one; otherwise nil, and rows are drawn anew.
    func bound(of sample: ShiftRows) -> AccuracyInterval?
}

extension FittedAccuracy {
    /// It proves nothing.
    public func bound(of sample: ShiftRows) -> AccuracyInterval? { nil }
}

/// A number from 0 to 1, or a difference of two, with the interval in which it lies with a stated probability.
public struct AccuracyInterval: Codable, Sendable, Equatable {
    /// The estimate.
    public let value: Double
    /// The lower end.
    public let low: Double
    /// The upper end.
    public let high: Double

    /// A value between two ends.
    public init(value: Double, low: Double, high: Double) {
        (self.value, self.low, self.high) = (value, low, high)
    }
}
