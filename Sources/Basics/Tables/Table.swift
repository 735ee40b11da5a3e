/// A whole table in memory with typed columns: features, a label column and an index column where they are asked for.
///
/// A column is of the narrowest kind that holds all its values: whole numbers, numbers, else categories.
public struct Table: Sendable, Equatable {
    /// What the values of a column are.
    public enum Kind: String, Sendable, Hashable {
        /// Whole numbers of up to 64 bits.
        case integer
        /// Finite numbers in decimal notation.
        case number
        /// Texts, of which each different one is a category.
        case category
    }

    /// The values of a column, one for each row.
    public enum Values: Sendable, Equatable {
        /// Whole numbers; nil where the value is missing.
        case integers([Int64?])
        /// Numbers in double precision; NaN where the value is missing.
        case numbers([Double])
        /// Indices into `names`, -1 where the value is missing. Names are in numerical order where all are numbers, else
        /// in the order of their UTF-8 bytes.
        case categories([Int32], names: [String])
    }

    /// A column with its name.
    public struct Column: Sendable, Equatable {
        /// Its name in the header, or its place counted from 1 where there is none; `unnamed_1` where only its own is empty,
        /// as that of pandas' index.
        public let name: String
        /// One value a row, all of one kind.
        public let values: Values

        /// What the values are.
        public var kind: Kind {
            switch values {
            case .integers: .integer
            case .numbers: .number
            case .categories: .category
            }
        }

        /// Values as numbers, categories as their index; NaN where one is missing.
        public var numbers: [Double] {
            switch values {
            case .integers(let values): values.map { $0.map(Double.init) ?? .nan }
            case .numbers(let values): values
            case .categories(let codes, _): codes.map { $0 < 0 ? .nan : Double($0) }
            }
        }
    }

    /// Which columns have a role of their own, and the kinds of the others.
    public struct Options: Sendable, Hashable {
        /// How the text is written.
        public var dialect: TableDialect
        /// The column that holds the class of a row, which is always of categories.
        public var label: TableColumn?
        /// The column that names a row, which is no value: a patient's number, pandas' index.
        public var index: TableColumn?
        /// Kinds of columns, by name, that their values alone do not tell: numbers that stand for categories.
        public var kinds: [String: Kind]
        /// Codes that stand for a missing value in the column of a name alone, besides the dialect's: 0 for a pressure
        /// that nobody took. A number is meant in whatever way it is written.
        public var missing: [String: Set<String>]

        /// All columns are features of the kinds that their values tell, unless said otherwise.
        public init(
            dialect: TableDialect = TableDialect(), label: TableColumn? = nil, index: TableColumn? = nil,
            kinds: [String: Kind] = [:], missing: [String: Set<String>] = [:]
        ) {
            (self.dialect, self.label, self.index) = (dialect, label, index)
            (self.kinds, self.missing) = (kinds, missing)
        }
    }

    /// The columns that are neither label nor index, in the file's order.
    public let columns: [Column]
    /// The label column, where one was asked for.
    public let label: Column?
    /// The names of the rows, where a column for them was asked for.
    public let index: [String]?
    /// Number of rows, the header not counted.
    public let rowCount: Int

    /// The column of a name, or nil; the first of several.
    public subscript(name: String) -> Column? { columns.first { $0.name == name } }

    /// Reads a table from the bytes of an uncompressed file; `path` is for messages.
    ///
    /// Throws `DataError` (malformed), which names line and column: for rows of unequal length, broken quotes, a column
    /// that is not there, no rows, a value that is not of its column's declared kind, or a missing label.
    public init(bytes: [UInt8], path: String, options: Options = Options()) throws {
        let start = try TableReader(bytes: bytes, path: path, dialect: options.dialect)
        let label = try options.label?.place(in: start, role: "label")
        let index = try options.index?.place(in: start, role: "index")
        if let label, label == index { throw start.sharedColumn(label) }
        let names =
            start.names.isEmpty
            ? (1...start.width).map { "\($0)" }
            : start.names.enumerated().map { $1.isEmpty ? Self.nameless($0) : $1 }
        var kinds = names.map { options.kinds[$0] }
        if let label { kinds[label] = .category }
        if let index { kinds[index] = .category }
        let codes = names.map { MissingCodes(options.missing[$0] ?? []) }
        let found = try Self.kinds(start, declared: kinds, codes: codes)
        var builders = names.indices.map { TableColumnBuilder(name: names[$0], kind: found[$0], absent: codes[$0]) }
        var (rows, reader, rowNames) = (0, start, [String]())
        while try reader.nextRow() {
            for column in 0..<reader.width where column != index {
                try builders[column].append(from: reader, column, isRequired: column == label)
            }
            if let index { rowNames.append(reader.text(index)) }
            rows += 1
        }
        guard rows > 0 else {
            throw DataError(.malformed, path: path, expected: "rows after the header", found: "none")
        }
        columns = builders.indices.filter { $0 != label && $0 != index }.map { builders[$0].column() }
        self.label = label.map { builders[$0].column() }
        self.index = index == nil ? nil : rowNames
        rowCount = rows
    }

