import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("YAML reading")
struct YAMLReaderTests {
    @Test(
        "Scalars follow YAML 1.2's core schema",
        arguments: [
            ("null", Tree.null), ("~", .null), ("", .null), ("true", .bool(true)), ("False", .bool(false)),
            ("12", .integer(12)), ("-3", .integer(-3)), ("+7", .integer(7)), ("010", .integer(10)),
            ("0x1F", .integer(31)),
            ("0.5", .number(0.5)), (".5", .number(0.5)), ("5.", .number(5)), ("1e-3", .number(0.001)),
            ("-2.5E+2", .number(-250)), (".inf", .number(.infinity)), ("-.INF", .number(-.infinity)),
            ("99999999999999999999", .number(1e20)), ("yes", .string("yes")), ("1.2.3", .string("1.2.3")),
            ("raw", .string("raw")), ("e5", .string("e5")), (".", .string(".")),
        ])
    func scalars(_ text: String, _ expected: Tree) throws {
        #expect(Tree.plainScalar(text) == expected)
        #expect(try Sample.document("key: \(text)").tree["key"] == expected)
    }

    @Test("Not a number is read as one")
    func notANumber() throws {
        guard case .number(let value)? = try Sample.document("a: .nan").tree["a"] else {
            Issue.record("no number")
            return
        }
        #expect(value.isNaN)
    }

    @Test("Quoted and block scalars are texts")
    func quoted() throws {
        let tree = try Sample.document("a: '12'\nb: \"true\"\nc: |\n  3\nd: \"\"").tree
        #expect(tree["a"] == .string("12") && tree["b"] == .string("true"))
        #expect(tree["c"] == .string("3\n") && tree["d"] == .string(""))
    }

    @Test("Sections keep their order, values know their place")
    func places() throws {
        let document = try Sample.document("b:\n  y: 1\n  x: [2, 3]\na: 4\n")
        #expect(document.tree.map?.keys == ["b", "a"])
        #expect(document.tree["b"]?.map?.keys == ["y", "x"])
        #expect(document.origin("b.x") == .file("config.yaml", line: 3, column: 3))
        #expect(document.origin("b.x").description == "config.yaml:3:3")
        #expect(document.origin("b.nothing.here") == .file("config.yaml", line: 1, column: 1))
    }

    @Test(
        "What is refused says where",
        arguments: [
            ("a: [1, 2", "config.yaml:2:1"), ("a: 1\n b: 2", "config.yaml:2"), ("a: &x 1", "anchor"),
            ("a: &x {b: 1}\nc: *x", "config.yaml:1:4"), ("a: *nowhere", "undefined alias"),
            ("a: 1\nb: 2\na: 3", "a given twice"),
            ("a: !!str 1", "the tag"), ("a: !thing {b: 1}", "the tag"), ("? [1, 2]\n: 3", "a word as key"),
            ("a: 1\n---\nb: 2", "another document"), ("\t: x", "valid YAML"), ("a: \u{1}", "valid YAML"),
            ("zoo: {a: 1, b", "this is not valid YAML: did not find"),
            ("{}: 1", "word"),
        ])
    func refusals(_ yaml: String, _ part: String) throws {
        let error = try requireDataError { _ = try Sample.document(yaml + "\n") }
        #expect(error.kind == .configuration)
        #expect(error.path.hasPrefix("config.yaml"))
        #expect(error.description.contains(part), "\(error)")
    }

    @Test("A bomb of aliases is refused before it grows")
    func bomb() throws {
        var yaml = "a0: &a0 [x, x]\n"
        for level in 1...40 { yaml += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(try requireDataError { _ = try Sample.document(yaml) }.expected == "YAML without aliases")
        // Asterisks in comments and texts are no aliases.
        let emphasis = "# " + String(repeating: "*bold* ", count: 40) + "\ntitle: 2 * 3 * 4\n"
        #expect(try Sample.document(emphasis).tree["title"] == .string("2 * 3 * 4"))
    }

    @Test("Depth and size are limited")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try requireDataError { _ = try Sample.document("a: " + nested(70)) }.expected == "at most 64 levels")
        #expect(throws: DataError.self) { try Sample.document("a: " + nested(100_000)) }
        #expect(throws: DataError.self) { try Sample.document(String(repeating: "- ", count: 5_000)) }
        #expect(throws: Never.self) { try Sample.document("a: " + nested(60)) }
        let long = "a: " + String(repeating: "x", count: YAMLReader.maximumBytes)
        #expect(try requireDataError { _ = try Sample.document(long) }.description.contains("bytes"))
    }

    @Test(
        "Files of other systems: a byte order mark, line ends",
        arguments: [
            "\u{FEFF}a: 1\nb: {c: x}\n", "a: 1\r\nb: {c: x}\r\n", "a: 1\rb: {c: x}\r", "\u{FEFF}a: 1\r\nb:\r\n  c: x",
        ])
    func otherSystems(_ text: String) throws {
        #expect(try Sample.document(text).tree == .map(["a": .integer(1), "b": .map(["c": .string("x")])]))
    }

    @Test("Emitted text reads back as the same tree, with the same text")
    func roundTrip() throws {
        let tree: Tree = .map([
            "words": .list(["yes", "12", "a b: c", "null", "", "ok", "-x", "é"].map { .string($0) }),
            "numbers": .list([.integer(-5), .number(5), .number(1e-7), .number(1e22), .number(.infinity), .number(0.1)]
            ),
            "12": .map(["on": .bool(true), "odd key: #": .null, "line\n": .string("tab\t\"quoted\" \\ \u{1}é")]),
            "empty": .map([:]), "none": .list([]), "nested": .list([.list([.integer(1)]), .map(["a": .integer(1)])]),
        ])
        let text = tree.yaml
        let again = try Sample.document(text).tree
        #expect(again == tree)
        #expect(again.yaml == text)
        #expect(text.contains("1.0e-07") && text.contains("1.0e+22"))
    }
}
