import Basics

/// Numbers that networks were asked for, and what they have: is a prompt obeyed?
public struct PromptTable: Sendable, Equatable {
    /// One value that was asked for.
    public struct Asked: Codable, Sendable, Equatable {
        /// What was asked.
        public let value: Double
        /// What the networks have, one number each; networks that were not finite have none.
        public let achieved: [Double]

        /// A value and what came of it.
        public init(_ value: Double, achieved: [Double]) { (self.value, self.achieved) = (value, achieved) }
    }

    /// What the number is called.
    public let name: String
    /// The values, rising.
    public let asked: [Asked]

    /// Collects values; they are put in order.
    public init(name: String, _ asked: [Asked]) {
        self.name = name
        self.asked = asked.sorted { $0.value < $1.value }
    }

    private var pairs: [(asked: Double, achieved: Double)] {
        asked.flatMap { asked in asked.achieved.map { (asked.value, $0) } }.filter { $0.1.isFinite }
    }

    /// Mean over networks of |asked - achieved|; NaN without any.
    public var meanDistance: Double {
        let pairs = pairs
        return pairs.reduce(0) { $0 + abs($1.asked - $1.achieved) } / Double(pairs.count)
    }

    /// Mean over values of |asked - mean achieved|.
    public var meanDistanceOfMeans: Double {
        let distances = asked.map { abs($0.value - SampleStatistics($0.achieved).mean) }
        return distances.reduce(0, +) / Double(distances.count)
    }

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

extension PromptTable: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, asked, correlation
        case meanDistance = "mean_distance"
        case meanDistanceOfMeans = "mean_distance_of_means"
        case upperCorrelation = "upper_correlation"
    }

    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decode(String.self, forKey: .name), try fields.decode([Asked].self, forKey: .asked))
    }

    /// Writes the values and what they amount to; what is not finite is null.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(asked, forKey: .asked)
        try fields.encodeNumber(meanDistance, forKey: .meanDistance)
        try fields.encodeNumber(meanDistanceOfMeans, forKey: .meanDistanceOfMeans)
        try fields.encodeNumber(correlation, forKey: .correlation)
        try fields.encodeNumber(upperCorrelation, forKey: .upperCorrelation)
    }
}
