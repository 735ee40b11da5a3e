import Foundation
import Tensors
import Testing

@testable import ShiftDetection

@Suite struct RankBettingTests {
    @Test func startsWithOne() { #expect(abs(RankBetting().logWealth) < 1e-12) }

    /// The mean wealth after the next rank is the wealth before it, whatever came first.
    @Test(arguments: [[], [0.5], [0.01, 0.02, 0.97], Array(repeating: 0.1, count: 40)])
    func isAMartingale(before: [Double]) {
        var betting = RankBetting()
        before.forEach { betting.bet(on: $0) }
        let (now, parts) = (exp(betting.logWealth), 200_000)
        // The densities have poles at both ends: r = sin(pi s / 2)^2 takes the places closer there.
        let mean = (0..<parts).reduce(0.0) { sum, part in
            let angle = Double.pi / 2 * (Double(part) + 0.5) / Double(parts)
            let sine = sin(angle)
            var next = betting
            next.bet(on: min(max(sine * sine, 1e-300), 1 - 1e-16))
            return sum + exp(next.logWealth) * .pi * sine * cos(angle) / Double(parts)
        }
        #expect(abs(mean / now - 1) < 1e-3)
    }

    @Test func keepsAPartHoweverLongNothingHappens() {
        var betting = RankBetting()
        for row in 0..<10_000 { betting.bet(on: (Double((row * 7_919) % 10_000) + 0.5) / 10_000) }
        #expect(betting.logWealth > log(0.15))
    }

    @Test func ranksAreThoseOfAllRowsSoFar() {
        var ranks = RankedScores([3, 1, 2, 2])
        #expect(ranks.rank(adding: 2, tieBreak: 0.5) == 0.5)
        #expect(ranks.sorted == [1, 2, 2, 2, 3])
        #expect(ranks.rank(adding: 9, tieBreak: 0.25) == 0.25 / 6)
        #expect(ranks.rank(adding: 0, tieBreak: 0.5) == 6.5 / 7)
    }
}
