import Basics

/// Why generated networks are bad: the known causes in the order in which they are worth a look, each with its number.
///
/// The order is that of how often a cause alone takes networks to chance, and how cheap it is to mend: running statistics
/// that belong to other weights, networks in many frames, scales that differ, codes that lose the network, too few
/// networks, and last the model of the codes itself.
public struct Diagnosis: Sendable, Equatable, Codable {
    /// The causes, in the order in which they are looked at.
    public enum Cause: String, Sendable, Codable, CaseIterable {
        case statistics
        case frame
        case scales
        case roundTrip = "round-trip"
        case tooFewNetworks = "too-few-networks"
        case codeModel = "code-model"

        /// The cause for people.
        public var label: String {
            switch self {
            case .statistics: "statistics not refreshed"
            case .frame: "frame not unified"
            case .scales: "scales of units"
            case .roundTrip: "round trip"
            case .tooFewNetworks: "too few networks"
            case .codeModel: "code model"
            }
        }
    }

    /// What was found of one cause.
    public struct Finding: Sendable, Equatable {
        /// The cause.
        public var cause: Cause
        /// Whether its number says that it is at work; nil where nothing was measured.
        public var isSuspect: Bool?
        /// Its number: points of accuracy, shares or factors; nil where nothing was measured.
        public var value: Double?
        /// The number in a sentence.
        public var text: String
        /// What to do about it.
        public var advice: String

        /// Puts a finding together.
        public init(_ cause: Cause, isSuspect: Bool?, value: Double?, text: String, advice: String = "") {
            (self.cause, self.isSuspect, self.value, self.text, self.advice) = (cause, isSuspect, value, text, advice)
        }

        /// The state in a word: `yes`, `no`, or `not measured`.
        public var word: String { isSuspect.map { $0 ? "yes" : "no" } ?? "not measured" }
    }

    /// One finding a cause, in their order.
    public var findings: [Finding]

    /// The first cause whose number speaks against it.
    public var first: Finding? { findings.first { $0.isSuspect == true } }

    /// Takes findings that were made elsewhere, in the order of causes.
    public init(findings: [Finding]) { self.findings = findings }

    /// Looks at every cause: what a run knows of itself, and the rows that it was judged by.
    public init(_ facts: DiagnosisFacts, rows: [EvaluationRow], limits: VerdictLimits = .init()) {
        let examiner = CauseExaminer(facts: facts, rows: rows, limits: limits)
        self.init(findings: Cause.allCases.map(examiner.finding))
    }

    /// The first cause with its number and what to do, in a sentence; where no number speaks against any, that.
    public var sentence: String {
        guard let first else { return "None of the known causes shows in the run's numbers." }
        return "Look first at \(first.cause.label): \(first.text)\(first.advice.isEmpty ? "" : "; \(first.advice)")."
    }
}

extension Diagnosis.Finding: Codable {
    private enum CodingKeys: String, CodingKey {
        case cause, value, text, advice
        case isSuspect = "suspect"
    }

    /// Writes an object; what was not measured is null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(cause, forKey: .cause)
        try container.encode(isSuspect, forKey: .isSuspect)
        try container.encodeNumber(value ?? .nan, forKey: .value)
        try container.encode(text, forKey: .text)
        try container.encode(advice, forKey: .advice)
    }

    /// Reads an object.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(Diagnosis.Cause.self, forKey: .cause),
            isSuspect: try container.decode(Bool?.self, forKey: .isSuspect),
            value: try container.decode(Double?.self, forKey: .value),
            text: try container.decode(String.self, forKey: .text),
            advice: try container.decode(String.self, forKey: .advice))
    }
}
