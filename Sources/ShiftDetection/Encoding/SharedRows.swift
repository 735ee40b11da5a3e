import Basics
import Foundation

/// Rows of one table that stand in another one too.
///
/// Rows of T in P would make the model look better than it is; rows of P in Q would hide a shift. But tables of few columns
/// and few digits meet by chance. Rows that the first table holds more than once prove nothing; of the others, as many are no
/// sign of anything as chance lets expect, with three standard errors: by the pairs of equal rows within the first table,
/// and by the pairs of equal values within each of its columns, as if columns were independent.
public struct SharedRows: Sendable, Equatable {
    /// Places in the second table of rows that the first has too, rising.
    public let places: [Int]
    /// How many of them meet a row that the first table has once.
    public let single: Int
    /// How many of those chance explains.
    public let explained: Int

    /// Looks for rows of `first` in `second`; both have the same columns. No columns, no shared rows.
    public init(of first: RawRows, in second: RawRows) {
        guard !first.columns.isEmpty, first.count > 0 else {
            (places, single, explained) = ([], 0, 0)
            return
        }
        var counts: [[UInt64]: Int] = [:]
        for row in 0..<first.count { counts[first.key(row), default: 0] += 1 }
        places = (0..<second.count).filter { counts[second.key($0)] != nil }
        single = places.count { counts[second.key($0)] == 1 }
        let (n, m) = (Double(first.count), Double(second.count))
        // Of Good and Turing: what is seen once is as likely as what is seen twice was.
        let twice = Double(counts.values.count { $0 == 2 })
        let byRows = m * 2 * (twice + 3 * twice.squareRoot()) / n
        let byColumns = n * m * first.columns.reduce(1) { $0 * Self.chanceOfEqual($1) }
        let expected = max(byRows, byColumns)
        // What is hardly ever expected is not explained.
        explained = expected < 0.02 ? 0 : min(second.count, Int((expected + 3 * expected.squareRoot()).rounded(.up)))
    }

    /// A bound on the chance that two values of a column are equal, from its equal pairs; numbers of many digits that never
    /// are have none.
    private static func chanceOfEqual(_ values: [Double]) -> Double {
        let pairs = Double(values.count) * Double(values.count - 1) / 2
        guard pairs > 0 else { return 1 }
        var counts: [UInt64: Int] = [:]
        for value in values { counts[value.isNaN ? .max : (value + 0).bitPattern, default: 0] += 1 }
        let equal = counts.values.reduce(0.0) { $0 + Double($1) * Double($1 - 1) / 2 }
        let isLong = values.count { !isShort($0) } * 2 > values.count
        return min(1, (equal + (isLong && equal == 0 ? 0 : 3 * (equal + 1).squareRoot())) / pairs)
    }

    /// Whether a number has at most four digits behind the point.
    private static func isShort(_ value: Double) -> Bool {
        let scaled = value * 1e4
        return value.isNaN || abs(scaled - scaled.rounded()) <= 1e-6 * max(1, abs(scaled))
    }

    /// Whether there are more than chance explains.
    public var isTooMany: Bool { single > explained }

    /// The rows as a person counts them in a file with a header, a long list shortened.
    public var lines: String {
        let shown = places.prefix(10).map { "\($0 + 1)" }.joined(separator: ", ")
        return places.count > 10 ? "\(shown) and \(places.count - 10) more" : shown
    }
}
