/// Scores in order, and where a new one falls among them.
///
/// If rows are exchangeable, the smoothed rank of each among all before it and itself is uniform on (0, 1), and the ranks
/// are independent of each other: what a betting test needs.
///
/// Source: Vovk, Gammerman, Shafer, Algorithmic learning in a random world, 2005, proposition 2.8.
struct RankedScores: Codable, Sendable, Equatable {
    /// The scores so far, never decreasing.
    private(set) var sorted: [Double]

    /// Takes the first scores. Traps on one that is not finite.
    init(_ scores: [Double]) {
        precondition(scores.allSatisfy(\.isFinite), "ranked scores: one is not finite")
        sorted = scores.sorted()
    }

    /// Adds a score and gives its smoothed rank from above: (larger ones + u (equal ones, itself included)) / all, for u
    /// uniform on (0, 1). Traps unless the score is finite.
    mutating func rank(adding score: Double, tieBreak u: Double) -> Double {
        precondition(score.isFinite, "ranked scores: \(score)")
        let rank = smoothedRank(of: score, tieBreak: u)
        sorted.insert(score, at: place { $0 <= score })
        return rank
    }

    /// The same without adding it: uniform only for the first row that is asked.
    func smoothedRank(of score: Double, tieBreak u: Double) -> Double {
        let (first, end) = (place { $0 < score }, place { $0 <= score })
        return (Double(sorted.count - end) + u * Double(end - first + 1)) / Double(sorted.count + 1)
    }

    /// How many scores, from the lowest on, are before the place that is sought.
    private func place(_ isBefore: (Double) -> Bool) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(sorted[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        sorted = try container.decode([Double].self)
        guard sorted.allSatisfy(\.isFinite), zip(sorted, sorted.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "scores are not in order")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(sorted)
    }
}
