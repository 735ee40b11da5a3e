import TestSupport
import Testing

@testable import Basics

@Suite("YAML text")
struct TreeYAMLTests {
    @Test("Sections are blocks, lists and empty sections stand in one line, keys keep their order")
    func layout() {
        let tree: Tree = ["b": ["z": [1, ["k": nil]], "e": [:]], "a b": true, "l": []]
        #expect(tree.yaml == "b:\n  z: [1, {k: null}]\n  e: {}\n\"a b\": true\nl: []\n")
        #expect(Tree.map([:]).yaml == "{}\n" && Tree.list([1, "x"]).yaml == "[1, x]\n" && Tree.null.yaml == "null\n")
    }

    @Test(
        "Texts without quotes are those that nobody takes for anything else",
        arguments: [
            "a", "_x", "/tmp/a+b-c.h5", "relu", "a.b", "nota", "Infinity", "x0",
        ])
    func plain(_ text: String) {
        #expect(Tree.string(text).inlineYAML == text && Tree.plainScalar(text) == .string(text))
    }

    @Test(
        "Texts with quotes",
        arguments: [
            "", "yes", "No", "ON", "off", "y", "N", "null", "Null", "true", "FALSE", "~", "1", "1e3", "-x", ".inf",
            "0x1F",
            "+",
            "a b", "a: b", "a#", "é", "a\nb", "\u{1}", "[", "'",
        ])
    func quoted(_ text: String) throws {
        let yaml = Tree.string(text).inlineYAML
        #expect(yaml.hasPrefix("\"") && yaml.hasSuffix("\"") && yaml.count >= text.count + 2)
        #expect(try Tree(parsing: "[\(yaml)]") == [.string(text)], "quoted texts are JSON's")
    }

    @Test("Numbers read back as the same number of the same kind")
    func numbers() {
        var random = RandomChoices(state: 31)
        for _ in 0..<500 {
            let number = Double(bitPattern: random.next())
            if number.isFinite { #expect(Tree.plainScalar(Tree.number(number).inlineYAML) == .number(number)) }
            let whole = Int(truncatingIfNeeded: random.next())
            #expect(Tree.plainScalar(Tree.integer(whole).inlineYAML) == .integer(whole))
        }
        #expect(Tree.number(2).inlineYAML == "2.0" && Tree.number(1e20).inlineYAML == "1.0e+20")
        #expect(Tree.number(-1.5e-9).inlineYAML == "-1.5e-09")
        #expect(
            Tree.list([.number(.nan), .number(.infinity), .number(-.infinity)]).inlineYAML == "[.nan, .inf, -.inf]")
    }

    private static let meanings: [(String, Tree)] = [
        ("", Tree.null), ("~", nil), ("NULL", nil), ("True", true), ("FALSE", false), ("tRUE", "tRUE"), ("+5", 5),
        ("-0", 0), ("007", 7), ("0x1f", 31), ("0x", "0x"), ("0xfffffffffffffffff", "0xfffffffffffffffff"), (".5", 0.5),
        ("5.", 5.0), ("-.5e1", -5.0), ("1e3", 1000.0), ("1e", "1e"), ("e1", "e1"), (".", "."), ("1_000", "1_000"),
        ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(0x1p63)),
        (
            "-.INF",
            .number(-.infinity)
        ),
        ("inf", "inf"), ("yes", "yes"), ("1 2", "1 2"),
    ]

    @Test("Plain scalars mean what YAML 1.2's core schema says", arguments: meanings)
    func scalars(_ text: String, _ expected: Tree) {
        #expect(Tree.plainScalar(text) == expected)
    }
}
