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
    /// Why nothing can be said about harm; nil where something can.
    public let obstacle: HarmObstacle?

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

    /// Decides: different where p <= alpha; harmful where the estimate also shows harm, and nothing stands against it:
    /// `obstacle`, no estimate, or one too wide to show any.
    public init(
        rows: Int, test: MethodResult, estimate: PerformanceEstimate?, alpha: Double, margin: Double,
        reasons: [String] = [], obstacle: HarmObstacle? = nil
    ) {
        (self.rows, self.test, self.estimate) = (rows, test, estimate)
        (self.alpha, self.margin, self.reasons) = (alpha, margin, reasons)
        let isDifferent = test.permutations.pValue <= alpha
        let own: HarmObstacle? = estimate.map { $0.couldShowHarm ? nil : .tooWide } ?? .noLabels
        self.obstacle = obstacle ?? own
        let isWorse = self.obstacle == nil && estimate?.showsHarm(margin: margin) ?? false
        finding = !isDifferent ? .noEvidence : isWorse ? .harmful : .different
    }

    /// A sample of which nothing can be said, and why. Traps without a reason.
    public init(cannotSay reasons: [String], rows: Int, alpha: Double, margin: Double) {
        precondition(!reasons.isEmpty, "shift verdict: nothing can be said, and no reason why")
        finding = .cannotSay
        (self.rows, test, estimate, obstacle) = (rows, nil, nil, nil)
        (self.alpha, self.margin, self.reasons) = (alpha, margin, reasons)
    }

    private enum CodingKeys: String, CodingKey {
        case finding, rows, test, estimate, alpha, margin, reasons, obstacle, sentence, meaning
        case pValue = "p_value"
    }

    /// The p-value of *different*; nil where nothing was tested.
    public var pValue: Double? { test?.permutations.pValue }

    /// Writes what can be read again, and for programs what follows from it: the p-value and the sentences.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(finding, forKey: .finding)
        try container.encode(sentence, forKey: .sentence)
        try container.encodeIfPresent(pValue, forKey: .pValue)
        try container.encodeIfPresent(meaning, forKey: .meaning)
        try container.encode(rows, forKey: .rows)
        try container.encodeIfPresent(test, forKey: .test)
        try container.encodeIfPresent(estimate, forKey: .estimate)
        try container.encode(alpha, forKey: .alpha)
        try container.encode(margin, forKey: .margin)
        try container.encode(reasons, forKey: .reasons)
        try container.encodeIfPresent(obstacle, forKey: .obstacle)
    }

    /// Reads a verdict; what follows from its parts is not looked at.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        finding = try container.decode(Finding.self, forKey: .finding)
        rows = try container.decode(Int.self, forKey: .rows)
        test = try container.decodeIfPresent(MethodResult.self, forKey: .test)
        estimate = try container.decodeIfPresent(PerformanceEstimate.self, forKey: .estimate)
        alpha = try container.decode(Double.self, forKey: .alpha)
        margin = try container.decode(Double.self, forKey: .margin)
        reasons = try container.decode([String].self, forKey: .reasons)
        obstacle = try container.decodeIfPresent(HarmObstacle.self, forKey: .obstacle)
    }

    /// Whether the whole interval of the drop lies above the margin: more than *harmful* asks.
    public var isClearlyHarmful: Bool {
        finding == .harmful && (estimate?.clearlyShowsHarm(margin: margin) ?? false)
    }
}
