import Foundation

/// A gambler who starts with 1 and bets that ranks are not uniform: under uniform, independent ranks the wealth is a
/// martingale, so that it ever reaches 1 / alpha with probability alpha at most (Ville's inequality).
///
/// The stake is spread over the row at which a change may come. Until then it is kept: after t rows the share
/// (1 + t / 10)^(-1/4) is left, so that the wealth never falls to nothing while nothing happens, and a change is found
/// late as well as early. What is staked at a row is divided equally among densities of ranks: powers for scores that
/// rise or fall, a little or much, and two beta densities for scores that spread or gather.
///
/// Sources: Vovk, Nouretdinov, Gammerman, Testing exchangeability on-line, 2003; Shin, Ramdas, Rinaldo, E-detectors,
/// 2024, for the mixture over the time of change.
struct RankBetting: Codable, Sendable, Equatable {
    /// Ranks seen.
    private(set) var count = 0
    /// Logarithm of what each density's bets are worth.
    private var bets: [Double]

    init() {
        bets = Self.densities.map { _ in log(Self.stake(0) / Double(Self.densities.count)) }
    }

    /// Logarithm of the wealth.
    var logWealth: Double {
        logSum(bets + [log(Self.kept(count + 1))])
    }

    /// Bets on a rank, which lies strictly between 0 and 1.
    mutating func bet(on rank: Double) {
        precondition(rank > 0 && rank < 1, "rank betting: a rank of \(rank)")
        let (low, high) = (log(rank), log1p(-rank))
        count += 1
        let fresh = log(Self.stake(count) / Double(Self.densities.count))
        for (place, density) in Self.densities.enumerated() {
            // What the next row's stake adds is divided now, so that a state is complete after every row.
            bets[place] = logAdd(bets[place] + density.logValue(low, high), fresh)
        }
    }

    /// Beta(a, b): B(a, b)^(-1) r^(a - 1) (1 - r)^(b - 1).
    private struct Density {
        let (a, b): (Double, Double)
        let constant: Double

        init(_ a: Double, _ b: Double) {
            (self.a, self.b) = (a, b)
            constant = lgamma(a + b) - lgamma(a) - lgamma(b)
        }

        func logValue(_ low: Double, _ high: Double) -> Double { constant + (a - 1) * low + (b - 1) * high }
    }

    private static let densities: [Density] = [
        Density(0.4, 1), Density(1, 2), Density(1, 4), Density(1, 0.4), Density(2, 1), Density(4, 1),
        Density(0.5, 0.5), Density(2, 2),
    ]

    /// What is kept for the rows after the first t.
    private static func kept(_ t: Int) -> Double { pow(1 + Double(t) / 10, -0.25) }
    /// What is staked on a change at row t, counted from 0; all stakes and what is kept make 1.
    private static func stake(_ t: Int) -> Double { kept(t) - kept(t + 1) }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        count = try fields.decode(Int.self, forKey: .count)
        bets = try fields.decode([Double].self, forKey: .bets)
        guard count >= 0, bets.count == Self.densities.count, bets.allSatisfy(\.isFinite) else {
            throw DecodingError.dataCorruptedError(
                forKey: .bets, in: fields, debugDescription: "bets of another version, or damaged")
        }
    }

    private enum CodingKeys: String, CodingKey { case count, bets }
}

/// log(exp(a) + exp(b)).
private func logAdd(_ a: Double, _ b: Double) -> Double { max(a, b) + log1p(exp(-abs(a - b))) }

/// log(sum of exp), whose terms may be too large or small for exp.
func logSum(_ values: [Double]) -> Double {
    let top = values.max() ?? -.infinity
    return top.isFinite ? top + log(values.reduce(0) { $0 + exp($1 - top) }) : top
}
