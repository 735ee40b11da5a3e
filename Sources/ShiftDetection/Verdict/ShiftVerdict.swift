/// What is said of a sample: two decisions, and everything they rest on.
///
/// Beside a p-value, which holds its level whatever the estimate of performance does, the interval of the drop keeps
/// chance out, and the margin says how much matters.
public struct ShiftVerdict: Codable, Sendable, Equatable {
    /// The decision in one word.
    public enum Finding: String, Codable, Sendable, CaseIterable {
        /// Drawn differently, and the model's estimated performance has fallen: the whole interval of the drop lies above
        /// 0, and its value reaches the margin.
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
    /// Rows of the sample.
    public let rows: Int
    /// The test behind *different*; nil where it could not be made.
    public let test: MethodResult?
    /// How good the model is estimated to be on the sample; nil where the reference has no labels.
    public let estimate: PerformanceEstimate?
    /// The level of *different*.
    public let alpha: Double
    /// How much the estimated performance must fall to be harmful, 0 to 1.
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

    /// Decides: different where p <= alpha; harmful where the estimate also shows harm.
    public init(
        rows: Int, test: MethodResult, estimate: PerformanceEstimate?, alpha: Double, margin: Double,
        reasons: [String] = []
    ) {
        (self.rows, self.test, self.estimate) = (rows, test, estimate)
        (self.alpha, self.margin, self.reasons) = (alpha, margin, reasons)
        let isDifferent = test.permutations.pValue <= alpha
        let isWorse = estimate?.showsHarm(margin: margin) ?? false
        finding = !isDifferent ? .noEvidence : isWorse ? .harmful : .different
    }

    /// A sample of which nothing can be said, and why. Traps without a reason.
    public init(cannotSay reasons: [String], rows: Int, alpha: Double, margin: Double) {
        precondition(!reasons.isEmpty, "shift verdict: nothing can be said, and no reason why")
        finding = .cannotSay
        (self.rows, test, estimate) = (rows, nil, nil)
        (self.alpha, self.margin, self.reasons) = (alpha, margin, reasons)
    }

    /// Whether the whole interval of the drop lies above the margin: more than *harmful* asks.
    public var isClearlyHarmful: Bool {
        finding == .harmful && (estimate?.clearlyShowsHarm(margin: margin) ?? false)
    }
}
