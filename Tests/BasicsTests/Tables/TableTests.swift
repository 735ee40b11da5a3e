import Testing
@testable import Basics

@Suite("Tables")
struct TableTests {
    private func table(_ text: String, _ options: Table.Options = .init()) throws -> Table {
        try Table(bytes: Array(text.utf8), path: "t.csv", options: options)
    }

    private func problem(_ text: String, _ options: Table.Options = .init()) -> DataError? {
        #expect(throws: DataError.self) { try table(text, options) }
    }

    @Test("Columns are whole numbers, numbers or categories, whichever is the narrowest")
    func kinds() throws {
        let read = try table("id,dose,drug,big\n1,0.5,b,9223372036854775807\n2,1,a,\n?,NA,,3\n")
        #expect(read.columns.map(\.name) == ["id", "dose", "drug", "big"])
        #expect(read.columns.map(\.kind) == [.integer, .number, .category, .integer])
        #expect(read["id"]?.values == .integers([1, 2, nil]))
        #expect(read["big"]?.values == .integers([.max, nil, 3]))
        #expect(read["drug"]?.values == .categories([1, 0, -1], names: ["a", "b"]))
        #expect(read["dose"]?.numbers.map { $0.isNaN ? -1 : $0 } == [0.5, 1, -1])
        #expect(read["id"]?.numbers.map { $0.isNaN ? -1 : $0 } == [1, 2, -1])
        #expect(read["drug"]?.numbers.map { $0.isNaN ? -1 : $0 } == [1, 0, -1])
        #expect(read.rowCount == 3 && read.label == nil && read.index == nil && read["none"] == nil)
    }

    private static let plain = "label,a,b\n1,14,10\n0,5,0\n"

