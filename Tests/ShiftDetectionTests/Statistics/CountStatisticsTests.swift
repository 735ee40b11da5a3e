import Testing

@testable import ShiftDetection

/// Counts and many p-values: equal to SciPy and statsmodels.
@Suite struct CountStatisticsTests {
    private struct Counts: Decodable {
        struct Table: Decodable {
            let table: [[Int]]
            let plain: ReferenceTest
        }
        struct Tail: Decodable {
            let x: Double
            let degrees: Int
            let p: Double
        }
        struct Empty: Decodable {
            let table: [[Int]]
            let statistic, p: Double
            let degrees: Int
        }
        struct Fisher: Decodable {
            let table: [[Int]]
            let two_sided, greater: Double
        }

        let tables: [Table]
        let chi_square_tails: [Tail]
        let empty_class: Empty
        let fisher: [Fisher]
    }

    private struct Many: Decodable {
        struct Case: Decodable {
            let p, holm, benjamini_hochberg, bonferroni: [Double]
        }
        let cases: [Case]
    }

    private let counts: Counts

    init() throws { counts = try ShiftFixtures.read("counts", as: Counts.self) }

    @Test func chiSquareEqualsSciPy() {
        for known in counts.tables {
            let test = ChiSquare(known.table)
            #expect(near(test.statistic, known.plain.statistic ?? -1), "\(known.table)")
            #expect(near(test.pValue, known.plain.p, 1e-11) && test.degrees == known.plain.degrees, "\(known.table)")
        }
    }

    @Test func upperTailEqualsSciPy() {
        for known in counts.chi_square_tails {
            let tail = ChiSquare.upperTail(known.x, degrees: known.degrees)
            #expect(near(tail, known.p, 1e-11), "\(known.x) with \(known.degrees)")
        }
        #expect(ChiSquare.upperTail(1e6, degrees: 3) == 0 && ChiSquare([[100_000, 0], [0, 100_000]]).pValue > 0)
    }

    /// A class that nobody predicted is no evidence and needs no random p-value: it is left out.
    @Test func anEmptyClassIsLeftOut() {
        let known = counts.empty_class
        let test = ChiSquare(known.table)
        #expect(near(test.statistic, known.statistic) && near(test.pValue, known.p, 1e-11))
        #expect(test.degrees == known.degrees && test == ChiSquare(known.table))
        for nothing in [[[3, 0], [9, 0]], [[0, 0], [4, 5]], [[0, 0], [0, 0]]] {
            #expect(ChiSquare(nothing).pValue == 1 && ChiSquare(nothing).statistic == 0, "\(nothing)")
        }
    }

    @Test func fisherEqualsSciPy() {
        for known in counts.fisher {
            let (first, second) = (known.table[0], known.table[1])
            let test = FisherExact(
                events: first[0], of: first[0] + first[1], against: second[0], of: second[0] + second[1])
            #expect(near(test.pValue, known.two_sided, 1e-10) && near(test.greater, known.greater, 1e-10))
        }
        #expect(FisherExact(events: 0, of: 5, against: 0, of: 9).pValue == 1)
        #expect(FisherExact(events: 0, of: 0, against: 3, of: 9).pValue == 1)
    }

    @Test func adjustmentsEqualStatsmodels() throws {
        for known in try ShiftFixtures.read("many", as: Many.self).cases {
            for (found, wanted) in [
                (MultipleTesting.holm(known.p), known.holm),
                (MultipleTesting.benjaminiHochberg(known.p), known.benjamini_hochberg),
                (MultipleTesting.bonferroni(known.p), known.bonferroni),
            ] {
                #expect(zip(found, wanted).allSatisfy { near($0, $1) } && found.count == wanted.count, "\(known.p)")
            }
        }
        #expect(MultipleTesting.holm([]).isEmpty && MultipleTesting.benjaminiHochberg([]).isEmpty)
    }

    /// The smallest of many p-values, handed out as if it were one, is under every adjusted one.
    @Test func noAdjustedValueIsTheSmallestOfMany() {
        let values = [0.04, 0.3, 0.8, 0.01]
        let smallest = 0.01
        for adjusted in [
            MultipleTesting.bonferroni(values), MultipleTesting.holm(values), MultipleTesting.benjaminiHochberg(values),
        ] {
            #expect(adjusted.allSatisfy { $0 > smallest } && zip(adjusted, values).allSatisfy { $0 >= $1 })
        }
    }
}
