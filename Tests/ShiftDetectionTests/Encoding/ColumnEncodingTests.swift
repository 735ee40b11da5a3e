import Basics
import Foundation
import Testing

@testable import ShiftDetection

@Suite("Columns become features")
struct ColumnEncodingTests {
    private func fitted(_ values: String, _ kind: Table.Kind, impute: Imputation? = nil) throws
        -> ColumnEncoding
    {
        let lines = (["c,other"] + values.split(separator: " ").map { "\($0 == "?" ? "" : $0),1" })
            .joined(separator: "\n")
        let table = try Table(
            bytes: Array(lines.utf8), path: "t.csv", options: .init(kinds: ["c": kind]))
        return try TableEncoding(fitting: table, except: ["other"], impute: impute, path: "t.csv")
            .columns[0]
    }

    private func features(_ column: ColumnEncoding, _ value: Double) -> [Float] {
        var row: [Float] = [7]
        column.append(value, to: &row)
        return Array(row.dropFirst())
    }

    @Test(
        "A number is what it is in deviations from the mean, up to six of them; the deviation is that of n rows"
    )
    func numbers() throws {
        let column = try fitted("1 2 3 4", .number)
        #expect(
            column.content == .number(mean: 2.5, deviation: 1.25.squareRoot()) && column.fill == nil)
        #expect(column.width == 1 && column.kind == .number)
        #expect(features(column, 2.5) == [0] && features(column, 4) == [Float(1.5 / 1.25.squareRoot())])
        #expect(features(column, 1e9) == [6] && features(column, -.infinity) == [-6])
        #expect(features(column, .nan)[0].isNaN)
        #expect(try fitted("1 2 3 4", .number, impute: .median).fill == 2)
        #expect(try fitted("9 1 ? 4 2", .number, impute: .mean).fill == 4)
    }

    @Test(
        "A category is one among the known; of the most frequent the first stands for what is missing")
    func categories() throws {
        let column = try fitted("b a c b a ?", .category, impute: .mean)
        #expect(
            column.content == .categories(["a", "b", "c"]) && column.fill == 0 && column.kind == .category
        )
        #expect(features(column, 1) == [0, 1, 0] && features(column, .nan) == [1, 0, 0])
        #expect(features(column, TableEncoding.unseen) == [0, 0, 0])
        // Numbers that stand for categories are in the order of numbers.
        let codes = try fitted("10 9 9", .category)
        #expect(codes.content == .categories(["9", "10"]) && codes.width == 2 && codes.fill == nil)
        #expect(features(codes, .nan) == [0, 0])
    }

    @Test(
        "A column of a damaged file says what is wrong with it",
        arguments: [
            ("{\"number\":{\"mean\":1,\"deviation\":2}}", "", nil),
            ("{\"number\":{\"mean\":1,\"deviation\":0}}", "", nil),
            (
                "{\"number\":{\"mean\":1,\"deviation\":-2}}", "",
                "column c has no finite mean and deviation"
            ),
            ("{\"categories\":{\"_0\":[\"a\",\"b\"]}}", ",\"fill\":1", nil),
            ("{\"categories\":{\"_0\":[\"a\",\"a\"]}}", "", "column c has no sound categories"),
            (
                "{\"categories\":{\"_0\":[\"a\",\"b\"]}}", ",\"fill\":2", "column c has no sound categories"
            ),
            (
                "{\"categories\":{\"_0\":[\"a\",\"b\"]}}", ",\"fill\":-1",
                "column c has no sound categories"
            ),
        ] as [(String, String, String?)])
    func damaged(_ content: String, _ fill: String, _ problem: String?) throws {
        let json = "{\"name\":\"c\",\"content\":\(content)\(fill)}"
        #expect(try JSONDecoder().decode(ColumnEncoding.self, from: Data(json.utf8)).problem == problem)
    }

    @Test("Numbers are kept in single precision; what is larger than that is the largest")
    func kept() {
        #expect(RawRows.kept(0.1) == Double(Float(0.1)) && RawRows.kept(-2) == -2)
        #expect(RawRows.kept(1e300) == Double(Float.greatestFiniteMagnitude))
        #expect(
            RawRows.kept(-.infinity) == -Double(Float.greatestFiniteMagnitude) && RawRows.kept(.nan).isNaN
        )
    }

    @Test("Of many columns that are lacking, or that are too many, the first are named")
    func manyColumns() throws {
        func table(_ names: [String]) throws -> Table {
            let rows = [0, 1].map { row in names.map { _ in "\(row)" }.joined(separator: ",") }
            return try Table(
                bytes: Array(([names.joined(separator: ",")] + rows).joined(separator: "\n").utf8),
                path: "t.csv")
        }
        let names = (0..<12).map { "a\($0)" }
        let encoding = try TableEncoding(fitting: table(names), except: [], impute: nil, path: "t.csv")
        do {
            _ = try encoding.read(table(["something"]), except: [], path: "q.csv")
            Issue.record("nothing was refused")
        } catch {
            #expect(
                "\(error)".contains("'a0', 'a1'")
                    && "\(error)".contains("'a9' and 2 more, which the reference has"))
            #expect("\(error)".contains("both files need the same header"), "\(error)")
        }
        let extra = (0..<9).map { "x\($0)" }
        let notes = try encoding.read(table(names + extra + ["id"]), except: ["id"], path: "q.csv")
            .notes
        #expect(
            notes == [
                "q.csv: columns that the reference does not have are ignored: x0, x1, x2, x3, x4, x5, x6, x7 and 1 more"
            ])
    }

    @Test("Encodings are read as they were written; the width is that of all columns")
    func roundTrip() throws {
        let table = try Table(bytes: Array("age,sex\n1,m\n2.5,f\n,d\n".utf8), path: "t.csv")
        let encoding = try TableEncoding(fitting: table, except: [], impute: .mean, path: "t.csv")
        #expect(encoding.width == 4 && encoding.kinds == ["age": .number, "sex": .category])
        let read = try JSONDecoder().decode(TableEncoding.self, from: JSONEncoder().encode(encoding))
        #expect(read == encoding && read.columns.allSatisfy { $0.problem == nil })
    }

    @Test("A long list of shared rows is cut to its beginning")
    func lines() {
        let rows = RawRows(columns: [(0..<12).map { Double($0) + 0.1234567 }], count: 12)
        let shared = SharedRows(of: rows, in: rows)
        #expect(shared.lines == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more" && shared.isTooMany)
        #expect(SharedRows(of: rows, in: rows.selecting([0, 1])).lines == "1, 2")
    }
}

