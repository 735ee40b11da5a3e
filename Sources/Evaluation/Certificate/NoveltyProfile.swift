import Basics

/// How many networks of a population are new *and* good, the further from the zoo the fewer: its novelty-and-performance
/// profile.
///
/// share(m) = |{i : d_i > m d_0 and a_i > bar}| / P, with d_i the distance of network i from its nearest zoo network, d_0
/// the mean distance of a zoo network from its nearest other one (leave one out), and a_i its test accuracy. The score is
/// the mean of the shares at m = 1, 2, 3, 4 and 6, as in "Canonicalize, Then Generate". A network without a distance, or
/// without an accuracy, is in no share.
///
/// In a zoo of independent networks those that took part in nothing lie at about d_0 themselves, so that only half of them
/// are beyond m = 1: read a profile beside the fresh networks' own. Zoos with several checkpoints of a run have a far
/// smaller d_0. Where we differ: distances are up to permutations, scales and signs.
public struct NoveltyProfile: Sendable, Equatable {
    /// The multiples of d_0 of a profile.
    public static let multiples = [1, 2, 3, 4, 5, 6]
    /// The multiples whose shares make the score.
    static let scored: Set = [1, 2, 3, 4, 6]

    /// Which networks.
    public var population: PopulationKind
    /// The same for people.
    public var label: String
    /// The accuracy that has to be passed, a fraction.
    public var bar: Double
    /// d_0 in the unit of the networks' distances.
    public var unit: Double
    /// P, the number of networks.
    public var count: Int
    /// Shares of all networks, one a multiple.
    public var shares: [Double]

    /// Mean of the shares that count for the score.
    public var score: Double {
        let counted = zip(Self.multiples, shares).filter { Self.scored.contains($0.0) }.map(\.1)
        return counted.reduce(0, +) / Double(counted.count)
    }

    /// The profile of networks at distances that are in one unit with `unit`, the zoo's own; traps without any.
    public init(
        _ population: PopulationKind, label: String? = nil, points: [NetworkPoint], unit: Double, bar: Double
    ) {
        precondition(!points.isEmpty, "NoveltyProfile: no networks")
        self.population = population
        self.label = label ?? population.label
        (self.bar, self.unit, count) = (bar, unit, points.count)
        shares = Self.multiples.map { multiple in
            let passed = points.count { $0.distance > Double(multiple) * unit && $0.accuracy > bar }
            return Double(passed) / Double(points.count)
        }
    }

    /// The profile of a judged population with its single networks beside the zoo's row; nil where either has none, or
    /// the zoo's own distances are not known.
    public init?(_ row: EvaluationRow, zoo: EvaluationRow, bar: Double) {
        guard !row.points.isEmpty, let unit = zoo.novelty?.zooToZoo?.mean, unit.isFinite else { return nil }
        self.init(row.population, label: row.label, points: row.points, unit: unit, bar: bar)
    }
}

extension NoveltyProfile: Codable {
    private enum CodingKeys: String, CodingKey {
        case population = "what"
        case label, bar, unit, shares, score
        case count = "n"
    }

    /// Writes an object; `shares` belong to the multiples 1 to 6.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(population, forKey: .population)
        try container.encode(label, forKey: .label)
        try container.encodeNumber(bar, forKey: .bar)
        try container.encodeNumber(unit, forKey: .unit)
        try container.encode(count, forKey: .count)
        try container.encodeNumbers(shares, forKey: .shares)
        try container.encodeNumber(score, forKey: .score)
    }

    /// Reads an object; throws `DecodingError` where there is not a share for each multiple.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        population = try container.decode(PopulationKind.self, forKey: .population)
        label = try container.decode(String.self, forKey: .label)
        bar = try container.decodeNumber(forKey: .bar)
        unit = try container.decodeNumber(forKey: .unit)
        count = try container.decode(Int.self, forKey: .count)
        shares = try container.decodeNumbers(forKey: .shares)
        guard shares.count == Self.multiples.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .shares, in: container, debugDescription: "expected \(Self.multiples.count) shares")
        }
    }
}
