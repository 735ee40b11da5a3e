import TestSupport
import Testing

@testable import Basics

@Suite("One table in many writings")
struct TableWritingsTests {
    private static func table(_ text: String, _ options: Table.Options = .init()) throws -> Table {
        try Table(bytes: Array(text.utf8), path: "t.csv", options: options)
    }

    private static func utf16(_ text: String, isLittle: Bool) -> [UInt8] {
        ([0xFEFF] + Array(text.utf16)).flatMap { unit in
            let (low, high) = (UInt8(unit & 255), UInt8(unit >> 8))
            return isLittle ? [low, high] : [high, low]
        }
    }

    @Test(
        "Separator, line ends, quotes, marks of encodings and separators behind the last cell change nothing",
        arguments: [",", ";", "\t"], ["\n", "\r\n", "\r"])
    func writings(_ separator: String, _ lineEnd: String) throws {
        let cells = [["tree", "age", "girth"], ["oak", "120", "2.5"], ["ash", "", "3"], ["oak", "7", "0.25"]]
        let options = Table.Options(dialect: TableDialect(separator: .detected))
        let expected = try Self.table("tree,age,girth\noak,120,2.5\nash,,3\noak,7,0.25\n")
        #expect(expected["age"]?.values == .integers([120, nil, 7]))
        for isQuoted in [false, true] {
            for end in ["", separator] {
                let lines = cells.map { row in
                    row.map { isQuoted ? "\"\($0)\"" : $0 }.joined(separator: separator) + end
                }
                let text = lines.joined(separator: lineEnd)
                for written in [text, text + lineEnd, "\u{FEFF}" + text, lineEnd + text + lineEnd + lineEnd] {
                    #expect(try Self.table(written, options) == expected)
                }
                for isLittle in [false, true] {
                    let bytes = Self.utf16(text + lineEnd, isLittle: isLittle)
                    #expect(try Table(bytes: bytes, path: "t.csv", options: options) == expected)
                }
            }
        }
    }

    @Test("UTF-16 holds characters of two units; half a unit at the end makes it no text")
    func units() throws {
        let read = try Table(bytes: Self.utf16("na\u{EF}ve,\u{1F600}\nb,2\n", isLittle: true), path: "t.csv")
        #expect(read.columns.map(\.name) == ["na\u{EF}ve", "\u{1F600}"])
        let odd = Array(Self.utf16("a,b\n1,2\n", isLittle: true).dropLast())
        let error = try requireDataError { _ = try Table(bytes: odd, path: "t.csv") }
        #expect(error.kind == .malformed && error.description.contains("is not text: byte 3 is 0"))
    }

    @Test("Where every line that was looked at ends with a separator, a later cell behind it is one too many")
    func lateCell() throws {
        let rows = String(repeating: "1,2,\n", count: 300)
        #expect(try Self.table("a,b,\n" + rows + "3,4\n").rowCount == 301)
        let error = try requireDataError { _ = try Self.table("a,b,\n" + rows + "3,4,5\n") }
        #expect(error.path == "t.csv, line 302, column 2" && error.expected == "2 columns" && error.found == "3")
    }

    @Test("Codes for missing values of one column leave the others alone, and numbers are meant in any writing")
    func codes() throws {
        let text = "pressure,dose,drug\n0,0,none\n0.0,1,a\n120,2,0\n"
        let read = try Self.table(text, .init(missing: ["pressure": ["0"], "drug": ["none"], "age": ["7"]]))
        #expect(read["pressure"]?.values == .integers([nil, nil, 120]))
        #expect(read["dose"]?.values == .integers([0, 1, 2]))
        #expect(read["drug"]?.values == .categories([-1, 1, 0], names: ["0", "a"]))
        let gap = try requireDataError {
            _ = try Self.table("x,y\n1,a\n2,none\n", .init(label: .last, missing: ["y": ["none"]]))
        }
        #expect(gap.expected == "a class" && gap.found == "'none'")
    }

    @Test("Among numbers more texts are gaps than among words, in capitals or not")
    func gaps() {
        let dialect = TableDialect(missing: ["-9"])
        for text in ["", "?", "NA", "-9", "n/a", "N/A", "NULL", "None", ".", "-", "#DIV/0!", "<NA>", "-nan", "NaT"] {
            #expect(dialect.isGapOfNumbers(ArraySlice(text.utf8)), "\(text)")
        }
        for text in ["0", "nano", "nonesuch", "a very long remark", "9"] {
            #expect(!dialect.isGapOfNumbers(ArraySlice(text.utf8)), "\(text)")
        }
        #expect(!dialect.isMissing(ArraySlice("null".utf8)) && dialect.isMissing(ArraySlice("-9".utf8)))
    }

    @Test("Single-precision cells are the nearest numbers, however short the way to them is")
    func singles() {
        var noise = DatasetNoise(seed: 12)
        func parse(_ text: String) -> Float? { TableNumber.parse(ArraySlice(text.utf8)) }
        for _ in 0..<500 {
            let value = noise.below(1_000_000_000)
            #expect(parse("\(value)") == Float(value) && parse("-\(value)") == -Float(value))
            #expect(parse("\(value)e-5") == Float("\(value)e-5"))
        }
        #expect(parse("0009999999") == 9_999_999 && parse("16777217") == 16_777_216)
        for text in ["", "1e39", "nan", "inf", "0x10", " 1", "1,5", "--1", "+"] { #expect(parse(text) == nil) }
        #expect(TableNumber.parseDouble(ArraySlice("1e39".utf8)) == 1e39)
    }

    @Test("A complaint shows at most forty characters of a cell, none of which a terminal would obey")
    func complaints() throws {
        func found(_ cell: String) throws -> String {
            let options = Table.Options(kinds: ["a": .number])
            return try requireDataError { _ = try Self.table("a,b\n\(cell),1\n", options) }.found
        }
        #expect(try found(String(repeating: "x", count: 38)) == "'" + String(repeating: "x", count: 38) + "'")
        #expect(try found(String(repeating: "x", count: 39)) == "'" + String(repeating: "x", count: 39) + "...")
        #expect(try found("\u{1B}[31m\u{7F}") == "'\u{FFFD}[31m\u{FFFD}'")
    }

    @Test("A column is named as the header writes it; other capitals are answered with what stands there")
    func capitals() throws {
        let error = try requireDataError { _ = try Self.table("Label,a\n1,2\n", .init(label: .named("label"))) }
        #expect(error.expected == "one label column named 'label'" && error.hint == "did you mean Label?")
        #expect(try Self.table("Label,a\n1,2\n", .init(label: .usual)).label?.name == "Label")
    }
}
