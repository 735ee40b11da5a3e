import Evaluation
import Testing

@testable import ShiftDetection

/// Two samples of one column: equal to SciPy, or to the enumeration of all subsets.
@Suite struct TwoSampleStatisticsTests {
    private struct Fixture: Decodable {
        let cases: [Case]
    }

    private struct Case: Decodable {
        let name: String
        let x, y: [Double]
        let ties: Bool
        let exact, asymptotic: ReferenceTest
        let permutation, rankPermutation, rankTwoSided, rankLess, rankGreater: ReferenceTest?
        let normalTwoSided, normalLess, normalGreater: ReferenceTest?
        let energy, energyDistance, wasserstein: Double

        enum CodingKeys: String, CodingKey {
            case name, x, y, ties
            case exact = "ks_exact_two-sided"
            case asymptotic = "ks_asymptotic"
            case permutation = "ks_permutation"
            case rankPermutation = "mann_whitney_permutation"
            case rankTwoSided = "mann_whitney_exact_two-sided"
            case rankLess = "mann_whitney_exact_less"
            case rankGreater = "mann_whitney_exact_greater"
            case normalTwoSided = "mann_whitney_normal_two-sided"
            case normalLess = "mann_whitney_normal_less"
            case normalGreater = "mann_whitney_normal_greater"
            case energy = "energy_statistic"
            case energyDistance = "energy_distance"
            case wasserstein = "wasserstein_distance"
        }
    }

    private let cases: [Case]

    init() throws { cases = try ShiftFixtures.read("two_samples", as: Fixture.self).cases }

    @Test func kolmogorovSmirnovEqualsSciPy() throws {
        #expect(cases.count == 11)
        for known in cases {
            let test = try #require(KolmogorovSmirnov(known.x, against: known.y))
            #expect(abs(test.statistic - (known.exact.statistic ?? -1)) < 1e-14, "\(known.name)")
            #expect(near(test.pValueWithoutTies, known.exact.p, 1e-11), "\(known.name)")
            #expect(test.hasTies == known.ties, "\(known.name)")
            if !known.ties { #expect(test.pValue == test.pValueWithoutTies, "\(known.name)") }
        }
    }

    @Test func kolmogorovSmirnovWithTiesEqualsAllSubsets() throws {
        let enumerated = cases.filter { $0.permutation != nil }
        #expect(enumerated.count { $0.ties } == 4)
        for known in enumerated {
            let test = try #require(KolmogorovSmirnov(known.x, against: known.y))
            #expect(near(test.pValue, known.permutation?.p ?? -1, 1e-11), "\(known.name)")
            // As if untied it is never smaller.
            #expect(test.pValue <= test.pValueWithoutTies * (1 + 1e-12), "\(known.name)")
        }
    }

    @Test func kolmogorovSmirnovOfManyValuesIsTheLimit() throws {
        let first = (0..<6000).map { Double($0) }
        let test = try #require(KolmogorovSmirnov(first, against: first.map { $0 + 150.5 }))
        #expect(!test.isExact && abs(test.statistic - 151.0 / 6000) < 1e-12)
        // kstwobign.sf(sqrt(3000) * 151 / 6000)
        #expect(near(test.pValue, 0.04473358684030753, 1e-10))
        let far = try #require(KolmogorovSmirnov(first, against: first.map { $0 + 9000 }))
        #expect(far.pValue > 0 && far.pValue < 1e-100)
        #expect(KolmogorovSmirnov(first, against: first)?.pValue == 1)
    }

    @Test func kolmogorovSmirnovRefusesWhatIsNoNumber() {
        #expect(KolmogorovSmirnov([], against: [1]) == nil)
        #expect(KolmogorovSmirnov([1], against: [.nan]) == nil)
    }

    @Test func mannWhitneyEqualsSciPy() throws {
        for known in cases where !known.ties {
            let found = try #require(MannWhitney.pValues(known.x, against: known.y))
            #expect(found.isExact, "\(known.name)")
            #expect(near(found.twoSided, known.rankTwoSided?.p ?? -1, 1e-10), "\(known.name)")
            #expect(near(found.less, known.rankLess?.p ?? -1, 1e-10), "\(known.name)")
            #expect(near(found.greater, known.rankGreater?.p ?? -1, 1e-10), "\(known.name)")
        }
    }

    @Test func mannWhitneyWithTiesEqualsAllSubsets() throws {
        let enumerated = cases.filter { $0.rankPermutation != nil }
        #expect(enumerated.count { $0.ties } == 4)
        for known in enumerated {
            let found = try #require(MannWhitney.pValues(known.x, against: known.y))
            #expect(near(found.twoSided, known.rankPermutation?.p ?? -1, 1e-10), "\(known.name)")
        }
    }

    /// Where the sizes' product is over 10,000: the normal law, as SciPy has it.
    @Test func mannWhitneyOfManyValuesIsTheNormalLaw() throws {
        let (first, second) = ((0..<120).map { Double($0 % 40) }, (0..<90).map { Double($0 % 45) + 3 })
        let found = try #require(MannWhitney.pValues(first, against: second))
        #expect(!found.isExact)
        // scipy.stats.mannwhitneyu(first, second, alternative=..., method="asymptotic")
        #expect(near(found.twoSided, 0.0030100523724586087, 1e-9) && near(found.less, 0.0015050261862293044, 1e-9))
        #expect(near(found.greater, 0.9985061703621717, 1e-9))
        #expect(MannWhitney.pValues([], against: [1]) == nil)
        let same = [Double](repeating: 1, count: 150)
        #expect(MannWhitney.pValues(same, against: same)?.twoSided == 1)
    }

    @Test func energyAndWassersteinEqualSciPy() throws {
        for known in cases {
            let count = known.x.count
            let pairs = PairSums(Points(known.y + known.x), .distance)
            let energy = pairs.sums(of: Array(known.y.count..<(known.y.count + count))).energy
            #expect(abs(energy - known.energy) < 1e-12, "\(known.name)")
            #expect(abs(max(0, energy).squareRoot() - known.energyDistance) < 1e-6, "\(known.name)")
            #expect(abs(SampleDistance.wasserstein(known.x, known.y) - known.wasserstein) < 1e-12, "\(known.name)")
        }
    }
}
