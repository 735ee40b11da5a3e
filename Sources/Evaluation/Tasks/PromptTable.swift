import Basics

/// Numbers that networks were asked for, and what they have: is a prompt obeyed?
public struct PromptTable: Sendable, Equatable {
    /// What networks have that were chosen among more, by rows that the answers were not measured on.
    public struct Selection: Sendable, Equatable {
        /// One in how many networks was kept, those nearest to what was asked.
        public let oneIn: Int
        /// What these have.
        public let answers: PromptAnswers

        /// A selection and what came of it.
        public init(oneIn: Int, _ answers: PromptAnswers) { (self.oneIn, self.answers) = (oneIn, answers) }
    }

    /// What the number is called.
    public let name: String
    /// What networks have as they are drawn.
    public let drawn: PromptAnswers
    /// The same of networks chosen among more, where any were.
    public let selections: [Selection]

    /// Collects what was asked and achieved.
    public init(name: String, _ drawn: PromptAnswers, selections: [Selection] = []) {
        (self.name, self.drawn, self.selections) = (name, drawn, selections)
    }
}

/// Values that were asked for, and what networks have.
public struct PromptAnswers: Sendable, Equatable {
    /// One value that was asked for.
    public struct Asked: Codable, Sendable, Equatable {
        /// What was asked.
        public let value: Double
        /// What the networks have, one number each; networks that were not finite have none.
        public let achieved: [Double]

        /// A value and what came of it.
        public init(_ value: Double, achieved: [Double]) { (self.value, self.achieved) = (value, achieved) }

        /// Mean achieved less asked: how far networks are shifted as a whole.
        public var shift: Double { SampleStatistics(achieved).mean - value }

        /// Mean over networks of |asked - achieved|, shift and spread together.
        public var distance: Double { SampleStatistics(achieved.map { abs($0 - value) }).mean }
    }

    /// The values, rising.
    public let asked: [Asked]

    /// Collects values; they are put in order.
    public init(_ asked: [Asked]) { self.asked = asked.sorted { $0.value < $1.value } }

    private var pairs: [(asked: Double, achieved: Double)] {
        asked.flatMap { asked in asked.achieved.map { (asked.value, $0) } }.filter { $0.1.isFinite }
    }

    /// Mean over networks of |asked - achieved|; NaN without any.
    public var meanDistance: Double {
        let pairs = pairs
        return pairs.reduce(0) { $0 + abs($1.asked - $1.achieved) } / Double(pairs.count)
    }

    /// Mean over values of |asked - mean achieved|: the part of the distance that is shift, not spread.
    public var meanDistanceOfMeans: Double { asked.reduce(0) { $0 + abs($1.shift) } / Double(asked.count) }

    /// Pearson's r between asked and achieved, over networks; NaN where either does not vary.
    public var correlation: Double { Self.correlation(pairs) }

    /// The same over the values in the upper half of their range, where asking is hard: most networks are good.
    public var upperCorrelation: Double {
        guard let first = asked.first?.value, let last = asked.last?.value else { return .nan }
        return Self.correlation(pairs.filter { $0.asked >= (first + last) / 2 })
    }

    private static func correlation(_ pairs: [(asked: Double, achieved: Double)]) -> Double {
        let count = Double(pairs.count)
        let x = pairs.reduce(0) { $0 + $1.asked } / count
        let y = pairs.reduce(0) { $0 + $1.achieved } / count
        let (xx, yy) = (
            pairs.reduce(0) { $0 + ($1.asked - x) * ($1.asked - x) },
            pairs.reduce(0) { $0 + ($1.achieved - y) * ($1.achieved - y) }
        )
        return pairs.reduce(0) { $0 + ($1.asked - x) * ($1.achieved - y) } / (xx * yy).squareRoot()
    }
}

extension PromptAnswers: Codable {
    private enum CodingKeys: String, CodingKey {
        case asked, correlation
        case meanDistance = "mean_distance"
        case meanDistanceOfMeans = "mean_distance_of_means"
        case upperCorrelation = "upper_correlation"
    }

    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.container(keyedBy: CodingKeys.self).decode([Asked].self, forKey: .asked))
    }

    /// Writes the values and what they amount to; what is not finite is null.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(asked, forKey: .asked)
        try fields.encodeNumber(meanDistance, forKey: .meanDistance)
        try fields.encodeNumber(meanDistanceOfMeans, forKey: .meanDistanceOfMeans)
        try fields.encodeNumber(correlation, forKey: .correlation)
        try fields.encodeNumber(upperCorrelation, forKey: .upperCorrelation)
    }
}

extension PromptTable: Codable {
    private enum CodingKeys: String, CodingKey { case name, selections }

    /// Reads what `encode` wrote; without `selections` there are none.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decode(String.self, forKey: .name), try PromptAnswers(from: decoder),
            selections: try fields.decodeIfPresent([Selection].self, forKey: .selections) ?? [])
    }

    /// Writes the answers of networks as they are drawn beside the name, and those of selections in a list.
    public func encode(to encoder: any Encoder) throws {
        try drawn.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        if !selections.isEmpty { try fields.encode(selections, forKey: .selections) }
    }
}

extension PromptTable.Selection: Codable {
    private enum CodingKeys: String, CodingKey { case oneIn = "one_in" }

    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(oneIn: try fields.decode(Int.self, forKey: .oneIn), try PromptAnswers(from: decoder))
    }

    /// Writes one in how many was kept beside the answers.
    public func encode(to encoder: any Encoder) throws {
        try answers.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(oneIn, forKey: .oneIn)
    }
}
