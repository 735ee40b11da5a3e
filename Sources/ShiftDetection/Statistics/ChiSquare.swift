import Foundation

/// Pearson's chi-square of a table of counts: whether its rows have the same frequencies of columns.
///
/// Columns and rows without a count are left out, and the degrees of freedom counted over what is left; where fewer than
/// two of either remain there is nothing to tell apart: statistic 0, p 1. No continuity correction.
public struct ChiSquare: Sendable, Equatable {
    /// Sum of (observed - expected)^2 / expected.
    public let statistic: Double
    /// (rows - 1) (columns - 1).
    public let degrees: Int

    /// Compares rows of counts. Traps where they differ in length or a count is below 0.
    public init(_ table: [[Int]]) {
        precondition(
            table.allSatisfy { $0.count == table[0].count && $0.allSatisfy { $0 >= 0 } }, "chi-square: table \(table)")
        let rows = table.map { Double($0.reduce(0, +)) }.filter { $0 > 0 }
        let counted = table.filter { $0.contains { $0 > 0 } }
        let places = (table.first ?? []).indices.filter { column in table.contains { $0[column] > 0 } }
        let columns = places.map { column in Double(table.reduce(0) { $0 + $1[column] }) }
        let total = rows.reduce(0, +)
        degrees = max(0, rows.count - 1) * max(0, places.count - 1)
        guard degrees > 0 else {
            statistic = 0
            return
        }
        var sum = 0.0
        for (row, rowTotal) in zip(counted, rows) {
            for (place, columnTotal) in zip(places, columns) {
                let expected = rowTotal * columnTotal / total
                let gap = Double(row[place]) - expected
                sum += gap * gap / expected
            }
        }
        statistic = sum
    }

    /// The share of the chi-square law at or above the statistic: right for many counts, approximate for few; never 0.
    public var pValue: Double {
        degrees == 0 ? 1 : max(.leastNonzeroMagnitude, Self.upperTail(statistic, degrees: degrees))
    }

    /// P(X >= x), X the sum of the squares of `degrees` standard normal numbers.
    public static func upperTail(_ x: Double, degrees: Int) -> Double {
        precondition(degrees > 0, "chi-square: \(degrees) degrees of freedom")
        return x <= 0 ? 1 : IncompleteGamma.upper(Double(degrees) / 2, x / 2)
    }
}

/// The regularised incomplete gamma function.
enum IncompleteGamma {
    /// Q(a, x) = integral of t^(a-1) e^-t from x on, over Gamma(a): by the series for x < a + 1, else by the continued
    /// fraction (Lentz). `a` is a multiple of 1/2 above 0.
    static func upper(_ a: Double, _ x: Double) -> Double {
        guard x > 0 else { return 1 }
        let front = exp(a * log(x) - x - logGamma(a))
        return x < a + 1 ? max(0, 1 - front * series(a, x)) : front * fraction(a, x)
    }

    /// sum over k of x^k / (a (a + 1) ... (a + k)).
    private static func series(_ a: Double, _ x: Double) -> Double {
        var (term, sum, k) = (1 / a, 1 / a, a)
        while term > sum * 1e-17 {
            k += 1
            term *= x / k
            sum += term
        }
        return sum
    }

    /// 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - ...))).
    private static func fraction(_ a: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / b
        var result = d
        for k in 1...10_000 {
            let factor = -Double(k) * (Double(k) - a)
            b += 2
            d = factor * d + b
            d = 1 / (abs(d) < tiny ? tiny : d)
            c = b + factor / c
            if abs(c) < tiny { c = tiny }
            result *= d * c
            if abs(d * c - 1) < 1e-16 { break }
        }
        return result
    }

    /// ln Gamma of a multiple of 1/2, from Gamma(1/2) = sqrt(pi) or Gamma(1) = 1 upwards.
    private static func logGamma(_ a: Double) -> Double {
        var place = a
        var result = 0.0
        while place > 1 {
            place -= 1
            result += log(place)
        }
        return place == 0.5 ? result + log(Double.pi) / 2 : result
    }
}
