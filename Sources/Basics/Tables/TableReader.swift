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
    /// Whether every line ends with a separator, behind which there is no column.
    private let hasEmptyEnd: Bool
    /// Whether the first row was looked at, but is still to be handed out: it is no header.
    private var hasPendingRow: Bool

    /// Reads the header, or the first row where there is none. Throws `DataError` (malformed) where there are no rows or
    /// they cannot be cut into cells; `path` is for messages.
    public init(bytes: [UInt8], path: String, dialect: TableDialect = TableDialect()) throws {
        var scanner = TableScanner(bytes: bytes, path: path, dialect: dialect)
        try Self.refuseOtherFiles(scanner.bytes, path: path)
        guard try scanner.nextRow(into: &cells) else {
            throw DataError(
                .malformed, path: path, expected: "a CSV file with a header and rows", found: "an empty file",
                hint: "was it cut short?")
        }
        if dialect.header == .detected { try Self.skipRemarks(&scanner, &cells) }
        var first = cells.map(scanner.text)
        let isHeader =
            switch dialect.header {
            case .present: true
            case .absent: false
            case .detected:
                try TableHeader.isHeader(first) { try Self.rows(TableHeader.sampledRows, after: scanner) }
            }
        // R's write.table names every column but the one with the names of the rows.
        let next = isHeader ? try Self.rows(2, after: scanner) : []
        let isShort = next.count == 2 && next.allSatisfy { $0.count == first.count + 1 }
        // NumPy's savetxt writes `# a,b,c`.
        if isHeader, dialect.comment == nil, let name = first.first, name.hasPrefix("#"), name.count > 1 {
            first[0] = String(name.dropFirst().drop { $0 == " " })
        }
        hasEmptyEnd = try first.count > 2 && first.last == "" && Self.endsEmpty(scanner, width: first.count)
        let columns = hasEmptyEnd ? Array(first.dropLast()) : first
        names = isHeader ? (isShort ? [""] : []) + columns : []
        (self.path, self.dialect, hasPendingRow) = (path, dialect, !isHeader)
        width = isShort ? columns.count + 1 : columns.count
        if hasEmptyEnd { cells.removeLast() }
        self.scanner = scanner
    }

    /// Throws `.malformed` for files that are no text, whatever their name says.
    private static func refuseOtherFiles(_ bytes: [UInt8], path: String) throws {
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw DataError(
                .malformed, path: path, problem: "is a ZIP archive, as Excel's workbooks are, not a table in text",
                hint: "save the sheet as CSV")
        }
        if let place = bytes.prefix(4096).firstIndex(of: 0) {
            throw DataError(
                .malformed, path: path, problem: "is not text: byte \(place) is 0",
                hint: "save the table as CSV in UTF-8")
        }
    }

    /// Passes over lines before the table that begin with # and have another number of cells than what follows them.
    private static func skipRemarks(_ scanner: inout TableScanner, _ cells: inout [TableScanner.Cell]) throws {
        while let first = cells.first, !first.isQuoted, scanner.bytes[first.range].first == UInt8(ascii: "#"),
            let next = try rows(1, after: scanner).first, next.count != cells.count
        {
            _ = try scanner.nextRow(into: &cells)
        }
    }

    /// Whether the last cell of the next rows is empty everywhere: every line ends with a separator.
    private static func endsEmpty(_ scanner: TableScanner, width: Int) throws -> Bool {
        // The last line of all often ends without what ends the others.
        let rows = try rows(TableHeader.sampledRows, after: scanner)
        let whole = rows.last?.count == width - 1 ? rows.dropLast() : rows[...]
        return !whole.isEmpty && whole.allSatisfy { $0.count == width && $0.last == "" }
    }

    /// At most so many rows that follow the place where a scanner stands.
    private static func rows(_ count: Int, after scanner: TableScanner) throws -> [[String]] {
        var (ahead, cells, rows) = (scanner, [TableScanner.Cell](), [[String]]())
        while rows.count < count, try ahead.nextRow(into: &cells) { rows.append(cells.map(ahead.text)) }
        return rows
    }

    /// Goes to the next row; false at the end. Throws `DataError` (malformed) for a row of another width.
    public mutating func nextRow() throws -> Bool {
        if hasPendingRow {
            hasPendingRow = false
            return true
        }
        guard try scanner.nextRow(into: &cells) else { return false }
        if hasEmptyEnd, cells.count == width + 1, cells.last?.range.isEmpty == true { cells.removeLast() }
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
    /// The one that is likely to be meant: for a label the one with a usual name (`label`, `class`, `target`, `y`),
    /// else the last one, or the first where the last one can hold no classes.
    case usual
    /// A column counted from 0; a negative one counts back from the end, so that -1 is the last.
    case index(Int)
    /// A column by its name in the header.
    case named(String)

    /// Its place in a table. Throws `DataError` (malformed), which calls it `role`, where there is no such column or
    /// several have the name.
    public func place(in table: TableReader, role: String) throws -> Int {
        switch self {
        case .last: return table.width - 1
        case .usual: return try TableRoles.label(in: table)
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
                let shown = table.names.prefix(10).map { $0.printable(limit: 40) }
                let more = table.names.count > 10 ? " and \(table.names.count - 10) more" : ""
                throw DataError(
                    .malformed, path: table.path, expected: "one \(role) column named '\(name.printable())'",
                    found: table.names.isEmpty ? "no header" : "\(places.count) of them among \(shown)\(more)",
                    hint: Nearest.hint(places.isEmpty ? Nearest.match(name, among: table.names) : nil))
            }
            return places[0]
        }
    }
}

extension TableColumn {
    /// The column that a person means: by its name in the header, `first`, `last`, or by its place counted from 1.
    ///
    /// A name in the header comes first, so that a column called 784 is not taken for the 784th.
    public init(_ text: String, in table: TableReader) {
        if table.names.contains(text) {
            self = .named(text)
        } else if let number = Int(text), number != 0 {
            self = .index(number > 0 ? number - 1 : number)
        } else {
            self = text == "last" ? .last : text == "first" ? .index(0) : .named(text)
        }
    }
}

extension String {
    /// `a` or `an`, as the first letter asks for.
    fileprivate var article: String { first.map { "aeiou".contains($0) } == true ? "an" : "a" }
}
