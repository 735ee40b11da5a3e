import TestSupport
import Testing

@testable import Basics

@Suite("Numbers as people read them")
struct NumberTextTests {
    private static let times: [(Double, String)] = [
        (0.0009, "900 µs"), (0.001, "1 ms"), (0.0123456, "12.3 ms"), (0.9994, "999 ms"), (1, "1 s"), (99.4, "99.4 s"),
        (99.5, "1 min 40 s"), (119.6, "2 min 00 s"), (3599.4, "59 min 59 s"), (3599.6, "1 h 00 min"),
        (7199.9, "2 h 00 min"), (360_000, "100 h 00 min"), (-0.5, "−500 ms"), (-.infinity, "–"), (1e12, "–"),
    ]

    @Test("Durations change their unit where the next one is rounder", arguments: times)
    func durations(_ seconds: Double, _ text: String) {
        #expect(NumberText.seconds(seconds) == text)
    }

    @Test("Thousands are set apart in whole numbers of any size and sign")
    func counts() {
        var random = RandomChoices(state: 41)
        for _ in 0..<200 {
            let number = Int(truncatingIfNeeded: random.next() >> UInt64.random(in: 0..<64, using: &random))
            let text = NumberText.count(number)
            #expect(Int(text.replacing(",", with: "").replacing("−", with: "-")) == number)
            let groups = text.replacing("−", with: "").split(separator: ",")
            #expect((1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy { $0.count == 3 }, "\(text)")
        }
        #expect(NumberText.count(-1234) == "−1,234" && NumberText.count(.min) == "−9,223,372,036,854,775,808")
        #expect(NumberText.count(999) == "999" && NumberText.count(0) == "0")
    }

    @Test("Percentages carry as many decimals as are asked for, without the sign")
    func percentages() {
        #expect(NumberText.percent(0.96114) == "96.11" && NumberText.percent(1, digits: 0) == "100")
        #expect(NumberText.percent(-0.005, digits: 1) == "−0.5" && NumberText.percent(-0.00004) == "0.00")
        #expect(NumberText.percent(nil) == NumberText.missing && NumberText.percent(.nan) == "–")
    }

    private static let shortened: [(Double, Int, String)] = [
        (0.0001, 3, "0.0001"), (0.00009, 3, "9×10⁻⁵"), (123_456, 3, "123,456"), (1_000_000, 3, "10⁶"),
        (-2_500_000, 2, "−2.5×10⁶"), (1.5e100, 3, "1.5×10¹⁰⁰"), (0.10203, 3, "0.102"), (0.1001, 3, "0.1"),
        (
            99.99, 3,
            "100"
        ),
        (7, 1, "7"),
    ]

    @Test("Significant digits pass to powers of ten below 0.0001 and from a million on", arguments: shortened)
    func significant(_ value: Double, _ digits: Int, _ text: String) {
        #expect(NumberText.significant(value, digits: digits) == text)
    }

    private static let quotients: [(Double, String)] = [
        (0.0949, "0.095"), (0.095, "0.10"), (9.999, "10.00"), (10, "10.0"), (999.94, "999.9"), (1000, "1,000"),
        (1e-13, "0"), (-0.02, "−0.02"), (-1.5, "−1.50"),
    ]

    @Test("Ratios lose decimals as they grow", arguments: quotients)
    func ratios(_ value: Double, _ text: String) {
        #expect(NumberText.ratio(value) == text)
    }
}
