import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Facts of networks")
struct ColumnsBuilderTests {
    private func column(_ facts: [ColumnValue?], name: String = "x") throws -> String {
        var columns = ColumnsBuilder(place: "here")
        for fact in facts { try columns.append(fact.map { [name: $0] } ?? [:]) }
        let all = columns.columns()
        #expect(all.count == facts.count)
        return all[name].map { "\($0)" } ?? "none"
    }

    @Test("columns take the narrowest kind, and begin late")
    func kinds() throws {
        #expect(try column([.integer(3), nil, .integer(-4)]) == "integer([3, -1, -4])")
        #expect(try column([nil, .integer(1), .real(0.5)]) == "real([nan, 1.0, 0.5])")
        #expect(try column([.real(0.5), nil, .integer(2)]) == "real([0.5, nan, 2.0])")
        #expect(try column([.integer(1), nil, .text("a")]) == #"text(["1", "", "a"])"#)
        #expect(try column([.text("a"), .real(0.25), nil]) == #"text(["a", "0.25", ""])"#)
        #expect(try column([.unsigned(.max), .integer(2)]) == "unsigned([18446744073709551615, 2])")
        #expect(try column([.integer(2), .unsigned(.max)]) == "unsigned([2, 18446744073709551615])")
        #expect(try column([.integer(-2), .unsigned(.max)]) == "real([-2.0, 1.8446744073709552e+19])")
        #expect(try column([.unsigned(.max), nil]) == "real([1.8446744073709552e+19, nan])")
        #expect(try column([nil, nil]) == "none")
    }

    @Test("a -1 that is a fact is told from what is missing; of seeds and steps it says that nothing is known")
    func minusOne() throws {
        #expect(try column([.integer(-1), nil, .integer(2)]) == "real([-1.0, nan, 2.0])")
        #expect(try column([.integer(-1), .integer(1 << 60)]) == #"text(["-1", "1152921504606846976"])"#)
        #expect(try column([.integer(-1), .integer(2)], name: "epoch") == "integer([-1, 2])")
        var columns = ColumnsBuilder(place: "here")
        try columns.append(["seed": .integer(-1), "lr": .integer(-1)])
        #expect(columns.notes() == ["a seed of -1 is recorded as one that is not known"])
    }

    @Test("seeds are unsigned where none is missing")
    func seeds() throws {
        #expect(try column([.integer(1), .integer(0)], name: "seed") == "unsigned([1, 0])")
        #expect(try column([.integer(1), nil], name: "seed") == "integer([1, -1])")
    }

    @Test("numbers that become text are written as they were")
    func spellings() throws {
        var columns = ColumnsBuilder(place: "here")
        for (text, wrong) in [("0012", "x"), ("1e3", "1e4"), ("7", "x"), ("ab", "x"), ("010", "x"), ("2.50", "x")] {
            let fact = try #require(ColumnValue(parsing: text))
            let spelling = fact.otherSpelling(text)
            try columns.append(
                ["a/name": fact, "number": fact.number.map { .real($0) } ?? .integer(0), "other": fact],
                spellings: (spelling.map { ["a/name": $0, "number": $0] } ?? [:]).merging(["other": wrong]) { $1 })
        }
        #expect(columns.columns()["a.name"] == .text(["0012", "1e3", "7", "ab", "010", "2.50"]))
        #expect(columns.columns()["number"] == .real([12, 1000, 7, 0, 10, 2.5]))
        let large: [ColumnValue?] = [
            .integer(9_007_199_254_740_993), .unsigned(.max), .real(0.5), .integer(.min + 1), nil, .text("a"),
        ]
        let texts = ["9007199254740993", "18446744073709551615", "0.5", "-9223372036854775807", "", "a"]
        #expect(try column(large) == "text(\(texts))")
        // What is no spelling of the fact is of a fact that another has replaced.
        #expect(columns.columns()["other"] == .text(["12", "1000.0", "7", "ab", "10", "2.5"]))
    }

    @Test("names that cannot stand in a file are changed or left out, and there are not too many")
    func names() throws {
        var columns = ColumnsBuilder(place: "here")
        let names = ["a/b", "..", "", "x\0", "/"]
        try columns.append(Dictionary(uniqueKeysWithValues: names.map { ($0, .integer(1)) }))
        #expect(columns.columns().names == ["a.b"])
        var many = ColumnsBuilder(place: "here")
        let row = Dictionary(uniqueKeysWithValues: (0..<1025).map { ("f\($0)", ColumnValue.integer(0)) })
        #expect(dataError { try many.append(row) }?.kind == .malformed)
    }

    @Test(
        "texts that are numbers",
        arguments: [
            ("3", ColumnValue.integer(3)), ("-3", .integer(-3)), ("18446744073709551615", .unsigned(.max)),
            ("0.5", .real(0.5)), ("1e-3", .real(0.001)), ("relu", .text("relu")), ("0x10", .text("0x10")),
            ("inf", .text("inf")), ("1e999", .text("1e999")), ("", nil), ("nan", nil), ("None", nil),
        ] as [(String, ColumnValue?)])
    func parsing(text: String, fact: ColumnValue?) {
        #expect(ColumnValue(parsing: text) == fact)
    }

    @Test("JSON objects: scalars, one level below, wrappers, NaN")
    func json() throws {
        let text =
            #"{"seed": 3, "lr": 1e-3, "big": 18446744073709551615, "on": true, "name": "x", "no": null, "#
            + #""nan": NaN, "list": [1], "optim": {"lr": 2, "deep": {"x": 1}}, "config": {"seed": 9, "width": 4}}"#
        #expect(
            try JSONColumnValues.read(text.utf8, place: "p") == [
                "seed": .integer(3), "lr": .real(0.001), "big": .unsigned(.max), "on": .integer(1), "name": .text("x"),
                "optim.lr": .integer(2), "width": .integer(4),
            ])
        let quoted = #"{"a": "NaN \" Infinity \\", "b": -Infinity, "NaN": 1}"#
        #expect(
            try JSONColumnValues.read(quoted.utf8, place: "p") == [
                "a": .text(#"NaN " Infinity \"#), "NaN": .integer(1),
            ])
        // Foundation's JSON5 reader traps on such bytes.
        let wrong: [[UInt8]] = [
            [0x7B, 0xED], [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], [0x7B, 0xF4, 0x90], [0x4E],
        ]
        for bad in wrong {
            #expect(dataError { _ = try JSONColumnValues.read(bad, place: "p") }?.kind == .malformed)
        }
        for bad in ["", "[1]", "{", "3", String(repeating: "{\"a\":", count: 100_000)] {
            #expect(
                dataError { _ = try JSONColumnValues.read(bad.utf8, place: "p") }?.kind == .malformed,
                "\(bad.prefix(9))")
        }
        // What is not UTF-8 is refused before Foundation's scanner of JSON5 sees it: it would trap.
        for bad: [UInt8] in [[0x7B, 0xC3, 0x22], [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], [0xF0, 0x9F]] {
            #expect(dataError { _ = try JSONColumnValues.read(bad, place: "p") }?.kind == .malformed)
        }
    }
}
