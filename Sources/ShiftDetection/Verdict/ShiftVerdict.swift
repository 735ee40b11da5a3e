/// What is said of a sample: two decisions, and everything they rest on.
///
/// *Different*: p <= alpha. *Harmful*: different, and the change of the metric that is estimated from the reference to
/// the sample is at least the margin downwards, with a one-sided 95 % bound below 0. *Clearly* harmful: the whole 95 %
/// interval of the change lies below the margin, which some tens of rows hardly ever show, true labels included: of 50
/// labels alone the standard error is 0.06. Beside a p-value, which holds its level whatever the estimate does, the bound
/// keeps chance out and the margin says how much matters.
public struct ShiftVerdict: Codable, Sendable, Equatable {
    /// The decision in one word.
    public enum Finding: String, Codable, Sendable, CaseIterable {
        /// Drawn differently, and the model is estimated to be worse there by at least the margin.
        case harmful
        /// Drawn differently; that the model is worse there is not shown.
        case different
        /// Nothing speaks against Q being drawn like the reference.
        case noEvidence = "no-evidence"
        /// The data do not allow a decision; the reasons say why.
        case cannotSay = "cannot-say"
    }

    /// The decision.
    public let finding: Finding
    /// The test behind *different*.
    public let test: MethodResult
    /// How the model is estimated to do on the sample; nil where the reference has no labels.
    public let harm: HarmEstimate?
    /// The level of *different*.
    public let alpha: Double
    /// How much lower the metric must be to be harmful, 0 to 1.
    public let margin: Double
    /// Why, in sentences for a person.
    public let reasons: [String]

    /// One method's test of one sample.
    public struct MethodResult: Codable, Sendable, Equatable {
        /// The method's kind.
        public let method: String
        /// The statistic and those of the subsets.
        public let permutations: PermutationTest
        /// What the level rests on.
        public let level: ShiftLevel

        /// A method's result.
        public init(method: String, permutations: PermutationTest, level: ShiftLevel) {
            (self.method, self.permutations, self.level) = (method, permutations, level)
        }
    }

    /// Decides by the rule above; `obstacle` says why nothing can be said.
    public init(
        test: MethodResult, harm: HarmEstimate?, alpha: Double, margin: Double, reasons: [String] = [],
        obstacle: String? = nil
    ) {
        (self.test, self.harm, self.alpha, self.margin) = (test, harm, alpha, margin)
        self.reasons = [obstacle].compactMap { $0 } + reasons
        let isDifferent = test.permutations.pValue <= alpha
        let isWorse = harm.map { $0.isWorse(by: margin) } ?? false
        finding = obstacle != nil ? .cannotSay : !isDifferent ? .noEvidence : isWorse ? .harmful : .different
    }
}

/// How the model in use is estimated to do on a sample without labels, beside the reference.
public struct HarmEstimate: Codable, Sendable, Equatable {
    /// What is estimated.
    public let metric: ShiftMetric
    /// Its value on the reference rows, from their labels, with the 95 % interval of that.
    public let reference: AccuracyInterval
    /// Its value that is estimated on the sample, with the 95 % interval.
    public let estimated: AccuracyInterval
    /// Estimated minus reference, with the 95 % interval: rows of both are resampled together.
    public let change: AccuracyInterval
    /// The upper end of the change that it stays below with 95 % confidence (one-sided).
    public let upperBound: Double

    /// An estimate with its intervals.
    public init(
        metric: ShiftMetric, reference: AccuracyInterval, estimated: AccuracyInterval, change: AccuracyInterval,
        upperBound: Double
    ) {
        (self.metric, self.reference, self.estimated) = (metric, reference, estimated)
        (self.change, self.upperBound) = (change, upperBound)
    }

    /// Whether the change is at least the margin downwards, and below 0 with 95 % confidence.
    public func isWorse(by margin: Double) -> Bool { change.value <= -margin && upperBound < 0 }

    /// Whether the whole interval of the change lies below the margin.
    public func isClearlyWorse(by margin: Double) -> Bool { change.high < -margin }
}

/// What says how good a model is.
public enum ShiftMetric: String, Codable, Sendable, CaseIterable, Hashable {
    /// The share of rows that are classified right.
    case accuracy
    /// The mean over classes of the share that is classified right: a change of the classes' frequencies leaves it
    /// alone.
    case balancedAccuracy = "balanced-accuracy"
    /// The area under the ROC curve, of two classes.
    case auc
}
