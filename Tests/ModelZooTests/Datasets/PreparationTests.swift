import Foundation
import TestSupport
import Testing

@testable import Basics
@testable import ModelZoo

@Suite("Preparation of raw values")
struct PreparationTests {
    @Test("Every value is x * scale + shift of its own feature, rounded once")
    func formula() {
        var choices = RandomChoices(state: 4)
        func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in Double.random(in: -3...3, using: &choices) } }
        for features in [1, 2, 5] {
            let (scale, shift) = (numbers(features), numbers(features))
            let raw = numbers(4 * features).map { Float($0) }
            let preparation = Preparation(scale: .each(scale), shift: .each(shift))
            let expected = raw.indices.map { Float(Double(raw[$0]) * scale[$0 % features] + shift[$0 % features]) }
            #expect(preparation.apply(to: raw, featureCount: features) == expected)
        }
    }

    @Test("One number for all is that number for each")
    func uniform() {
        let raw: [Float] = [1, 2, 3, 4, 5, 6]
        let one = Preparation(scale: 0.3, shift: -1).apply(to: raw, featureCount: 3)
        let each = Preparation(scale: .each([0.3, 0.3, 0.3]), shift: .each([-1, -1, -1])).apply(
            to: raw, featureCount: 3)
        #expect(one == each)
    }

    @Test("Missing values are filled before they are scaled; without a filling they stay missing")
    func missing() {
        let raw: [Float] = [.nan, 2, 1, .nan]
        let filled = Preparation(scale: 2, shift: 1, missing: .each([10, 20])).apply(to: raw, featureCount: 2)
        #expect(filled == [21, 5, 3, 41])
        let open = Preparation(scale: 2, shift: 1).apply(to: raw, featureCount: 2)
        #expect(open[0].isNaN && open[1...2].elementsEqual([5, 3]) && open[3].isNaN)
    }

    @Test("The identity leaves every bit, also of NaN and -0")
    func identity() {
        let raw: [Float] = [-0, .nan, .infinity, .leastNonzeroMagnitude]
        #expect(Preparation.identity.apply(to: raw, featureCount: 2).map(\.bitPattern) == raw.map(\.bitPattern))
    }

    @Test("The usual ones in closed form")
    func usual() {
        let bytes = (0...255).map { Float($0) }
        let unit = Preparation.unitBytes.apply(to: bytes, featureCount: 1)
        #expect(unit[0] == 0 && unit[255] == 1 && unit == unit.sorted())
        #expect(Preparation.sixteenths.apply(to: [0, 8, 16], featureCount: 1) == [0, 0.5, 1])
        let standard = Preparation.standardizedBytes(mean: 0.5, deviation: 0.25).apply(to: [0, 255], featureCount: 1)
        #expect(standard == [-2, 2])
        let mnist = Preparation.standardizedMNIST.apply(to: [0, 255], featureCount: 1)
        #expect(abs(mnist[0] + 0.4242130) < 1e-6 && abs(mnist[1] - 2.8214867) < 1e-6)
    }

    @Test("No rows are no inputs")
    func nothing() {
        #expect(Preparation(scale: 2).apply(to: [], featureCount: 3).isEmpty)
        #expect(Preparation(scale: 2).apply(to: [], featureCount: 0).isEmpty)
    }

    @Test(
        "In JSON a number or an array of numbers, and nothing else",
        arguments: [
            ("0.5", PerFeature.uniform(0.5)), ("3", 3), ("[1,2.5]", .each([1, 2.5])), ("[7]", .each([7])),
            ("[]", .each([])),
        ])
    func json(text: String, value: PerFeature) throws {
        #expect(try JSONDecoder().decode(PerFeature.self, from: Data(text.utf8)) == value)
        #expect(String(decoding: try JSONEncoder().encode(value), as: UTF8.self) == text)
    }

    @Test(
        "Texts, objects and mixed arrays are no numbers",
        arguments: ["\"1\"", "{}", "[1,\"2\"]", "[[1]]", "null", "true"])
    func wrongJSON(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(PerFeature.self, from: Data(text.utf8)) }
    }

    @Test("What keeps numbers from fitting is said")
    func problems() {
        #expect(
            PerFeature.each([1, 2]).problem(featureCount: 2) == nil
                && PerFeature.uniform(3).problem(featureCount: 9) == nil)
        #expect(PerFeature.each([1, 2]).problem(featureCount: 3) == "2 values")
        #expect(PerFeature.each([]).problem(featureCount: 1) == "0 values")
        #expect(PerFeature.each([1, .infinity]).problem(featureCount: 2) == "the value inf")
        #expect(PerFeature.uniform(.nan).problem(featureCount: 2) == "the value nan")
    }

    @Test("One recorded number is for all features, several are one each", arguments: [[2.0], [1, 2], [3, 3, 3]])
    func recorded(values: [Double]) {
        let each = PerFeature(recorded: values)
        #expect(each.values == values)
        #expect(each == (values.count == 1 ? .uniform(values[0]) : .each(values)))
        #expect(each.expanded(to: max(values.count, 1)) == values)
    }
}
