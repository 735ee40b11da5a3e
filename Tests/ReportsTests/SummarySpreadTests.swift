import Testing

@testable import Reports

struct SummarySpreadTests {
    @Test("closed form: 1, 2, 3, 4 has mean 2.5, variance 5/3 and median 2.5")
    func closedForm() {
        let spread = Spread(of: [4, 1, 3, 2])
        #expect(spread.mean == 2.5)
        #expect(abs(spread.sd * spread.sd - 5.0 / 3) < 1e-15)
        #expect(spread.min == 1)
        #expect(spread.max == 4)
        #expect(spread.median == 2.5)
        #expect(Spread(of: [9, 1, 2]).median == 2)
    }

    @Test("a single value has a mean and no standard deviation")
    func single() {
        let spread = Spread(of: [0.5])
        #expect(spread.mean == 0.5)
        #expect(spread.sd.isNaN)
        #expect(spread.median == 0.5)
    }

    @Test("one value that is not a number shows in everything", arguments: [[], [0.5, Double.nan, 0.7]])
    func unknown(values: [Double]) {
        let spread = Spread(of: values)
        #expect(spread.mean.isNaN && spread.sd.isNaN)
        #expect(spread.min?.isNaN == true && spread.max?.isNaN == true && spread.median?.isNaN == true)
    }

    @Test("shifting moves the mean and leaves the standard deviation")
    func shifted() {
        let values = [0.125, 0.5, 0.75, 0.25]
        let spread = Spread(of: values)
        let moved = Spread(of: values.map { $0 + 8 })
        #expect(moved.mean == spread.mean + 8)
        #expect(abs(moved.sd - spread.sd) < 1e-14)
    }
}
