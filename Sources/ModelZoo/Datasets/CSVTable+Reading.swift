import Basics

extension CSVTable {
    /// Reads a CSV file, gzipped or not.
    ///
    /// Throws `DataError`; what is wrong with a cell is told with file, line, column and the text found there.
    public init(contentsOf path: String, options: CSVOptions = .init(), maximumBytes: Int = 1 << 32) throws {
        try self.init(
            bytes: Gzip.decompress(contentsOf: path, maximumBytes: maximumBytes), path: path, options: options)
    }

    /// Takes the bytes of an uncompressed CSV file; `path` is for messages.
    init(bytes: [UInt8], path: String, options: CSVOptions) throws {
        var scanner = CSVScanner(bytes: bytes, path: path)
        var cells: [CSVScanner.Cell] = []
        guard try scanner.nextRow(into: &cells) else {
            throw DataError(.malformed, path: path, expected: "a CSV file with rows", found: "nothing")
        }
        let width = cells.count
        let names = Self.isHeader(cells, in: scanner, options) ? cells.map(scanner.text) : []
        let label = try Self.labelColumn(options.label, names: names, width: width, path: path)
        guard width > 1 else {
            throw scanner.problem(column: 0, expected: "features and a class, parted by commas", found: "one column")
        }

        var rows = Rows(label: label, allowsMissing: options.allowsMissing)
        var hasRow = try names.isEmpty || scanner.nextRow(into: &cells)
        while hasRow {
            guard cells.count == width else {
                throw scanner.problem(
                    column: min(cells.count, width) - 1, expected: "\(width) columns", found: "\(cells.count)")
            }
            try rows.append(cells, from: scanner)
            hasRow = try scanner.nextRow(into: &cells)
        }
        guard !rows.labels.isEmpty else {
            throw DataError(.malformed, path: path, expected: "rows after the header", found: "none")
        }
        let classes = try rows.classes(path: path)
        self.init(
            featureNames: names.enumerated().filter { $0.offset != label }.map(\.element), featureCount: width - 1,
            features: rows.features, labels: classes.labels, classNames: classes.names)
    }

    private static func isHeader(
        _ cells: [CSVScanner.Cell], in scanner: CSVScanner, _ options: CSVOptions
    ) -> Bool {
        switch options.header {
        case .present: true
        case .absent: false
        case .detected: cells.allSatisfy { CSVNumber.parse(scanner.bytes[$0.range]) == nil }
        }
    }

    private static func labelColumn(
        _ label: CSVOptions.Label, names: [String], width: Int, path: String
    ) throws -> Int {
        switch label {
        case .last: return width - 1
        case .index(let index):
            guard (-width..<width).contains(index) else {
                throw DataError(.malformed, path: path, expected: "a label column \(index)", found: "\(width) columns")
            }
            return index < 0 ? width + index : index
        case .named(let name):
            let places = names.indices.filter { names[$0] == name }
            guard places.count == 1 else {
                let found = names.isEmpty ? "no header" : "\(places.count) of them among \(names.prefix(20))"
                throw DataError(.malformed, path: path, expected: "one label column named '\(name)'", found: found)
            }
            return places[0]
        }
    }
}
