import Foundation
import Tensors
import Testing

@testable import Evaluation

@Suite struct SampleDistanceTests {
    @Test func wassersteinOfAShiftIsTheShift() {
        let values = [0.3, 1.5, 2.25, 9]
        #expect(abs(SampleDistance.wasserstein(values, values.map { $0 + 0.75 }) - 0.75) < 1e-14)
        #expect(abs(SampleDistance.wasserstein(values, values.map { $0 - 3 }) - 3) < 1e-14)
    }

    @Test func wassersteinIsAMetricHere() {
        let (a, b, c) = ([1.0, 2, 5], [0.0, 4, 4], [2.0, 2, 9])
        #expect(SampleDistance.wasserstein(a, a) == 0)
        #expect(SampleDistance.wasserstein(a, b) == SampleDistance.wasserstein(b, a))
        #expect(
            SampleDistance.wasserstein(a, c) <= SampleDistance.wasserstein(a, b) + SampleDistance.wasserstein(b, c)
                + 1e-15)
    }

    /// Sorted samples of equal size: the mean difference of order statistics.
    @Test func wassersteinOfEqualSizes() {
        #expect(abs(SampleDistance.wasserstein([5, 1, 3], [2, 2, 10]) - (1.0 + 1 + 5) / 3) < 1e-14)
    }

    /// F is 1/2 on [0, 1), G is 0 on it; on [1, 3) F = 1 and G = 1/3.
    @Test func wassersteinOfUnequalSizes() {
        let distance = SampleDistance.wasserstein([0, 1], [1, 3, 3])
        #expect(abs(distance - (0.5 + 2.0 * 2 / 3)) < 1e-14)
    }

    @Test func wassersteinCountsRepeatedValues() {
        #expect(abs(SampleDistance.wasserstein([0, 0, 0, 4], [0, 0, 4, 4]) - 1) < 1e-15)
    }

    @Test func disjointSamplesAreAsFarApartAsCanBe() {
        let distance = SampleDistance.jensenShannon([0, 0.001], [1, 0.999])
        #expect(abs(distance - log(2.0).squareRoot()) < 1e-6)
    }

    @Test func equalSamplesHaveNoJensenShannonDistance() {
        #expect(SampleDistance.jensenShannon([1, 2, 3], [3, 2, 1]) == 0)
        #expect(SampleDistance.jensenShannon([4, 4], [4]) == 0)
    }

    /// p = (1, 0), q = (1/2, 1/2): m = (3/4, 1/4), JSD = (ln(4/3) + (ln(2/3) + ln 2) / 2) / 2.
    @Test func jensenShannonByHand() {
        let expected = ((log(4.0 / 3) + (log(2.0 / 3) + log(2.0)) / 2) / 2).squareRoot()
        #expect(abs(SampleDistance.jensenShannon([0, 0], [0, 1]) - expected) < 1e-7)
    }

    /// SciPy's jensenshannon of NumPy's density histograms, 100 bins over the joint range, 1e-12 added.
    @Test func jensenShannonOfSpreadSamples() {
        let a = (0..<50).map { Double($0) / 49 }
        let b = (0..<50).map { Double($0) / 98 }
        let distance = SampleDistance.jensenShannon(a, b)
        #expect(abs(distance - SampleDistance.jensenShannon(b, a)) < 1e-15)
        #expect(abs(distance - 0.588705011251511) < 1e-12)
    }

    @Test(arguments: [([Double](), [1.0]), ([1.0], []), ([.nan], [1.0]), ([1.0], [.infinity])])
    func unusableSamplesGiveNoNumber(_ a: [Double], _ b: [Double]) {
        #expect(SampleDistance.wasserstein(a, b).isNaN)
        #expect(SampleDistance.jensenShannon(a, b).isNaN)
    }

    @Test func aRangeBeyondAllNumbersGivesNone() {
        #expect(SampleDistance.jensenShannon([-1e308], [1e308]).isNaN)
    }

    /// Any plan of transport costs at least the difference of the means; the independent one costs the mean |a - b|.
    @Test(arguments: 0..<20) func wassersteinLiesBetweenItsBounds(_ seed: UInt64) {
        var stream = RandomStream(seed: seed, purpose: "test.wasserstein")
        let a = stream.normal([7]).doubles, b = (stream.normal([4]) * 2 + 0.5).doubles
        let distance = SampleDistance.wasserstein(a, b)
        let means = abs(a.reduce(0, +) / 7 - b.reduce(0, +) / 4)
        let pairs = a.flatMap { a in b.map { abs(a - $0) } }.reduce(0, +) / 28
        #expect(means - 1e-12 <= distance && distance <= pairs + 1e-12)
        #expect(abs(SampleDistance.wasserstein(a.map { 3 * $0 - 1 }, b.map { 3 * $0 - 1 }) - 3 * distance) < 1e-12)
    }

    /// Every value of one repeated k times is the same distribution.
    @Test(arguments: [2, 3, 10]) func repetitionChangesNoDistance(_ times: Int) {
        let (a, b) = ([0.1, 0.5, 2, 7], [0.3, 0.4, 9])
        let many = a.flatMap { Array(repeating: $0, count: times) }
        #expect(abs(SampleDistance.wasserstein(many, b) - SampleDistance.wasserstein(a, b)) < 1e-14)
        #expect(abs(SampleDistance.jensenShannon(many, b) - SampleDistance.jensenShannon(a, b)) < 1e-12)
    }
}
