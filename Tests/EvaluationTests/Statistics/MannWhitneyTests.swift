import Testing

@testable import Evaluation

@Suite struct MannWhitneyTests {
    /// U = 0, mean 2, variance 4 / 12 * 5 = 5/3.
    @Test func smallCaseByHand() throws {
        let result = try #require(MannWhitney([1, 2], against: [3, 4]))
        #expect(result.u == 0)
        #expect(abs(result.z + 2 / (5.0 / 3).squareRoot()) < 1e-15)
    }

    @Test func signIsNegativeWhereTheFirstIsNearer() throws {
        let near = (0..<20).map { Double($0) * 0.01 }
        let far = (0..<30).map { 1 + Double($0) * 0.01 }
        let copying = try #require(MannWhitney(near, against: far))
        let away = try #require(MannWhitney(far, against: near))
        #expect(copying.z < -5)
        #expect(abs(copying.z + away.z) < 1e-12)
        #expect(copying.u == 0 && away.u == 600)
    }

    @Test func interleavedSamplesAreBalanced() throws {
        let result = try #require(MannWhitney([1, 4], against: [2, 3]))
        #expect(result.u == 2)
        #expect(result.z == 0)
    }

    /// Pairs: 1 against 1, 2, 2 gives 1/2; 2 against them 1 + 1/2 + 1/2. U = 2.5, mean 3; N = 5, ties 2 and 3:
    /// variance = 6 / 12 * (6 - (6 + 24) / 20) = 2.25.
    @Test func tiesCountOneHalfAndShrinkTheVariance() throws {
        let result = try #require(MannWhitney([1, 2], against: [1, 2, 2]))
        #expect(result.u == 2.5)
        #expect(abs(result.z + 0.5 / 1.5) < 1e-15)
    }

    @Test func allTiedIsNoEvidence() throws {
        let result = try #require(MannWhitney([3, 3, 3], against: [3, 3]))
        #expect(result.u == 3)
        #expect(result.z == 0)
    }

    @Test func agreesWithCountingPairs() throws {
        let first = (0..<17).map { Double($0 * 7 % 11) }
        let second = (0..<13).map { Double($0 * 5 % 9) + 1 }
        var u = 0.0
        for a in first { for b in second { u += a > b ? 1 : a == b ? 0.5 : 0 } }
        #expect(try #require(MannWhitney(first, against: second)).u == u)
    }

    @Test func unusableSamplesGiveNothing() {
        #expect(MannWhitney([], against: [1]) == nil)
        #expect(MannWhitney([1], against: []) == nil)
        #expect(MannWhitney([.nan], against: [1]) == nil)
    }

    /// Over all ways to call three of seven pooled values the first sample, U has mean m n / 2 and the variance by
    /// which z is standardised, ties or not.
    @Test(arguments: [[1.0, 2, 3, 4, 5, 6, 7], [1, 1, 2, 3, 3, 3, 8], [0, 0, 0, 0, 0, 0, 1]])
    func varianceIsThatOverAllDivisions(_ pooled: [Double]) throws {
        var squares: [Double] = []
        var ratio: Double?
        for chosen in 0..<128 where chosen.nonzeroBitCount == 3 {
            let first = pooled.indices.filter { chosen >> $0 & 1 == 1 }.map { pooled[$0] }
            let second = pooled.indices.filter { chosen >> $0 & 1 == 0 }.map { pooled[$0] }
            let result = try #require(MannWhitney(first, against: second))
            squares.append((result.u - 6) * (result.u - 6))
            if result.z != 0 { ratio = (result.u - 6) * (result.u - 6) / (result.z * result.z) }
        }
        #expect(squares.count == 35)
        #expect(abs(squares.reduce(0, +) / 35 - (try #require(ratio))) < 1e-12)
    }
}
