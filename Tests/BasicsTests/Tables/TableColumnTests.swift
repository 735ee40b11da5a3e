import TestSupport
import Testing

@testable import Basics

@Suite("Headers, kinds and roles of a table's columns")
struct TableColumnTests {
    private static func table(_ text: String, _ options: Table.Options = .init()) throws -> Table {
        try Table(bytes: Array(text.utf8), path: "t.csv", options: options)
    }

    private static func headed(_ header: TableDialect.Header, missing: [String] = []) -> Table.Options {
        .init(dialect: TableDialect(header: header, missing: missing))
    }

    @Test(
        "A first line with a number is no header, unless it is said to be one; columns then have their places as names")
    func headers() throws {
        let text = "a,1\nb,2\n"
        let detected = try Self.table(text)
        #expect(detected.columns.map(\.name) == ["1", "2"] && detected.rowCount == 2)
        #expect(
            detected["1"]?.values == .categories([0, 1], names: ["a", "b"])
                && detected["2"]?.values
                    == .integers([1, 2])
        )
        let present = try Self.table(text, Self.headed(.present))
        #expect(present.columns.map(\.name) == ["a", "1"] && present.rowCount == 1)
        let absent = try Self.table("x,y\nz,w\n", Self.headed(.absent))
        #expect(absent.rowCount == 2 && absent["1"]?.values == .categories([0, 1], names: ["x", "z"]))
        #expect(try Self.table("x,\"\"\n1,2\n").columns.map(\.name) == ["x", "unnamed_2"])
    }

    private static let cells: [(String, Table.Kind)] = [
        ("1e3", Table.Kind.number), ("+5", .integer), ("-0", .integer), ("9223372036854775808", .number),
        (
            ".5",
            .number
        ),
        ("inf", .category), ("0x10", .category), ("1,0", .category), ("1e999", .category), ("1 2", .category),
        ("-", .category), ("1_0", .category),
    ]

    @Test("What a number is", arguments: cells)
    func numbers(_ cell: String, _ kind: Table.Kind) throws {
        #expect(try Self.table("a\n\"\(cell)\"\n", Self.headed(.present)).columns[0].kind == kind)
    }

    @Test("Whole numbers and numbers come back as they were written")
    func roundTrip() throws {
        var random = RandomChoices(state: 51)
        let whole = (0..<80).map { _ in Int64(bitPattern: random.next()) }
        let numbers = (0..<80).map { _ in
            Double.random(
                in: -1e6...1e6,
                using: &random) / Double(1 + random.next() % 1000)
        }
        let text = "w;n\n" + zip(whole, numbers).map { "\($0);\($1)" }.joined(separator: "\n")
        let read = try Self.table(text, .init(dialect: TableDialect(separator: .detected)))
        #expect(read["w"]?.values == .integers(whole) && read["n"]?.values == .numbers(numbers))
    }

    @Test("A column of nothing but missing values is of whole numbers; the usual codes are missing in every kind")
    func missing() throws {
        let read = try Self.table("a,b,c\n,1.5,x\n?,NA,NaN\nnan,\"\",?\n")
        #expect(
            read["a"]?.values == .integers([nil, nil, nil])
                && read["c"]?.values
                    == .categories(
                        [0, -1, -1],
                        names: ["x"])
        )
        #expect(read["b"]?.numbers.map(\.isNaN) == [false, true, true])
        #expect(try Self.table("a\n?\n").columns[0].numbers[0].isNaN)
        let plain = TableDialect()
        #expect(
            !plain.hasCodes && !TableDialect(missing: ["NA", ""]).hasCodes
                && TableDialect(missing: ["-9"]).hasCodes)
        let coded = try Self.table("a\n-9\n-9.0\n", Self.headed(.present, missing: ["-9"]))
        #expect(coded.columns[0].numbers.map(\.isNaN) == [true, false], "a code is a text, not a number")
    }

    @Test("Categories of numbers are in numerical order, others by bytes; every row keeps its name")
    func categories() {
        var random = RandomChoices(state: 52)
        #expect(TableCategories.ordered(["10", "9", "-1", "1e1", "09"]).names == ["-1", "09", "9", "10", "1e1"])
        #expect(TableCategories.ordered(["b", "10", "9", "é", "B"]).names == ["10", "9", "B", "b", "é"])
        for _ in 0..<100 {
            let names = Array(Set((0..<6).map { _ in random.text() }))
            let (place, sorted) = TableCategories.ordered(names)
            #expect(names.indices.allSatisfy { sorted[Int(place[$0])] == names[$0] })
            #expect(Set(place) == Set((0..<Int32(names.count)).map { $0 }))
            #expect(TableCategories.ordered(names.reversed()).names == sorted)
        }
    }

    private static let absent: [(TableColumn, String, String)] = [
        (TableColumn.named("c"), "one label column named 'c'", "0 of them among [\"a\", \"a\", \"b\"]"),
        (.named("a"), "one label column named 'a'", "2 of them among [\"a\", \"a\", \"b\"]"),
        (.index(3), "a label column 3", "3 columns"), (.index(-4), "a label column -4", "3 columns"),
    ]

    @Test("A role's column that is not there is refused with what is there", arguments: absent)
    func places(_ column: TableColumn, _ expected: String, _ found: String) throws {
        let error = try requireDataError { _ = try Self.table("a,a,b\n1,2,x\n", .init(label: column)) }
        #expect(error.kind == .malformed && error.path == "t.csv" && error.expected == expected && error.found == found)
    }

    @Test("A name needs a header; negative places count from the end; a label must be in every row")
    func roles() throws {
        let error = try requireDataError { _ = try Self.table("1,2\n", .init(index: .named("1"))) }
        #expect(error.expected == "one index column named '1'" && error.found == "no header")
        let read = try Self.table("5,6,7\n8,?,7\n", .init(label: .index(-1), index: .index(0)))
        #expect(read.index == ["5", "8"] && read.label?.values == .categories([0, 0], names: ["7"]))
        #expect(read.columns.map(\.name) == ["2"] && read.columns[0].values == .integers([6, nil]))
        let gap = try requireDataError { _ = try Self.table("x,y\n1,a\n2,?\n", .init(label: .last)) }
        #expect(gap.path == "t.csv, line 3, column 2" && gap.expected == "a class" && gap.found == "'?'")
    }

    @Test("A reader finds columns by name, all or none, and counts no header as a row")
    func reader() throws {
        var reader = try TableReader(bytes: Array("b,a\n 1 ,\"x\"\"y\"\n".utf8), path: "t.csv")
        #expect(reader.places(of: ["a", "b"]) == [1, 0] && reader.places(of: ["a", "z"]) == nil)
        #expect(try reader.nextRow() && reader.texts == ["1", "x\"y"] && !reader.isMissing(0))
        #expect(try !reader.nextRow() && reader.width == 2)
        let empty = try requireDataError { _ = try TableReader(bytes: [], path: "t.csv") }
        #expect(empty.expected == "a CSV file with a header and rows" && empty.found == "an empty file")
    }
}