    @Test(
        "Spreadsheets' and other tools' habits: UTF-16, remarks before the table, separators at the ends of lines",
        arguments: [
            "# made by x\n" + plain, "# made by x, y\n\n# and z\n" + plain, "#" + plain, "# " + plain,
            "label,a,b,\n1,14,10,\n0,5,0,\n", "label,a,b,\n1,14,10,\n0,5,0",
        ])
    func habits(_ text: String) throws {
        let expected = try table(Self.plain)
        #expect(try table(text) == expected)
        for isLittle in [true, false] {
            let units = [0xFEFF] + Array(text.utf16)
            let bytes = units.flatMap {
                isLittle ? [UInt8($0 & 255), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 255)]
            }
            #expect(try Table(bytes: bytes, path: "t.csv") == expected)
        }
    }

    @Test("A last column that is empty in some rows is one; without a header too")
    func emptyEnds() throws {
        #expect(try table("a,b,c\n1,2,\n3,4,\n").columns.count == 3, "it has a name")
        #expect(try table("1,2,\n3,4,5\n").columns.count == 3)
        #expect(try table("1,2,\n3,4,\n").columns.count == 2)
    }

    @Test("Files that are no text are named for what they are")
    func otherFiles() throws {
        func problem(_ bytes: [UInt8]) -> String? {
            do { _ = try Table(bytes: bytes, path: "t.csv") } catch { return "\(error)" }
            return nil
        }
        #expect(problem([0x50, 0x4B, 3, 4, 20, 0])?.contains("Excel") == true)
        #expect(problem(Array("a,b\n1,".utf8) + [0, 7])?.contains("byte 6 is 0") == true)
    }

    @Test(
        "Declared kinds hold: numbers that stand for categories, in numerical order; a value of another kind is named")
    func declared() throws {
        let text = "pain,x\n10,1\n9,2\n"
        let read = try table(text, .init(kinds: ["pain": .category]))
        #expect(read["pain"]?.values == .categories([1, 0], names: ["9", "10"]))
        let refused = problem("pain,x\n10,1\nhigh,2\n", .init(kinds: ["pain": .number]))
        #expect(refused?.path == "t.csv, line 3, column 1" && refused?.found == "'high'")
        #expect(problem("a,b\n1.5,2\n", .init(kinds: ["a": .integer]))?.expected == "a whole number in the column 'a'")
        let comma = problem("a;b\n1,5;2\n", .init(dialect: TableDialect(separator: .detected), kinds: ["a": .number]))
        #expect(comma?.found == "'1,5'" && comma?.hint.contains("decimal comma") == true)
    }

    @Test("A label and an index column, by place or by name, are no features")
    func roles() throws {
        let text = ",age,outcome\nr1,50,1\nr2,60,0\n"
        for (label, index) in [
            (TableColumn.last, TableColumn.index(0)), (.named("outcome"), .named("")), (.index(-1), .index(-3)),
        ] {
            let read = try table(text, .init(label: label, index: index))
            #expect(read.columns.map(\.name) == ["age"] && read.index == ["r1", "r2"])
            #expect(read.label?.values == .categories([1, 0], names: ["0", "1"]))
        }
        #expect(problem(text, .init(label: .named("class")))?.expected == "one label column named 'class'")
        #expect(problem(text, .init(index: .index(3)))?.expected == "an index column 3")
        #expect(
            problem(text, .init(label: .last, index: .last))?.found == "column 3 is to be both the label and the index")
        #expect(problem("a,b\n1,\n", .init(label: .last))?.expected == "a class")
    }

    @Test("Codes that the caller names are missing values too, even where they look like numbers")
    func missing() throws {
        let read = try table("a,b\n-9,x\n3,.\n", .init(dialect: TableDialect(missing: ["-9", "."])))
        #expect(read["a"]?.values == .integers([nil, 3]))
        #expect(read["b"]?.values == .categories([0, -1], names: ["x"]))
    }

    @Test(
        "Separators are named or detected, outside quotes and after comments",
        arguments: [
            (TableDialect.Separator.comma, "a,b\n1,2\n"), (.semicolon, "a;b\n1;2\n"), (.tab, "a\tb\n1\t2\n"),
            (.detected, "a,b\n1,2\n"), (.detected, "\u{FEFF}a;b\n1;2\n"), (.detected, "\n\na\tb\n1\t2\n"),
            (.detected, "\"a\";b\n1;2\n"), (.detected, "# x,y,z\na;b\n1;2\n"),
        ])
    func separators(_ separator: TableDialect.Separator, _ text: String) throws {
        var dialect = TableDialect(separator: separator)
        dialect.comment = UInt8(ascii: "#")
        let read = try table(text, .init(dialect: dialect))
        #expect(read.columns.map(\.name) == ["a", "b"])
        #expect(read.columns.map(\.values) == [.integers([1]), .integers([2])])
    }

    @Test("A separator inside quotes does not count; without any, a table has one column")
    func quotedSeparators() throws {
        let read = try table("\"a;b;c\",d\n1,2\n", .init(dialect: TableDialect(separator: .detected)))
        #expect(read.columns.map(\.name) == ["a;b;c", "d"])
        #expect(try table("a\n1\n", .init(dialect: TableDialect(separator: .detected))).columns.count == 1)
        let broken = problem("a;b\n\"1\"x;2\n", .init(dialect: TableDialect(separator: .semicolon)))
        #expect(broken?.expected == "a semicolon or the end of the line after a quoted cell")
    }

    @Test("Without quotes a quote is a character; without comments so is a hash")
    func plainCharacters() throws {
        var dialect = TableDialect(header: .absent)
        dialect.hasQuotes = false
        let read = try table("5\",#1\n6\",#2\n", .init(dialect: dialect))
        #expect(read["1"]?.values == .categories([0, 1], names: ["5\"", "6\""]))
        #expect(read["2"]?.values == .categories([0, 1], names: ["#1", "#2"]))
    }

    @Test("Comments are passed over and counted as lines")
    func comments() throws {
        var dialect = TableDialect()
        dialect.comment = UInt8(ascii: "#")
        let options = Table.Options(dialect: dialect, kinds: ["b": .number])
        #expect(try table("# one\r\na,b\r\n# two\r\n1,2\r\n#", options).rowCount == 1)
        #expect(problem("# one\na,b\n# two\n1,x\n", options)?.path == "t.csv, line 4, column 2")
    }

    @Test("Tables without a shape are refused", arguments: ["", "\n", "a,b\n", "a,b\n1\n", "a,b\n1,2,3\n"])
    func shapeless(_ text: String) {
        #expect(problem(text, .init(dialect: TableDialect(header: .present)))?.kind == .malformed)
    }

    @Test("Every prefix of a table is read or refused, never a trap")
    func prefixes() {
        let whole = Array("# c\na;\"b\"\"c\";d\r\n1;\"2\";x\r\n3.5e1;4;\"y;\"\r\n".utf8)
        var dialect = TableDialect(separator: .detected)
        dialect.comment = UInt8(ascii: "#")
        for length in 0...whole.count {
            let read = Result { try Table(bytes: Array(whole[..<length]), path: "p", options: .init(dialect: dialect)) }
            if case .failure(let error) = read { #expect(error is DataError) }
        }
    }
}
