import TestSupport
import Testing

@testable import Basics

@Suite("Types of keys")
struct ConfigTypeTests {
    private static let types: [ConfigType] = [
        .flag, .text, .choice(["a", "b"]), .integer(atLeast: 0), .integer(-3...4), .integer(Int.min...2), .number(),
        .number(above: 0, atMost: 2), .number(atLeast: -1, below: 1.5), .list(.integer(0...3), count: 1...2),
        .list(.number(above: -2)), .optional(.number(atLeast: 0)), .optional(.choice(["b"])),
        .list(.list(.flag), atLeast: 1), .list(.optional(.text)),
    ]

    private static func value(_ random: inout RandomChoices, _ depth: Int) -> Tree {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &random) {
        case 0: return nil
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int.random(in: -5...5, using: &random))
        case 3: return .number(Double(Int.random(in: -10...10, using: &random)) / 4)
        case 4: return .string(["", "a", "b", "c"].randomElement(using: &random) ?? "")
        case 5: return .map([:])
        default: return .list((0..<Int.random(in: 0...3, using: &random)).map { _ in value(&random, depth - 1) })
        }
    }

    /// Whether a value is valid by the words of a JSON Schema that these types use.
    private static func isValid(_ value: Tree, _ schema: Tree) -> Bool {
        if let any = schema["anyOf"]?.list { return any.contains { isValid(value, $0) } }
        if let words = schema["enum"]?.list { return words.contains(value) }
        let (low, high) = (schema["minimum"]?.number ?? -.infinity, schema["maximum"]?.number ?? .infinity)
        switch (schema["type"]?.string, value) {
        case ("boolean", .bool), ("null", .null): return true
        case ("string", .string(let text)): return text.count >= schema["minLength"]?.integer ?? 0
        case ("integer", .integer), ("integer", .number), ("number", .integer), ("number", .number):
            guard let number = value.number else { return false }
            return number >= low && number <= high && number > schema["exclusiveMinimum"]?.number ?? -.infinity
                && number < schema["exclusiveMaximum"]?.number ?? .infinity
                && (schema["type"] == "number" || number == number.rounded())
        case ("array", .list(let values)):
            return values.count >= schema["minItems"]?.integer ?? 0
                && values.count <= schema["maxItems"]?.integer ?? .max
                && values.allSatisfy { isValid($0, schema["items"] ?? nil) }
        default: return false
        }
    }

    @Test("A value is taken exactly where the JSON Schema of the type says it is valid")
    func agreement() {
        var random = RandomChoices(state: 8)
        var taken = 0
        for type in Self.types {
            for _ in 0..<150 {
                let value = Self.value(&random, 2)
                let checked = try? type.check(value, at: "key").get()
                #expect((checked != nil) == Self.isValid(value, type.json), "\(type.expectation): \(value)")
                taken += checked == nil ? 0 : 1
                guard let checked else { continue }
                #expect((try? type.check(checked, at: "key").get()) == checked, "the own form is a fixed point")
            }
        }
        #expect(taken > 200)
    }

    @Test("Whole numbers are exact: from 2 to the 53rd on a number with a point may stand for several")
    func exactness() throws {
        let type = ConfigType.integer(Int.min...Int.max)
        #expect(try type.check(.number(0x1p53 - 1), at: "").get() == .integer(9_007_199_254_740_991))
        #expect(throws: ConfigType.Mismatch.self) { try type.check(.number(0x1p53), at: "").get() }
        #expect(throws: ConfigType.Mismatch.self) { try type.check(.number(-0x1p53), at: "").get() }
        #expect(try type.check(.integer(.max), at: "").get() == .integer(.max))
        #expect(try type.check(.number(-0.0), at: "").get() == .integer(0))
    }

    private static let mismatches: [(ConfigType, Tree, String, String, String)] = [
        (
            ConfigType.list(.list(.integer(0...1))), Tree.list([[0], [1, 2]]), "k[1][1]", "a whole number from 0 to 1",
            "2"
        ),
        (.optional(.list(.flag)), [true, nil], "k[1]", "true or false", "nothing (null)"),
        (.optional(.flag), 3, "k", "true or false, or null", "3"), (.list(.text), ["a", ""], "k[1]", "a text", "\"\""),
        (.number(above: 0), ["a": 1], "k", "a number above 0", "a section"),
        (
            .list(.flag, count: 0...2), [true, true, true], "k",
            "a list with a number of elements from 0 to 2, each true or false", "[true, true, true]"
        ),
    ]

    @Test("A mismatch names the innermost place, what that takes and what stands there", arguments: mismatches)
    func mismatch(_ type: ConfigType, _ value: Tree, _ path: String, _ expected: String, _ found: String) throws {
        let mismatch = try #require(#expect(throws: ConfigType.Mismatch.self) { try type.check(value, at: "k").get() })
        #expect(mismatch.path == path && mismatch.expected == expected && mismatch.found == found)
    }

    @Test("Long values are cut to sixty characters in messages")
    func summaries() {
        #expect(Tree.string(String(repeating: "x", count: 60)).summary.count == 62)
        let long = Tree.string(String(repeating: "x", count: 61)).summary
        #expect(long.hasSuffix("x...\"") && long.count == 62)
        let list = Tree.list((0..<40).map { .integer($0) }).summary
        #expect(list.hasPrefix("[0, 1, 2,") && list.hasSuffix("...") && list.count == 60)
    }
}
