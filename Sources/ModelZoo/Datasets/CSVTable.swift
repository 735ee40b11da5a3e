import Basics

/// How a CSV file of samples is to be understood.
public struct CSVOptions: Sendable, Hashable {
    /// The column that holds the class.
    public typealias Label = TableColumn
    /// Whether the first line names the columns.
    public typealias Header = TableDialect.Header

    /// How the text is written.
    public var dialect: TableDialect
    /// The column that holds the class.
    public var label: Label
    /// A column that names the row and is no feature; nil where there is none.
    public var index: TableColumn?
    /// Whether a first or last column that names or counts the rows is left out, as its name and values tell.
    public var findsIndex = false
    /// Names of columns that are features whatever they look like: an earlier version took them for such.
    var features: Set<String> = []
    /// The column that holds the class, in a person's words: its name, `first`, `last` or its place from 1 on; it comes
    /// before `label`.
    public var labelName: String?
    /// The same, but only where the header has a column of that name.
    var preferredLabel: String?
    /// Whether feature cells may be missing (nothing, `?`, `NA`, `NaN`, or a code of the dialect); they are then read as
    /// NaN.
    public var allowsMissing: Bool

    /// Options that fit a plain file of numbers with the class in the last column.
    public init(
        dialect: TableDialect = TableDialect(), label: Label = .last, index: TableColumn? = nil,
        allowsMissing: Bool = false
    ) {
        (self.dialect, self.label, self.index, self.allowsMissing) = (dialect, label, index, allowsMissing)
    }

    /// A file as people have it: commas, semicolons or tabs, a header or none, the class in the column that
    /// `label` names, or in the one of a usual name, the last or the first; an index column is left out.
    public static func found(label: String? = nil, allowsMissing: Bool = false) -> CSVOptions {
        var options = CSVOptions(
            dialect: TableDialect(separator: .detected), label: .usual, allowsMissing: allowsMissing)
        (options.findsIndex, options.labelName) = (true, label)
        return options
    }

    /// The same for a file with commas.
    public init(header: Header, label: Label = .last, allowsMissing: Bool = false) {
        self.init(dialect: TableDialect(header: header), label: label, allowsMissing: allowsMissing)
    }
}

extension CSVOptions {
    /// What to try where another column than the one of classes was taken for it.
    static let labelHint =
        "`label` names the column of classes, in a recipe's dataset or in --dataset "
        + "'{\"name\":...,\"label\":...}'"
    /// What to try where values are missing.
    static let missingHint =
        "say what stands in for such values: dataset.missing: mean in a recipe, \"missing\":\"mean\" or a number "
        + "in a description"
}

/// Samples read from a CSV file: one row of numbers and one class each.
public struct CSVTable: Sendable {
    /// Names of the feature columns; empty when the file has no header.
    public let featureNames: [String]
    /// The column of classes: its name in the header, or its place counted from 1.
    public let labelName: String
    /// The place from 0 of a column that names or counts the rows and is no feature.
    public let indexPlace: Int?
    /// Number of feature columns.
    public let featureCount: Int
    /// Number of rows, the header not counted.
    public var rowCount: Int { labels.count }
    /// Features, row after row; NaN where a value is missing.
    public let features: [Float]
    /// Class of every row, an index into `classNames`.
    public let labels: [Int32]
    /// What the file calls the classes: in numerical order when all are whole numbers, else in the order of their
    /// UTF-8 bytes.
    public let classNames: [String]
}

extension CSVTable {
    /// Reads a CSV file, gzipped or not.
    ///
    /// Throws `DataError`; what is wrong with a cell is said with file, line, column and the text found there.
    public init(contentsOf path: String, options: CSVOptions = .init(), maximumBytes: Int = 1 << 32) throws {
        try self.init(
            bytes: Gzip.decompress(contentsOf: path, maximumBytes: maximumBytes), path: path, options: options)
    }

