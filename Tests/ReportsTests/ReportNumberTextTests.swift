import Evaluation
import Testing

@testable import Basics
@testable import Reports

struct ReportNumberTextTests {
    @Test(
        "significant digits",
        arguments: [
            (0, "0"), (1, "1"), (14634.2, "14,634"), (0.5, "0.5"), (2.86e-6, "2.86×10⁻⁶"), (1e-5, "10⁻⁵"),
            (-0.25, "−0.25"), (123_456_789, "1.23×10⁸"), (.nan, "–"), (.infinity, "–"), (0.001234, "0.00123"),
        ])
    func significant(value: Double, text: String) {
        #expect(NumberText.significant(value) == text)
    }

    @Test(
        "ratios around 1",
        arguments: [
            (0, "0"), (0.0213, "0.021"), (0.9812, "0.98"), (1, "1.00"), (17.93, "17.9"), (0.0851, "0.085"),
            (.nan, "–"),
        ])
    func ratio(value: Double, text: String) {
        #expect(NumberText.ratio(value) == text)
    }

    @Test("spreads share the digits of the mean, and a small standard deviation does not become zero")
    func spreads() {
        #expect(NumberText.percent(SampleStatistics(mean: 0.9611, sd: 0.0032)) == "96.11 ± 0.32")
        #expect(NumberText.percent(SampleStatistics(mean: 0.5, sd: .nan)) == "50.00")
        #expect(NumberText.percent(nil as SampleStatistics?) == "–")
        #expect(NumberText.ratio(SampleStatistics(mean: 0.0213, sd: 0.0042)) == "0.021 ± 0.004")
        #expect(NumberText.ratio(SampleStatistics(mean: 0.26, sd: 0.0028)) == "0.26 ± 0.003")
        #expect(NumberText.ratio(SampleStatistics(mean: 0.99, sd: 1e-16)) == "0.99 ± 0.00")
        #expect(NumberText.ratio(SampleStatistics(mean: .nan, sd: 1)) == "–")
    }

    @Test("values that are not finite are named beside the numbers that leave them out")
    func notFinite() {
        let some = SampleStatistics([0.25, .nan, 0.75, .infinity])
        #expect(NumberText.percent(some) == "50.00 ± 35.36 (2 not finite)")
        #expect(NumberText.ratio(some) == "0.50 ± 0.35 (2 not finite)")
        #expect(NumberText.ratio(SampleStatistics([.nan])) == "– (1 not finite)")
    }

    @Test(
        "durations",
        arguments: [
            (0, "0 s"), (0.0213, "21.3 ms"), (3.4, "3.4 s"), (121, "2 min 01 s"), (7260, "2 h 01 min"),
            (99.6, "1 min 40 s"), (2e-5, "20 µs"), (-3, "−3 s"), (.nan, "–"), (1e300, "–"), (0.9999, "1 s"),
        ])
    func seconds(value: Double, text: String) {
        #expect(NumberText.seconds(value) == text)
    }

    @Test("a zero that was rounded has no sign, and huge numbers do not trap")
    func edges() {
        #expect(NumberText.fixed(-0.0001, digits: 2) == "0.00")
        #expect(NumberText.fixed(1e300, digits: 2) == "10³⁰⁰")
        #expect(NumberText.fixed(-1.5, digits: 1) == "−1.5")
        #expect(NumberText.ratio(-.greatestFiniteMagnitude).hasPrefix("−1.8×10"))
        #expect(NumberText.significant(.leastNonzeroMagnitude).contains("×10"))
        #expect(NumberText.count(1_234_567) == "1,234,567")
        #expect(NumberText.count(nil) == "–")
    }
}
