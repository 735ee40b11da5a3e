import Basics
import Testing

@testable import ShiftDetection

@Suite("What is doubtful about columns")
struct ColumnDoubtsTests {
    /// The notes of a table whose columns are given by name, 24 rows unless they say otherwise.
    private func notes(_ columns: [(String, (Int) -> String)], rows: Int = 24) throws -> [String] {
        let header = columns.map(\.0).joined(separator: ";")
        let body = (0..<rows).map { row in columns.map { $0.1(row) }.joined(separator: ";") }
        let text = ([header] + body).joined(separator: "\n")
        let options = Table.Options(dialect: TableDialect(separator: .detected))
        let table = try Table(bytes: Array(text.utf8), path: "p.csv", options: options)
        let encoding = try TableEncoding(fitting: table, except: [], impute: nil, keepsConstants: true, path: "p.csv")
        return ColumnDoubts(table, encoding, path: "p.csv").notes
    }

    private let plain: (String, (Int) -> String) = ("x", { "\(Double($0 * 7 % 24) / 4)" })

    @Test("Numbers of rows and texts that never repeat are named together, with one option that leaves them out")
    func identifiers() throws {
        let found = try notes([
            plain, ("id", { "\($0 + 100)" }), ("date", { "2026-01-\($0 + 1)" }), ("sex", { $0 % 2 == 0 ? "m" : "f" }),
        ])
        #expect(
            found == [
                "p.csv: column 'id' counts the rows, as a patient's number does: leave it out with --ignore id,date",
                "p.csv: column 'date' has another text in nearly every row, as names and dates do: leave it out with "
                    + "--ignore id,date",
            ])
    }

    @Test("Whole numbers count rows where they rise, or fill a range; measured ones do not")
    func counting() throws {
        let shuffled = try notes([plain, ("n", { "\($0 * 5 % 24)" })])
        #expect(shuffled.count == 1 && shuffled[0].contains("'n' counts"))
        let rising = try notes([plain, ("n", { "\($0 * $0)" })])
        #expect(rising.count == 1)
        #expect(try notes([plain, ("age", { "\(40 + $0 * 11 % 17)" })]).isEmpty)
        #expect(try notes([plain, ("n", { "\($0 * 5 % 24 * 3)" })]).isEmpty, "all different, in no order, with gaps")
        #expect(
            try notes([("x", { "\($0 * 7 % 12)" }), ("id", { "\($0)" })], rows: 12).isEmpty,
            "few rows may rise by chance")
        let wide = try notes([plain, ("n", { $0 % 2 == 0 ? "\(Int64.min + Int64($0))" : "\(Int64.max - Int64($0))" })])
        #expect(wide.isEmpty, "a range beyond 64 bits")
    }

    @Test("Decimal commas are told from texts that never repeat")
    func commas() throws {
        let found = try notes([plain, ("y", { "\($0),5" })])
        #expect(
            found == [
                "p.csv: column 'y' holds numbers with decimal commas, which were read as texts: write them with points"
            ])
        #expect(try notes([plain, ("y", { "a,\($0 % 3)" })]).isEmpty)
        #expect(
            try notes([plain, ("y", { "\($0 % 4),5" }), ("z", { "-\($0 % 2),25" })]) == [
                "p.csv: columns y, z hold numbers with decimal commas, which were read as texts: write them with points"
            ])
    }

    @Test("Columns of one value are said to be compared and not read")
    func constants() throws {
        let found = try notes([plain, ("corner", { _ in "0" })])
        #expect(found.count == 1 && found[0].hasPrefix("p.csv: column 'corner' holds one value in every row"))
    }
}
