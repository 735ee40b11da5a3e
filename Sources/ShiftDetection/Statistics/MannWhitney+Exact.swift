import Evaluation
import Foundation

extension MannWhitney {
    /// The p-values of U.
    public struct PValues: Sendable, Equatable {
        /// The probability of a U at most as large: small where the first sample's values are the smaller.
        public let less: Double
        /// The probability of a U at least as large.
        public let greater: Double
        /// Twice the smaller of both, at most 1.
        public let twoSided: Double
        /// Whether they are counts of all ways to choose the first sample from the pooled values, ties as they are;
        /// else they are those of the normal law, ties and continuity corrected.
        public let isExact: Bool
    }

    /// The products of sizes up to which p-values are exact.
    static let exactLimit = 10_000

    /// The p-values of a comparison; exact where the product of the sizes is at most 10,000. Nil where a sample is empty
    /// or holds a value that is not finite.
    ///
    /// With ties the exact ones are those of all permutations; SciPy's `method="exact"` knows none.
    public static func pValues(_ first: [Double], against second: [Double]) -> PValues? {
        guard let test = MannWhitney(first, against: second) else { return nil }
        let groups = tieGroups(first + second)
        guard first.count * second.count <= exactLimit else {
            return normal(u: test.u, first.count, second.count, groups)
        }
        // U in halves where values are equal, else in whole steps.
        let unit = groups.contains { $0 > 1 } ? 2 : 1
        let ways = ways(first.count, groups, unit: unit)
        let own = Int((test.u * Double(unit)).rounded())
        let all = ways.reduce(0, +)
        let less = min(1, ways[...own].reduce(0, +) / all)
        let greater = min(1, ways[own...].reduce(0, +) / all)
        return PValues(less: less, greater: greater, twoSided: min(1, 2 * min(less, greater)), isExact: true)
    }

    /// How many values are equal, from the smallest value to the largest.
    private static func tieGroups(_ values: [Double]) -> [Int] {
        var (groups, last): ([Int], Double?) = ([], nil)
        for value in values.sorted() {
            if value == last { groups[groups.count - 1] += 1 } else { groups.append(1) }
            last = value
        }
        return groups
    }

    /// Of each U (times `unit`), in how many ways m of the values reach it.
    ///
    /// Values are passed from the smallest; of a group of t equal ones, c are taken in C(t, c) ways, and each is larger
    /// than those passed over before, and half larger than the group's others.
    private static func ways(_ m: Int, _ groups: [Int], unit: Int) -> [Double] {
        let total = groups.reduce(0, +)
        let length = m * (total - m) * unit + 1
        var table = [[Double]](repeating: [], count: m + 1)
        table[0] = [1]
        var seen = 0
        for size in groups {
            var next = [[Double]](repeating: [], count: m + 1)
            for taken in max(0, m - (total - seen))...min(m, seen) where !table[taken].isEmpty {
                for chosen in 0...min(size, m - taken) {
                    let rise = unit * chosen * (seen - taken) + unit * chosen * (size - chosen) / 2
                    add(table[taken], times: choices(size, chosen), at: rise, to: &next[taken + chosen], length)
                }
            }
            (table, seen) = (next, seen + size)
        }
        return table[m] + [Double](repeating: 0, count: max(0, length - table[m].count))
    }

    private static func add(
        _ ways: [Double], times factor: Double, at rise: Int, to sum: inout [Double], _ length: Int
    ) {
        let end = min(length, rise + ways.count)
        guard rise < end else { return }
        if sum.count < end { sum += [Double](repeating: 0, count: end - sum.count) }
        sum.withUnsafeMutableBufferPointer { sum in
            ways.withUnsafeBufferPointer { ways in
                for place in rise..<end { sum[place] += factor * ways[place - rise] }
            }
        }
    }

    private static func choices(_ n: Int, _ k: Int) -> Double {
        (0..<k).reduce(1) { ($0 * Double(n - $1) / Double($1 + 1)).rounded() }
    }

    private static func normal(u: Double, _ first: Int, _ second: Int, _ groups: [Int]) -> PValues {
        let (m, n) = (Double(first), Double(second))
        let ties = groups.reduce(0.0) { $0 + Double($1 * $1 * $1 - $1) }
        let deviation = (m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1)))).squareRoot()
        guard deviation > 0 else { return PValues(less: 1, greater: 1, twoSided: 1, isExact: false) }
        let gap = u - m * n / 2
        func below(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }
        return PValues(
            less: below((gap + 0.5) / deviation), greater: below((0.5 - gap) / deviation),
            twoSided: min(1, 2 * below((0.5 - abs(gap)) / deviation)), isExact: false)
    }
}
