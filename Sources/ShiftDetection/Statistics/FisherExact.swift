import Foundation

/// Fisher's exact test: whether an event is as frequent in one sample as in another.
///
/// Given the sums of the table, the count of the first sample follows the hypergeometric law.
public struct FisherExact: Sendable, Equatable {
    /// The probability of all counts that are at most as probable as this one.
    public let pValue: Double
    /// The probability of a count at least as large in the first sample.
    public let greater: Double

    /// `events` of `rows` in the first sample against `others` of `otherRows`. Traps on counts that cannot be.
    public init(events: Int, of rows: Int, against others: Int, of otherRows: Int) {
        precondition(
            events >= 0 && events <= rows && others >= 0 && others <= otherRows,
            "Fisher's test: \(events) of \(rows) against \(others) of \(otherRows)")
        let (total, all) = (rows + otherRows, events + others)
        var factorials = [0.0]
        for k in stride(from: 1, through: total, by: 1) { factorials.append(factorials[k - 1] + log(Double(k))) }
        func choices(_ n: Int, _ k: Int) -> Double { factorials[n] - factorials[k] - factorials[n - k] }
        func probability(_ count: Int) -> Double {
            exp(choices(rows, count) + choices(otherRows, all - count) - choices(total, all))
        }
        let law = (max(0, all - otherRows)...min(rows, all)).map { (count: $0, probability: probability($0)) }
        let own = probability(events) * (1 + 1e-10)
        pValue = min(1, law.filter { $0.probability <= own }.reduce(0) { $0 + $1.probability })
        greater = min(1, law.filter { $0.count >= events }.reduce(0) { $0 + $1.probability })
    }
}
