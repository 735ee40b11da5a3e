/// How good the model is estimated to be on a sample, beside the reference.
public struct PerformanceEstimate: Codable, Sendable, Equatable {
    /// What is estimated.
    public let metric: PerformanceMetric
    /// The sample's, without labels.
    public let sample: AccuracyInterval
    /// The reference's, from its labels.
    public let reference: AccuracyInterval
    /// The reference's minus the sample's: above 0 where the model is worse. Both are drawn anew together, so that its
    /// interval is narrower than the two apart would make it.
    public let drop: AccuracyInterval
    /// The share of truths that the intervals are to hold, 0 to 1; of its two ends, each is passed by half the rest.
    public let level: Double
    /// Classes among which the model chooses.
    public let classes: Int
    /// Whether the sample's interval is a proven bound from below, which cannot show that the model is worse.
    public let isBound: Bool

    /// Gathers an estimate.
    public init(
        metric: PerformanceMetric, sample: AccuracyInterval, reference: AccuracyInterval, drop: AccuracyInterval,
        level: Double, classes: Int, isBound: Bool = false
    ) {
        (self.metric, self.sample, self.reference, self.drop) = (metric, sample, reference, drop)
        (self.level, self.classes, self.isBound) = (level, classes, isBound)
    }

    /// Whether a bound promises no more than guessing one of the classes would reach.
    public var isVacuous: Bool { isBound && sample.low <= 1 / Double(classes) }

    /// Whether harm is shown: the whole interval of the drop lies above 0, and its value reaches `margin`.
    public func showsHarm(margin: Double) -> Bool { !isBound && drop.low > 0 && drop.value >= margin }

    /// Whether the whole interval of the drop lies above `margin`, which some tens of rows hardly ever show, true labels
    /// included: of 50 labels alone the standard error is 0.06.
    public func clearlyShowsHarm(margin: Double) -> Bool { !isBound && drop.low > margin }
}
