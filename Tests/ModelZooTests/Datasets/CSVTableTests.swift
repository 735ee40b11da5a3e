import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite struct CSVTableTests {
    private func table(_ text: String, _ options: CSVOptions = .init()) throws -> CSVTable {
        try CSVTable(bytes: Array(text.utf8), path: "data.csv", options: options)
    }

    private func problem(_ text: String, _ options: CSVOptions = .init()) -> DataError? {
        #expect(throws: DataError.self) { try table(text, options) }
    }

    @Test(arguments: ["\n", "\r\n", "\r"], [true, false])
    func readsLinesHoweverTheyEnd(lineEnd: String, isEnded: Bool) throws {
        let text = ["1,2.5,0", "-3,1e2,1", "", "5,.5,0"].joined(separator: lineEnd) + (isEnded ? lineEnd : "")
        let read = try table(text)
        #expect(read.features == [1, 2.5, -3, 100, 5, 0.5])
        #expect(read.labels == [0, 1, 0])
        #expect((read.rowCount, read.featureCount) == (3, 2))
        #expect(read.featureNames.isEmpty)
    }

    @Test(
        "Gaps among numbers are told by any usual spelling, and stay words among classes",
        arguments: ["", "?", "NA", "null", "NULL", "None", "N/A", "n/a", "#N/A", ".", "-", "<NA>", "nan"])
    func gaps(_ gap: String) throws {
        let text = "a,b,label\n1,\(gap),0\n2,3,1\n"
        #expect(try table(text, .found(allowsMissing: true)).features[1].isNaN)
        #expect(problem(text, .found())?.hint.contains("missing") == true)
    }

    @Test("None and - are classes where they stand among classes")
    func wordsOfGaps() throws {
        #expect(try table("a,label\n1,None\n2,-\n3,x\n", .found()).classNames == ["-", "None", "x"])
    }

    @Test func headersAreDetectedOrDeclared() throws {
        #expect(try table("a,b,class\n1,2,0\n").featureNames == ["a", "b"])
        #expect(try table("1,2,word\n3,4,word\n").rowCount == 2)
        #expect(try table("1,2,3\n4,5,6\n", .init(header: .present)).featureNames == ["1", "2"])
        #expect(problem("a,b,c\n1,2,0\n", .init(header: .absent))?.found == "'a'")
        #expect(try table("\u{FEFF}a,b\n1,2\n").featureNames == ["a"])
    }

    @Test func theLabelColumnIsChosenByPlaceOrName() throws {
        let text = "a,b,c\n1,2,3\n4,5,6\n"
        #expect(try table(text, .init(label: .last)).features == [1, 2, 4, 5])
        #expect(try table(text, .init(label: .index(0))).features == [2, 3, 5, 6])
        #expect(try table(text, .init(label: .index(-2))).features == [1, 3, 4, 6])
        let named = try table(text, .init(label: .named("b")))
        #expect(named.features == [1, 3, 4, 6])
        #expect(named.featureNames == ["a", "c"])
        #expect(named.classNames == ["2", "5"])
        for label in [CSVOptions.Label.index(3), .index(-4), .named("d")] {
            #expect(problem(text, .init(label: label))?.kind == .malformed)
        }
        #expect(problem("1,2\n", .init(label: .named("b")))?.found == "no header")
        #expect(problem("a,a\n1,2\n", .init(label: .named("a"))) != nil)
    }

    @Test func classesAreNumberedInOrder() throws {
        let numbers = try table("0,10\n0,9\n0,-1\n0,10\n")
        #expect(numbers.classNames == ["-1", "9", "10"])
        #expect(numbers.labels == [2, 1, 0, 2])
        let words = try table("0,oak\n0,ash\n0,10\n")
        #expect(words.classNames == ["10", "ash", "oak"])
        #expect(words.labels == [2, 1, 0])
        #expect(problem("0,1\n0,1.5\n")?.found == "'1.5'")
        #expect(problem("0,?\n")?.expected == "a class")
    }

    @Test func quotedCellsHoldAnything() throws {
        let read = try table("\"a,\"\"b\"\"\",class\r\n\"1.5\",\"two\r\nlines\"\r\n 2 ,plain\r\n")
        #expect(read.featureNames == ["a,\"b\""])
        #expect(read.features == [1.5, 2])
        #expect(read.classNames == ["plain", "two\r\nlines"])
    }

    @Test func brokenQuotesNameTheirPlace() {
        #expect(problem("1,0\n\"2,0\n")?.path == "data.csv, line 2, column 1")
        #expect(problem("1,0\n\"2\"3,0\n")?.found == "more text")
        #expect(problem("1,0\n2\"3\",0\n")?.expected == "quotes around the whole cell")
    }

    @Test func missingValuesAreReadOnlyWhereAllowed() throws {
        let text = "1,?,0\n,NA,1\nNaN,2,1\n"
        let read = try table(text, .init(allowsMissing: true))
        #expect(read.features.map(\.isNaN) == [false, true, true, true, true, false])
        let refused = problem(text)
        #expect(refused?.path == "data.csv, line 1, column 2")
        #expect(refused?.found == "the missing value '?'")
    }

    @Test(arguments: ["x", "1x", "inf", "0x10", "1e99", "1 2", "--1", "1,", "é"])
    func whatIsNoNumberIsNamedWithItsPlace(cell: String) {
        let found = problem("1,2,0\n\n3,\(cell),0\n")
        #expect(found?.kind == .malformed)
        #expect(found?.path.hasPrefix("data.csv, line 3, column ") == true)
    }

    @Test func longAndUnprintableTextIsShortened() {
        let found = problem("1,0\n\u{1B}\(String(repeating: "z", count: 500)),0\n")?.found ?? ""
        #expect(found.count < 60)
        #expect(!found.contains("\u{1B}"))
    }

    @Test(arguments: ["", "\n\n", "\u{FEFF}", "a,b\n", "1\n2\n", "1,2,0\n1,2\n", "1,0\n1,2,0\n", ",,\n"])
    func tablesWithoutAShapeAreRefused(text: String) {
        #expect(problem(text)?.kind == .malformed)
    }

    @Test func everyPrefixIsReadOrRefusedNeverATrap() {
        let whole = Array("a,\"b\"\"c\",d\r\n1,\"2\",x\r\n3.5e1,4,\"y,\"\r\n".utf8)
        for length in 0..<whole.count {
            do {
                let read = try CSVTable(bytes: Array(whole[..<length]), path: "p", options: .init())
                #expect(read.features.count == read.rowCount * read.featureCount)
            } catch {
                #expect(error is DataError)
            }
        }
    }

    @Test func numbersAreReadAsTheNearestSingle() {
        func parse(_ text: String) -> Float? { TableNumber.parse(ArraySlice(text.utf8)) }
        let values: [Float] = [
            0, 9_999_999, 16_777_216, 0.1, -1.5e-30, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
        ]
        for value in values {
            #expect(parse("\(value)") == value)
        }
        #expect(parse("0012") == 12)
        #expect(parse("+4") == 4)
        #expect(parse("16777219") == 16_777_220)
        for text in ["", "nan", "infinity", "0x1p3", "1_000", "."] { #expect(parse(text) == nil) }
    }
}

@Suite struct CSVTableOptionsTests {
    private func table(_ text: String, _ options: CSVOptions) throws -> CSVTable {
        try CSVTable(bytes: Array(text.utf8), path: "data.csv", options: options)
    }

    @Test func anIndexColumnIsNoFeature() throws {
        let text = "row,a,b,class\nr1,1,2,x\nr2,3,4,y\n"
        for index in [TableColumn.index(0), .named("row")] {
            let read = try table(text, CSVOptions(index: index))
            #expect(read.features == [1, 2, 3, 4] && read.featureNames == ["a", "b"] && read.featureCount == 2)
        }
        #expect(throws: DataError.self) { try table(text, CSVOptions(label: .last, index: .last)) }
        #expect(throws: DataError.self) { try table("r,class\n1,x\n", CSVOptions(index: .index(0))) }
    }

    @Test func otherDialectsAndCodesForMissingValues() throws {
        let dialect = TableDialect(separator: .detected, missing: ["-9"])
        let read = try table("a;b;class\n-9;2;x\n3;4;y\n", CSVOptions(dialect: dialect, allowsMissing: true))
        #expect(read.features[0].isNaN && read.features[1...] == [2, 3, 4])
        #expect(throws: DataError.self) { try table("a;b;class\n-9;2;x\n", CSVOptions(dialect: dialect)) }
    }

    private static let forms: [(String, [Float], String)] = [
        ("label,p0,p1\n2,10,8\n0,2,13\n1,5,5\n", [10, 8, 2, 13, 5, 5], "label"),
        ("p0;class;p1\n10;2;8\n2;0;13\n5;1;5\n", [10, 8, 2, 13, 5, 5], "class"),
        ("0\t1\t2\t3\t4\n1\t2\t3\t4\t2\n5\t6\t7\t8\t0\n5\t6\t7\t8\t1\n", [1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8], "4"),
        (",p0,p1,y\n0,10,8,2\n1,2,13,0\n2,5,5,1\n", [10, 8, 2, 13, 5, 5], "y"),
    ]

    @Test(arguments: forms)
    func filesAreReadAsPeopleHaveThem(text: String, features: [Float], label: String) throws {
        let read = try table(text, .found())
        #expect(read.features == features && read.labels == [2, 0, 1] && read.labelName == label)
    }

    @Test func aPersonSaysWhichColumnIsTheClass() throws {
        let text = "a,b,label\n1,0,5\n2,1,6\n"
        #expect(try table(text, .found(label: "b")).features == [1, 5, 2, 6])
        #expect(try table(text, .found(label: "first")).classNames == ["1", "2"])
        #expect(try table(text, .found(label: "2")).labelName == "b")
        #expect(throws: DataError.self) { try table(text, .found(label: "c")) }
    }

    @Test func whatToDoIsAnOptionThatExists() throws {
        let words = #expect(throws: DataError.self) { try table("a,b,target\n1.5,2,0.5\n1,2,0.25\n", .found()) }
        #expect(words?.hint.contains("`label`") == true && words?.expected.contains("'target'") == true)
        let comma = #expect(throws: DataError.self) { try table("a;b;c\n1,5;2;0\n1;2;1\n", .found()) }
        #expect(comma?.hint == "decimals are written with a point")
    }
}