    /// What a column is called whose name in the header is empty.
    private static func nameless(_ place: Int) -> String { "unnamed_\(place + 1)" }

    /// The kind of every column: the declared one, else the narrowest that holds all values.
    private static func kinds(
        _ start: TableReader, declared: [Kind?], codes: [MissingCodes]
    ) throws -> [Kind] {
        var kinds = declared.map { $0 ?? .integer }
        var reader = start
        while try reader.nextRow() {
            for column in 0..<reader.width where declared[column] == nil && kinds[column] != .category {
                let text = reader.bytes(column)
                if reader.isMissing(column) || codes[column].contain(text) { continue }
                if kinds[column] == .integer, TableColumnBuilder.integer(text) == nil { kinds[column] = .number }
                if kinds[column] == .number, TableNumber.parseDouble(text) == nil { kinds[column] = .category }
            }
        }
        return kinds
    }
}

/// What stands for a missing value in one column alone.
private struct MissingCodes {
    private let texts: Set<[UInt8]>
    private let numbers: Set<Double>

    init(_ codes: Set<String>) {
        texts = Set(codes.map { Array($0.utf8) })
        numbers = Set(codes.compactMap { TableNumber.parseDouble(ArraySlice($0.utf8)) })
    }

    func contain(_ text: ArraySlice<UInt8>) -> Bool {
        guard !texts.isEmpty else { return false }
        return texts.contains(Array(text)) || TableNumber.parseDouble(text).map(numbers.contains) ?? false
    }
}

/// Collects the values of one column.
private struct TableColumnBuilder {
    let name: String
    let kind: Table.Kind
    let absent: MissingCodes
    private var integers: [Int64?] = []
    private var numbers: [Double] = []
    private var codes: [Int32] = []
    private var names: [String] = []
    private var places: [String: Int32] = [:]

    init(name: String, kind: Table.Kind, absent: MissingCodes) {
        (self.name, self.kind, self.absent) = (name, kind, absent)
    }

    /// A whole number in decimal notation, or nil.
    static func integer(_ text: ArraySlice<UInt8>) -> Int64? { Int64(String(decoding: text, as: UTF8.self)) }

    /// Adds a cell of the reader's present row; throws for a value of another kind and for a missing one that is required.
    mutating func append(from reader: TableReader, _ column: Int, isRequired: Bool) throws {
        let text = reader.bytes(column)
        let isMissing = reader.isMissing(column) || absent.contain(text)
        if isRequired, isMissing {
            throw reader.problem(column: column, expected: "a class", found: "'\(reader.text(column))'")
        }
        func refuse(_ expected: String) -> DataError {
            let found = reader.text(column)
            let isDecimal = TableNumber.parseDouble(ArraySlice(found.replacing(",", with: ".").utf8)) != nil
            return reader.problem(
                column: column, expected: "\(expected) in the column '\(name.printable())'", found: "'\(found)'",
                hint: isDecimal ? "a decimal comma? numbers are written with a point" : "")
        }
        switch kind {
        case .integer:
            let value = Self.integer(text)
            guard isMissing || value != nil else { throw refuse("a whole number") }
            integers.append(isMissing ? nil : value)
        case .number:
            let value = TableNumber.parseDouble(text)
            guard isMissing || value != nil else { throw refuse("a finite number") }
            numbers.append(isMissing ? .nan : value ?? .nan)
        case .category:
            codes.append(isMissing ? -1 : code(of: reader.text(column)))
        }
    }

    private mutating func code(of text: String) -> Int32 {
        if let known = places[text] { return known }
        let fresh = Int32(names.count)
        places[text] = fresh
        names.append(text)
        return fresh
    }

    func column() -> Table.Column {
        switch kind {
        case .integer: return Table.Column(name: name, values: .integers(integers))
        case .number: return Table.Column(name: name, values: .numbers(numbers))
        case .category:
            let (place, sorted) = TableCategories.ordered(names)
            return Table.Column(
                name: name, values: .categories(codes.map { $0 < 0 ? -1 : place[Int($0)] }, names: sorted))
        }
    }
}

/// The order of categories.
package enum TableCategories {
    /// The lasting place of each name, and the names in that order: numerical where all are numbers, else by UTF-8 bytes.
    package static func ordered(_ names: [String]) -> (place: [Int32], names: [String]) {
        let values = names.map { Double($0) }
        let areNumbers = values.allSatisfy { $0 != nil }
        let order = names.indices.sorted { left, right in
            if areNumbers, let first = values[left], let second = values[right], first != second {
                return first < second
            }
            return names[left].utf8.lexicographicallyPrecedes(names[right].utf8)
        }
        var place = [Int32](repeating: 0, count: names.count)
        for (position, index) in order.enumerated() { place[index] = Int32(position) }
        return (place, order.map { names[$0] })
    }
}
