import Foundation
import Testing
import TestSupport

@testable import Basics

@Suite("JSON text")
struct TreeJSONTests {
    @Test(
        "Numbers have one short form; not-finite ones are null",
        arguments: [
            (Tree.number(1), "1"), (.number(0.1), "0.1"), (.number(-2.5), "-2.5"), (.number(1e20), "1e+20"),
            (.number(5e17), "500000000000000000"),
            (.number(1e-7), "1e-07"), (.number(.nan), "null"), (.number(.infinity), "null"), (.number(-0.0), "0"),
            (.number(0.1 + 0.2), "0.30000000000000004"), (.integer(Int.min), "-9223372036854775808"),
            (.bool(true), "true"),
        ])
    func numbers(_ value: Tree, _ expected: String) {
        #expect(value.text() == expected)
    }

    @Test("Keys are sorted by bytes, texts escaped")
    func text() {
        let value: Tree = ["b": [1, nil, "x\"\\\n\u{1}\u{2028}é"], "a": [:], "B": []]
        #expect(value.text() == #"{"B":[],"a":{},"b":[1,null,"x\"\\\n\u0001\u2028é"]}"#)
    }

    @Test("Pretty text is indented, plain arrays stay on a line")
    func pretty() {
        let value: Tree = ["rows": [["n": 1], ["n": 2]], "x": [1, 2], "empty": [:]]
        #expect(
            value.text(pretty: true) == """
                {
                  "empty": {},
                  "rows": [
                    {
                      "n": 1
                    },
                    {
                      "n": 2
                    }
                  ],
                  "x": [1, 2]
                }
                """)
    }

    @Test("Text reads back as the same value")
    func roundTrip() throws {
        let value: Tree = [
            "a": [1, 2.5, nil, true, "t\u{7F}\u{0}é😀"], "b": ["c": -3e-9, "d": [[], [:]]], "big": .integer(Int.max),
        ]
        #expect(try Tree(parsing: value.text()) == value)
        #expect(try Tree(parsing: value.text(pretty: true)) == value)
    }

    @Test("Any encodable value becomes JSON, not-finite numbers null")
    func encoding() throws {
        struct Row: Encodable {
            let mean: Double, sd: Double, n: Int, name: String, note: String?
        }
        let json = try Tree(encoding: Row(mean: 0.5, sd: .nan, n: 3, name: "a", note: nil))
        #expect(json.text() == #"{"mean":0.5,"n":3,"name":"a","sd":null}"#)
    }

    @Test("Bad JSON is malformed data", arguments: ["", "{", "[1 2]", "nope", "{\"a\":}"])
    func malformed(_ text: String) throws {
        let error = try requireDataError { _ = try Tree(parsing: text, path: "summary.json") }
        #expect(error.kind == .malformed && error.path == "summary.json")
    }

    @Test("Fields are reached by name")
    func access() {
        var value: Tree = ["a": ["b": 2]]
        value["c"] = "d"
        #expect(value["a"]?["b"]?.number == 2 && value["c"]?.string == "d" && value["x"] == nil)
        #expect(Tree.string("a")["b"] == nil && Tree.list([1]).list == [1])
    }
}
