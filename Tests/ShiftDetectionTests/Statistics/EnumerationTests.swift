import Testing

@testable import ShiftDetection

/// Permutation tests against the enumeration of every subset.
@Suite struct EnumerationTests {
    private struct Permutations: Decodable {
        struct Result: Decodable {
            let statistic: Double
            let subsets, as_large: Int
            let p: Double
        }
        struct Case: Decodable {
            let q, p: [Double]
            let mean, ks, largest: Result
        }
        struct Sampled: Decodable {
            let as_large, permutations: Int
            let p: Double
        }
        struct Binary: Decodable {
            let ones_q, rows_q, ones_p, rows_p: Int
            let p: Double
        }

        let enumerated: [Case]
        let sampled: [Sampled]
        let binary: [Binary]
    }

    private let known: Permutations

    init() throws { known = try ShiftFixtures.read("permutations", as: Permutations.self) }

    /// Every subset of `size` of 0..<count, in order.
    private func subsets(_ size: Int, of count: Int) -> [[Int]] {
        guard size > 0 else { return [[]] }
        return stride(from: size - 1, to: count, by: 1).flatMap { last in
            subsets(size - 1, of: last).map { $0 + [last] }
        }
    }

    /// Ties count against the finding: with >, and not >=, half of these would be smaller.
    @Test func everySubsetIsCountedOnce() {
        for known in known.enumerated {
            let pool = known.q + known.p
            let own = Array(0..<known.q.count)
            let others = subsets(own.count, of: pool.count).filter { $0 != own }
            let columns = OrderedColumns(Points(pool))
            let ways: [(Permutations.Result, ([Int]) -> Double)] = [
                (known.ks, { columns.largestGap(of: $0) }),
                (known.mean, { rows in rows.reduce(0) { $0 + pool[$1] } / Double(rows.count) }),
                (known.largest, { rows in rows.map { pool[$0] }.max() ?? 0 }),
            ]
            for (wanted, statistic) in ways {
                let test = PermutationTest(statistic: statistic(own), null: others.map(statistic))
                #expect(others.count + 1 == wanted.subsets && near(test.statistic, wanted.statistic))
                #expect(near(test.pValue, wanted.p), "\(test.pValue) for \(wanted.p)")
            }
        }
    }

    @Test func drawnSubsetsNeverGiveZero() {
        for known in known.sampled {
            let null = (0..<known.permutations).map { $0 < known.as_large ? 1.0 : 0.0 }
            #expect(PermutationTest(statistic: 1, null: null).pValue == known.p && known.p > 0)
        }
    }

    /// Of scores that are 0 or 1, the subsets' law is Fisher's.
    @Test func binaryScoresAreFisher() {
        for known in known.binary {
            let test = FisherExact(events: known.ones_q, of: known.rows_q, against: known.ones_p, of: known.rows_p)
            #expect(near(test.greater, known.p, 1e-10))
        }
    }
}
