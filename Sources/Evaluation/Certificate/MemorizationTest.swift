import Basics

/// The three-sample test of memorization: do networks lie nearer to the zoo than networks that have never seen it?
///
/// The distances of both to their nearest zoo network are compared by Mann and Whitney's U. AUC = U / (m n) is the chance
/// that a network lies further from the zoo than a fresh one, 1/2 without a difference; z is U minus its mean in its
/// standard deviations (``MannWhitney``). Far below zero is copying. Meehan, Chaudhuri and Dasgupta, A non-parametric
/// test to detect data-copying in generative models, AISTATS 2020; there in cells of the space, here over all of it.
public struct MemorizationTest: Sendable, Equatable {
    /// From this z on there is no sign of memorization: 2.3 % of populations that have copied nothing fall below it.
    public static let limit = -2.0

    /// m, the networks that were tested: those with a distance.
    public var count: Int
    /// n, the fresh networks.
    public var freshCount: Int
    /// The chance that a network lies further from the zoo than a fresh one.
    public var auc: Double
    /// The same in standard deviations from what chance alone gives.
    public var z: Double

    /// Compares distances, those that are not finite left out; nil where nothing is left on a side.
    public init?(_ distances: [Double], fresh: [Double]) {
        let (own, other) = (distances.filter(\.isFinite), fresh.filter(\.isFinite))
        guard let test = MannWhitney(own, against: other) else { return nil }
        (count, freshCount, z) = (own.count, other.count, test.z)
        auc = test.u / (Double(own.count) * Double(other.count))
    }

    /// Compares the single networks of two rows.
    public init?(_ row: EvaluationRow, fresh: EvaluationRow) {
        self.init(row.points.map(\.distance), fresh: fresh.points.map(\.distance))
    }

    /// Whether nothing speaks for memorization.
    public var passes: Bool { z >= Self.limit }
}

extension MemorizationTest: Codable {
    private enum CodingKeys: String, CodingKey {
        case auc, z, passes
        case count = "n"
        case freshCount = "n_fresh"
    }

    /// Writes an object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        try container.encode(freshCount, forKey: .freshCount)
        try container.encodeNumber(auc, forKey: .auc)
        try container.encodeNumber(z, forKey: .z)
        try container.encode(passes, forKey: .passes)
    }

    /// Reads an object; null becomes NaN.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        count = try container.decode(Int.self, forKey: .count)
        freshCount = try container.decode(Int.self, forKey: .freshCount)
        auc = try container.decodeNumber(forKey: .auc)
        z = try container.decodeNumber(forKey: .z)
    }
}