@Suite("Classes of a network's outputs")
struct OutputClassesTests {
    private func names(
        _ outputs: Int, named: [String]? = nil, declared: [String] = [], _ labels: [String] = []
    ) throws -> [String] {
        let classes = try ModelClasses(
            outputs: outputs, named: named, declared: declared, labels: labels)
        #expect(classes.columns.isEmpty)
        return classes.names
    }

    private func refusal(_ work: () throws -> Void) -> String {
        do {
            try work()
            return "nothing was refused"
        } catch { return "\(error)" }
    }

    @Test("As declared, else as the file names them, else as numbers stand in their order")
    func order() throws {
        #expect(try names(3) == ["0", "1", "2"])
        #expect(try names(3, ["2", "1.0"]) == ["0", "1", "2"])
        #expect(try names(2, ["2", "1"]) == ["1", "2"] && names(2, ["1", "-1"]) == ["-1", "1"])
        #expect(try names(2, named: ["no", "yes"], ["yes"]) == ["no", "yes"])
        #expect(
            try names(2, named: ["no", "yes"], declared: ["1.0", "0"], ["0", "1"]) == ["1", "0"])
    }

    @Test("Words without an order, classes of another number and labels of other classes are refused")
    func refused() {
        let words = refusal { _ = try names(2, ["yes", "no"]) }
        #expect(
            words.hasPrefix(
                "--model: it is not known which class each column is about; the labels are no, yes"))
        #expect(words.contains("--classes no,yes"))
        let few = refusal { _ = try names(3, declared: ["a", "b"]) }
        #expect(
            few == "--classes: expected 3 different classes, one for each column of --model, found a,b")
        let other = refusal { _ = try names(2, named: ["a", "b"], ["c"]) }
        #expect(other.hasPrefix("--model: a label is 'c', which is none of the classes a, b ("))
    }

    @Test("Labels find their places whichever way a number is written")
    func places() throws {
        let classes = try ModelClasses(columns: ["p"], declared: [], labels: ["0", "1"])
        #expect(classes.places(["1.0", " 0 ", "x", "1e0", "2"]) == [1, 0, nil, 1, nil])
        #expect(ModelClasses.canonical("1.50") == "1.5" && ModelClasses.canonical(" yes ") == "yes")
        #expect(
            try JSONDecoder().decode(ModelClasses.self, from: JSONEncoder().encode(classes)) == classes)
    }
}
