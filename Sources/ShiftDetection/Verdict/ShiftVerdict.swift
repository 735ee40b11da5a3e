/// What is said of a sample: two decisions, and everything they rest on.
public struct ShiftVerdict: Codable, Sendable, Equatable {
    /// The decision in one word.
    public enum Finding: String, Codable, Sendable, CaseIterable {
        /// Drawn differently, and the estimated accuracy lies wholly below the reference's minus the margin.
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
    /// The accuracy estimated on the sample; nil where the reference has no labels.
    public let estimated: AccuracyInterval?
    /// The accuracy on the reference rows with its own interval; nil where they have no labels.
    public let reference: AccuracyInterval?
    /// The level of *different*.
    public let alpha: Double
    /// How much lower an accuracy must be to be harmful, 0 to 1.
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

    /// Decides: different where p <= alpha; harmful where also estimated.high < reference.value - margin.
    public init(
        test: MethodResult, estimated: AccuracyInterval?, reference: AccuracyInterval?, alpha: Double, margin: Double,
        reasons: [String] = []
    ) {
        (self.test, self.estimated, self.reference) = (test, estimated, reference)
        (self.alpha, self.margin, self.reasons) = (alpha, margin, reasons)
        let isDifferent = test.permutations.pValue <= alpha
        let isWorse = estimated.flatMap { mine in reference.map { mine.high < $0.value - margin } } ?? false
        finding = !isDifferent ? .noEvidence : isWorse ? .harmful : .different
    }
}
