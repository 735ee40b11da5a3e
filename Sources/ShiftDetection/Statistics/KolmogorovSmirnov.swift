import Foundation

/// The two-sample test of Kolmogorov and Smirnov: the largest gap between two empirical distribution functions.
///
/// Its p-values are exact: the share of all ways in which the pooled values could have fallen into two samples of these
/// sizes that have a gap at least as large. Which ways are counted is a walk over the lattice of (values of the first,
/// values of the second) that are passed; each step adds positive numbers only, so that small p-values are as exact as
/// large ones.
///
/// Source: Hodges, The significance probability of the Smirnov two-sample test, 1958; with ties, Schroer and Trenkler,
/// Exact and randomization distributions of Kolmogorov-Smirnov tests, 1995.
public struct KolmogorovSmirnov: Sendable, Equatable {
    /// max |F(x) - G(x)| over x, both functions continuous from the right.
    public let statistic: Double
    /// The gap in whole steps: |i n - j m|, i of m and j of n values passed.
    private let gap: Int
    private let sizes: [Int]
    /// Whether a new value begins after so many of the pooled values.
    private let isEnd: [Bool]

    /// The products of sizes above which the limit of many values takes the place of the exact p-value.
    static let exactLimit = 25_000_000

    /// Compares two samples; nil where one is empty or holds a value that is not finite.
    public init?(_ first: [Double], against second: [Double]) {
        guard !first.isEmpty, !second.isEmpty, (first + second).allSatisfy(\.isFinite) else { return nil }
        let (a, b) = (first.sorted(), second.sorted())
        var (i, j, largest) = (0, 0, 0)
        var ends = [Bool](repeating: false, count: a.count + b.count + 1)
        while i < a.count || j < b.count {
            let value = i == a.count ? b[j] : j == b.count ? a[i] : min(a[i], b[j])
            while i < a.count, a[i] == value { i += 1 }
            while j < b.count, b[j] == value { j += 1 }
            ends[i + j] = true
            largest = max(largest, abs(i * b.count - j * a.count))
        }
        (gap, sizes, isEnd) = (largest, [a.count, b.count], ends)
        statistic = Double(largest) / Double(a.count * b.count)
    }

    /// Whether some values are equal.
    public var hasTies: Bool { isEnd.dropFirst().contains(false) }

    /// Whether the p-values are exact: the product of the sizes is at most 25 million.
    public var isExact: Bool { sizes[0] * sizes[1] <= Self.exactLimit }

    /// The p-value given which values are equal; never 0. Without ties it is SciPy's `method="exact"`.
    public var pValue: Double { isExact ? share(ends: isEnd) : limit }

    /// The p-value as if no values were equal, SciPy's `method="exact"`: too large with ties.
    public var pValueWithoutTies: Double {
        isExact ? share(ends: [Bool](repeating: true, count: isEnd.count)) : limit
    }

    /// The share of walks to (m, n) that are at a gap of at least `gap` at one of the ends.
    private func share(ends: [Bool]) -> Double {
        guard gap > 0 else { return 1 }
        let (m, n) = (sizes[0], sizes[1])
        var row = [Double](repeating: 0, count: n + 1)
        row.withUnsafeMutableBufferPointer { row in
            ends.withUnsafeBufferPointer { ends in
                for i in 0...m {
                    for j in 0...n where i + j > 0 {
                        let left = j > 0 ? row[j - 1] * Double(j) : 0
                        let isFar = ends[i + j] && abs(i * n - j * m) >= gap
                        row[j] = isFar ? 1 : (row[j] * Double(i) + left) / Double(i + j)
                    }
                }
            }
        }
        return min(1, row[n])
    }

    /// Kolmogorov's limit: 2 sum over k of (-1)^(k - 1) exp(-2 k^2 d^2 m n / (m + n)).
    private var limit: Double {
        let (m, n) = (Double(sizes[0]), Double(sizes[1]))
        let scaled = statistic * statistic * m * n / (m + n)
        guard scaled > 0.04 else { return 1 }
        var (sum, sign) = (0.0, 1.0)
        for k in 1...100 {
            sum += sign * exp(-2 * Double(k * k) * scaled)
            sign = -sign
        }
        return min(1, max(.leastNonzeroMagnitude, 2 * sum))
    }
}

/// A pool's columns in order, for the gap between any sample of its rows and the others.
struct OrderedColumns: Sendable {
    /// Of each column, the rows in the order of their values.
    private let orders: [[Int]]
    /// Of each column, whether the value at this place is the last of its kind.
    private let isLast: [[Bool]]
    private let isFinite: Bool

    /// Orders every column of a pool.
    init(_ points: Points) {
        let columns = sortedColumns(points)
        orders = columns.map(\.order)
        isLast = columns.map(\.isLast)
        isFinite = points.values.allSatisfy(\.isFinite)
    }

    /// The largest gap over the columns between the rows at `sample` and all others; not a number where one is none.
    func largestGap(of sample: [Int]) -> Double {
        guard isFinite else { return .nan }
        let count = orders.first?.count ?? 0
        let (m, n) = (sample.count, count - sample.count)
        var isMember = [Bool](repeating: false, count: count)
        for place in sample { isMember[place] = true }
        var largest = 0
        for (order, isLast) in zip(orders, isLast) {
            var (i, j) = (0, 0)
            for (place, ends) in zip(order, isLast) {
                if isMember[place] { i += 1 } else { j += 1 }
                if ends { largest = max(largest, abs(i * n - j * m)) }
            }
        }
        return Double(largest) / Double(m * n)
    }
}

private func sortedColumns(_ points: Points) -> [(order: [Int], isLast: [Bool])] {
    (0..<points.width).map { column in
        let values = points.column(column)
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        let isLast = order.indices.map { place in
            place + 1 == order.count || values[order[place]] != values[order[place + 1]]
        }
        return (order, isLast)
    }
}
