import Basics

/// Rows of one table that stand in another one too.
///
/// Rows of T in P would make the model look better than it is; rows of P in Q would hide a shift. Tables of few columns
/// repeat themselves, though: as many as the repetitions within the first table let expect are no sign of anything.
public struct SharedRows: Sendable, Equatable {
    /// Places in the second table of rows that the first has too, rising.
    public let places: [Int]
    /// How many the repetitions within the first table explain.
    public let explained: Int

    /// Looks for rows of `first` in `second`; both have the same columns. No columns, no shared rows.
    public init(of first: RawRows, in second: RawRows) {
        guard !first.columns.isEmpty, first.count > 0 else {
            (places, explained) = ([], 0)
            return
        }
        var counts: [[UInt64]: Int] = [:]
        for row in 0..<first.count { counts[first.key(row), default: 0] += 1 }
        places = (0..<second.count).filter { counts[second.key($0)] != nil }
        // The share of rows that meet themselves again within the first table, and what that lets expect, with three
        // standard errors.
        let repeated = counts.values.reduce(0) { $0 + ($1 > 1 ? $1 : 0) }
        let share = Double(repeated) / Double(first.count)
        let expected = share * Double(second.count)
        explained = min(second.count, Int((expected + 3 * (expected * (1 - share)).squareRoot()).rounded(.up)))
    }

    /// Whether there are more than repetitions explain.
    public var isTooMany: Bool { places.count > explained }

    /// The rows as a person counts them in a file with a header, a long list shortened.
    public var lines: String {
        let shown = places.prefix(10).map { "\($0 + 1)" }.joined(separator: ", ")
        return places.count > 10 ? "\(shown) and \(places.count - 10) more" : shown
    }
}