    /// Takes the bytes of an uncompressed CSV file; `path` is for messages.
    init(bytes: [UInt8], path: String, options: CSVOptions) throws {
        var reader = try TableReader(bytes: bytes, path: path, dialect: options.dialect)
        let preferred = options.preferredLabel.flatMap { reader.names.contains($0) ? $0 : nil }
        let wanted = (options.labelName ?? preferred).map { TableColumn($0, in: reader) } ?? options.label
        let label = try wanted.place(in: reader, role: "label")
        let found =
            options.findsIndex ? try TableRoles.index(in: reader, besides: label, features: options.features) : nil
        let index = try options.index?.place(in: reader, role: "index") ?? found
        if label == index { throw reader.sharedColumn(label) }
        let apart = Set([label, index].compactMap { $0 })
        guard reader.width > apart.count else {
            throw reader.problem(
                column: 0, expected: "features and a class, parted by commas, semicolons or tabs",
                found: reader.width == 1 ? "one column" : "\(reader.width) columns")
        }
        var rows = Rows(label: label, index: index, allowsMissing: options.allowsMissing)
        while try reader.nextRow() { try rows.append(from: reader) }
        guard !rows.labels.isEmpty else {
            throw DataError(.malformed, path: path, expected: "rows after the header", found: "none")
        }
        // A name that another column has too says less than the place.
        let named = reader.names.isEmpty ? "" : reader.names[label]
        let isUnique = !named.isEmpty && reader.names.count { $0 == named } == 1
        let labelName = isUnique ? named : "\(label + 1)"
        let classes = try rows.classes(path: path, column: labelName)
        self.init(
            featureNames: reader.names.enumerated().filter { !apart.contains($0.offset) }.map(\.element),
            labelName: labelName, indexPlace: index,
            featureCount: reader.width - apart.count, features: rows.features, labels: classes.labels,
            classNames: classes.names)
    }

    /// Collects rows while a file is read.
    private struct Rows {
        let label: Int
        let index: Int?
        let allowsMissing: Bool
        private(set) var features: [Float] = []
        /// For every row the number of its class, in the order in which the classes appeared.
        private(set) var labels: [Int32] = []
        private var names: [String] = []
        private var numbers: [ArraySlice<UInt8>: Int32] = [:]

        init(label: Int, index: Int?, allowsMissing: Bool) {
            (self.label, self.index, self.allowsMissing) = (label, index, allowsMissing)
        }

        /// Adds one row; throws for a cell that is no number and for a missing class.
        mutating func append(from reader: TableReader) throws {
            for column in 0..<reader.width where column != index {
                let text = reader.bytes(column)
                if column == label {
                    let isQuoted = reader.cells[column].isQuoted
                    guard isQuoted ? !text.isEmpty : !reader.dialect.isMissing(text) else {
                        throw problem(reader, column, expected: "a class")
                    }
                    labels.append(number(of: text, reader))
                } else {
                    features.append(try feature(text, reader, column))
                }
            }
        }

        private func feature(_ text: ArraySlice<UInt8>, _ reader: TableReader, _ column: Int) throws -> Float {
            // Codes may look like numbers; without any, what is a number is asked first, which is the common case.
            let isCode = reader.dialect.hasCodes && reader.dialect.isMissing(text)
            if !isCode, let value = TableNumber.parse(text) { return value }
            guard isCode || reader.dialect.isGapOfNumbers(text) else {
                throw problem(reader, column, expected: "a finite number", hint: hint(text))
            }
            guard allowsMissing else {
                throw problem(
                    reader, column, expected: "a finite number", "the missing value ", hint: CSVOptions.missingHint)
            }
            return .nan
        }

        /// What to do about a cell that is no number.
        private func hint(_ text: ArraySlice<UInt8>) -> String {
            let pointed = text.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0 }
            if TableNumber.parse(pointed[...]) != nil { return "decimals are written with a point" }
            return "all columns but the class must be numbers; \(CSVOptions.labelHint)"
        }

        private func problem(
            _ reader: TableReader, _ column: Int, expected: String, _ prefix: String = "", hint: String = ""
        ) -> DataError {
            reader.problem(
                column: column, expected: expected, found: "\(prefix)'\(reader.text(column))'", hint: hint)
        }

        private mutating func number(of text: ArraySlice<UInt8>, _ reader: TableReader) -> Int32 {
            if let known = numbers[text] { return known }
            let fresh = Int32(names.count)
            numbers[text] = fresh
            names.append(reader.text(label))
            return fresh
        }

        /// Labels and names with the classes in their lasting order; throws when the classes are fractions.
        func classes(path: String, column: String) throws -> (labels: [Int32], names: [String]) {
            let values = names.map { Double($0) }
            if let index = values.firstIndex(where: { $0.map { $0 != $0.rounded() } ?? false }),
                values.allSatisfy({ $0 != nil })
            {
                throw DataError(
                    .malformed, path: path,
                    expected: "classes (whole numbers or words) in the column '\(column.printable())'",
                    found: "'\(names[index])'", hint: CSVOptions.labelHint)
            }
            let (place, sorted) = TableCategories.ordered(names)
            return (labels.map { place[Int($0)] }, sorted)
        }
    }
}
