/// Reads a table row by row in bounded memory, besides its bytes: the one parser of CSV files in this package.
///
/// ``Table`` holds a whole one with typed columns; data sets and metrics read their rows from here.
public struct TableReader {
    /// The file's path, for messages.
    public let path: String
    /// How the table is written.
    public let dialect: TableDialect
    /// The columns' names; empty where the table has no header.
    public let names: [String]
    /// Number of cells that every row must have.
    public let width: Int
    /// The cells of the row read last.
    package private(set) var cells: [TableScanner.Cell] = []
    private var scanner: TableScanner
    /// Whether the first row was looked at, but is still to be handed out: it is no header.
    private var hasPendingRow: Bool

    /// Reads the header, or the first row where there is none. Throws `DataError` (malformed) where there are no rows or
    /// they cannot be cut into cells; `path` is for messages.
    public init(bytes: [UInt8], path: String, dialect: TableDialect = TableDialect()) throws {
        var scanner = TableScanner(bytes: bytes, path: path, dialect: dialect)
        guard try scanner.nextRow(into: &cells) else {
            throw DataError(.malformed, path: path, expected: "a CSV file with rows", found: "nothing")
        }
        let isHeader =
            switch dialect.header {
            case .present: true
            case .absent: false
            case .detected: cells.allSatisfy { TableNumber.parse(scanner.bytes[$0.range]) == nil }
            }
        names = isHeader ? cells.map(scanner.text) : []
        (self.path, self.dialect, width, hasPendingRow) = (path, dialect, cells.count, !isHeader)
        self.scanner = scanner
    }

    /// Goes to the next row; false at the end. Throws `DataError` (malformed) for a row of another width.
    public mutating func nextRow() throws -> Bool {
        if hasPendingRow {
            hasPendingRow = false
            return true
        }
        guard try scanner.nextRow(into: &cells) else { return false }
        guard cells.count == width else {
            throw problem(
                column: min(cells.count, width) - 1, expected: "\(width) columns", found: "\(cells.count)")
        }
        return true
    }

    /// What a cell of the present row says, without its quotes; `column` counts from 0.
    public func text(_ column: Int) -> String { scanner.text(cells[column]) }

    /// The cells of the present row as texts.
    public var texts: [String] { cells.map(scanner.text) }

    /// A cell's bytes, with doubled quotes as they stand.
    package func bytes(_ column: Int) -> ArraySlice<UInt8> { scanner.bytes[cells[column].range] }

    /// Whether a cell of the present row stands for a missing value.
    public func isMissing(_ column: Int) -> Bool { dialect.isMissing(bytes(column)) }

    /// The places of named columns, or nil where one is not there.
    public func places(of wanted: [String]) -> [Int]? {
        let places = wanted.compactMap { names.firstIndex(of: $0) }
        return places.count == wanted.count ? places : nil
    }

    /// A complaint that one column is to be both label and index.
    package func sharedColumn(_ column: Int) -> DataError {
        DataError(
            .malformed, path: path, problem: "column \(column + 1) is to be both the label and the index",
            hint: "choose another for one of them")
    }

    /// A complaint about a cell of the present row, with its line and column.
    public func problem(column: Int, expected: String, found: String, hint: String = "") -> DataError {
        scanner.problem(column: column, expected: expected, found: found, hint: hint)
    }
}

/// One column of a table, by its place or its name.
public enum TableColumn: Sendable, Hashable {
    /// The last one.
    case last
    /// A column counted from 0; a negative one counts back from the end, so that -1 is the last.
    case index(Int)
    /// A column by its name in the header.
    case named(String)

    /// Its place in a table. Throws `DataError` (malformed), which calls it `role`, where there is no such column or
    /// several have the name.
    public func place(in table: TableReader, role: String) throws -> Int {
        switch self {
        case .last: return table.width - 1
        case .index(let index):
            guard (-table.width..<table.width).contains(index) else {
                throw DataError(
                    .malformed, path: table.path, expected: "\(role.article) \(role) column \(index)",
                    found: "\(table.width) columns")
            }
            return index < 0 ? table.width + index : index
        case .named(let name):
            let places = table.names.indices.filter { table.names[$0] == name }
            guard places.count == 1 else {
                let among = "\(places.count) of them among \(table.names.prefix(20))"
                throw DataError(
                    .malformed, path: table.path, expected: "one \(role) column named '\(name)'",
                    found: table.names.isEmpty ? "no header" : among)
            }
            return places[0]
        }
    }
}

extension String {
    /// `a` or `an`, as the first letter asks for.
    fileprivate var article: String { first.map { "aeiou".contains($0) } == true ? "an" : "a" }
}
