import Testing

@testable import Evaluation

@Suite struct SampleStatisticsTests {
    @Test func knownNumbers() {
        let statistics = SampleStatistics([2, 4, 4, 4, 5, 5, 7, 9])
        #expect(statistics.mean == 5)
        #expect(abs(statistics.sd - (32.0 / 7).squareRoot()) < 1e-15)
        #expect(statistics.median == 4.5)
        #expect(statistics.min == 2)
        #expect(statistics.max == 9)
        #expect(statistics.count == 8)
        #expect(statistics.nonFinite == 0)
    }

    @Test func oddCountHasAMiddleValue() {
        #expect(SampleStatistics([3, 1, 2]).median == 2)
    }

    @Test func brokenSamplesAreCountedNotDropped() {
        let statistics = SampleStatistics([1, .nan, 3, .infinity, -.infinity])
        #expect(statistics.count == 5)
        #expect(statistics.nonFinite == 3)
        #expect(statistics.mean == 2)
        #expect(statistics.max == 3)
    }

    @Test func oneSampleHasNoDeviation() {
        let statistics = SampleStatistics([7])
        #expect(statistics.mean == 7)
        #expect(statistics.median == 7)
        #expect(statistics.sd.isNaN)
    }

    @Test(arguments: [[], [Double.nan]]) func nothingFiniteGivesNoNumbers(_ values: [Double]) {
        let statistics = SampleStatistics(values)
        #expect(statistics.mean.isNaN && statistics.sd.isNaN && statistics.median.isNaN)
        #expect(statistics.min.isNaN && statistics.max.isNaN)
        #expect(statistics.count == values.count)
    }

    @Test func orderDoesNotReachTheResult() {
        let values = (0..<97).map { 0.1 * Double($0 * 31 % 97) + 1e-7 }
        #expect(SampleStatistics(values) == SampleStatistics(values.reversed()))
    }

    /// 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 differ in the last bit.
    @Test func sumsInOrderAreThoseOfTheOrder() {
        let (there, back) = (SampleStatistics(inOrder: [0.1, 0.2, 0.3]), SampleStatistics(inOrder: [0.3, 0.2, 0.1]))
        #expect(there.mean == (0.1 + 0.2 + 0.3) / 3 && back.mean == (0.3 + 0.2 + 0.1) / 3 && there.mean != back.mean)
        #expect(there.median == back.median && there.min == 0.1 && there.max == 0.3)
        #expect(SampleStatistics(inOrder: [1, .nan, 3]) == SampleStatistics([1, .nan, 3]))
    }

    @Test func theMiddleIsTheMedianWhereOneIsKnown() {
        #expect(SampleStatistics([1, 2, 9]).middle == 2)
        #expect(SampleStatistics(mean: 4, sd: 1).middle == 4)
    }

    @Test func anotherUnit() {
        let halved = SampleStatistics([2, 4, .nan]).divided(by: 2)
        #expect(halved.mean == 1.5 && halved.min == 1 && halved.max == 2 && halved.median == 1.5)
        #expect(halved.sd == SampleStatistics([1, 2]).sd)
        #expect(halved.count == 3 && halved.nonFinite == 1)
    }
}

struct SampleStatisticsFormTests {
    @Test("closed form: 1, 2, 3, 4 has mean 2.5, variance 5/3 and median 2.5")
    func closedForm() {
        let spread = SampleStatistics([4, 1, 3, 2])
        #expect(spread.mean == 2.5)
        #expect(abs(spread.sd * spread.sd - 5.0 / 3) < 1e-15)
        #expect(spread.min == 1)
        #expect(spread.max == 4)
        #expect(spread.median == 2.5)
        #expect(SampleStatistics([9, 1, 2]).median == 2)
    }

    @Test("a single value has a mean and no standard deviation")
    func single() {
        let spread = SampleStatistics([0.5])
        #expect(spread.mean == 0.5)
        #expect(spread.sd.isNaN)
        #expect(spread.median == 0.5)
    }

    @Test(
        "one value that is not a number is counted, and the others have their mean",
        arguments: [
            ([], 0, Double.nan), ([0.5, .nan, 0.75], 1, 0.625), ([.infinity], 1, .nan),
        ])
    func unknown(values: [Double], broken: Int, mean: Double) {
        let spread = SampleStatistics(values)
        #expect(spread.nonFinite == broken && spread.count == values.count)
        #expect(spread.mean == mean || spread.mean.isNaN && mean.isNaN && spread.median.isNaN)
    }

    @Test("shifting moves the mean and leaves the standard deviation")
    func shifted() {
        let values = [0.125, 0.5, 0.75, 0.25]
        let spread = SampleStatistics(values)
        let moved = SampleStatistics(values.map { $0 + 8 })
        #expect(moved.mean == spread.mean + 8)
        #expect(abs(moved.sd - spread.sd) < 1e-14)
    }
}
