import Basics
import Tensors

/// A data set as its files hold it: raw values, classes, and the division its makers gave it.
///
/// Rows are numbered through all files: where there is an official test part, its rows follow the training rows.
public struct LoadedDataset: Sendable {
    /// What the data set is called.
    public let name: String
    /// Shape of one sample, such as [28, 28].
    public let sampleShape: [Int]
    /// Class of every row.
    public let labels: [Int32]
    /// What the classes are called in the files.
    public let classNames: [String]
    /// Where there is an official test part: how many rows come before it.
    public let officialTrainCount: Int?
    /// SHA-256 of the uncompressed source: of the file where there is one; of several, the digest of what
    /// `sha256sum` prints for them in their order (`sha256sum train-images-idx3-ubyte ... | sha256sum`).
    public let sha256: String
    /// The files that were read.
    public let files: [SourceFile]
    /// How raw values usually become inputs.
    public let usualPreparation: Preparation
    let values: RawValues
    /// What the columns of a table are that was given by its path.
    var columns: Columns?

    /// The columns of a table.
    struct Columns: Sendable, Hashable {
        /// The one of classes: its name, or its place counted from 1.
        let label: String
        /// Names of the features; empty without a header.
        let features: [String]
        /// The place from 0 of a column that names the rows and is no feature.
        let index: Int?
    }

    /// The number of rows, of all parts together.
    public var count: Int { labels.count }
    /// Number of features of a sample.
    public var featureCount: Int { sampleShape.reduce(1, *) }
    /// C, the number of classes.
    public var classCount: Int { classNames.count }
    /// Whether values may be missing (NaN).
    var hasMissing: Bool { if case .floats = values { true } else { false } }

    /// Raw values [rows, features] in the file's own units; traps for a row that does not exist.
    public func rawInputs(rows: some Collection<Int>) -> [Float] {
        precondition(rows.allSatisfy { labels.indices.contains($0) }, "dataset \(name): no such row")
        return values.rows(rows, width: featureCount)
    }
}

extension LoadedDataset {
    /// What a person should know of how a table was read: which column is the class, which one was left out.
    public var columnsNote: String? {
        guard let columns else { return nil }
        let isPlace = columns.features.isEmpty && Int(columns.label) != nil
        let name = isPlace ? columns.label : "'\(columns.label.printable())'"
        let left = columns.index.map { ", column \($0 + 1) names the rows" } ?? ""
        return "the class is column \(name)\(left)"
    }

    /// The same rows with classes in the order `classes`, the order of a network's outputs; throws `.malformed` where a
    /// row's class is none of them. Whole numbers are told apart as numbers: 1 is 1.0.
    func ordered(_ classes: [String]) throws -> LoadedDataset {
        if classNames == classes { return self }
        func key(_ name: String) -> String { Double(name).map { "\($0)" } ?? name }
        let places = Dictionary(classes.enumerated().map { (key($1), Int32($0)) }) { first, _ in first }
        let own = classNames.map { places[key($0)] }
        if let row = labels.firstIndex(where: { own[Int($0)] == nil }) {
            let shown = classes.prefix(8).map { $0.printable(limit: 30) }.joined(separator: ", ")
            throw DataError(
                .malformed, path: "dataset \(name)",
                expected: "classes that the networks tell apart: \(shown)"
                    + (classes.count > 8 ? " and \(classes.count - 8) more" : ""),
                found: "'\(classNames[Int(labels[row])].printable(limit: 40))' in row \(row + 1)")
        }
        return LoadedDataset(
            name: name, sampleShape: sampleShape, labels: labels.map { own[Int($0)] ?? 0 }, classNames: classes,
            officialTrainCount: officialTrainCount, sha256: sha256, files: files, usualPreparation: usualPreparation,
            values: values, columns: columns)
    }

    /// The rows of each part under a rule, ascending; the same for the same rule on every machine.
    ///
    /// Throws `DataError` for a rule that does not fit: no official test part, too many validation rows, fractions that
    /// leave nothing to train on, listed rows that do not exist or occur twice.
    public func indices(for rule: SplitRule) throws -> SplitIndices {
        switch rule {
        case .official(let validation, let seed): return try official(validation: validation, seed: seed)
        case .stratified(let validation, let test, let seed):
            return try stratified(validation: validation, test: test, seed: seed)
        case .listed(let indices):
            try check(indices)
            return indices
        }
    }

    /// The three parts with inputs prepared; throws `DataError` for rows or preparation that do not fit.
    public func split(_ indices: SplitIndices, preparation: Preparation) throws -> DatasetSplit {
        try check(indices)
        return DatasetSplit(
            train: try prepared(rows: indices.train, preparation),
            validation: try prepared(rows: indices.validation, preparation),
            test: try prepared(rows: indices.test, preparation))
    }

    /// The given rows with inputs prepared; throws `DataError` for rows or a preparation that do not fit.
    public func prepared(rows: [Int], _ preparation: Preparation) throws -> Dataset {
        if let row = rows.first(where: { !labels.indices.contains($0) }) { throw noSuchRow(row) }
        let settings = [("scale", preparation.scale), ("shift", preparation.shift), ("missing", preparation.missing)]
        for case (let key, let value?) in settings {
            guard let problem = value.problem(featureCount: featureCount) else { continue }
            throw DataError(
                .malformed, path: "dataset \(name), \(key)",
                expected: "a finite number, or one for each of \(featureCount) features (or of 3 channels)",
                found: problem)
        }
        let raw = values.rows(rows, width: featureCount)
        if preparation.missing == nil, hasMissing, let place = raw.firstIndex(where: \.isNaN) {
            throw DataError(
                .configuration, path: "dataset \(name)", expected: "a value for every feature",
                found: "none for feature \(place % featureCount) of row \(rows[place / featureCount])",
                hint: CSVOptions.missingHint)
        }
        return Dataset(
            name: name, inputs: preparation.apply(to: raw, featureCount: featureCount),
            sampleShape: sampleShape, labels: rows.map { labels[$0] }, classCount: classCount)
    }

    private func official(validation: Int, seed: UInt64) throws -> SplitIndices {
        guard let trainCount = officialTrainCount else {
            throw DataError(
                .configuration, path: "dataset \(name)", expected: "an official test part", found: "none",
                hint: "use a stratified split")
        }
        guard validation >= 0, validation < trainCount else {
            throw DataError(
                .configuration, path: "dataset \(name)", expected: "0 to \(trainCount - 1) validation rows",
                found: "\(validation)")
        }
        var stream = RandomStream(seed: seed, purpose: "dataset.validation")
        let order = stream.permutation(trainCount)
        return SplitIndices(
            train: order[validation...].sorted(), validation: order[..<validation].sorted(),
            test: Array(trainCount..<count))
    }

    private func stratified(validation: Double, test: Double, seed: UInt64) throws -> SplitIndices {
        guard validation >= 0, test >= 0, validation + test < 1 else {
            throw DataError(
                .configuration, path: "dataset \(name)", expected: "fractions from 0 with a sum below 1",
                found: "validation \(validation), test \(test)")
        }
        var rowsOfClass = [[Int]](repeating: [], count: classCount)
        for (row, label) in labels.enumerated() { rowsOfClass[Int(label)].append(row) }
        var parts = (train: [Int](), validation: [Int](), test: [Int]())
        for (label, rows) in rowsOfClass.enumerated() {
            var stream = RandomStream(seed: seed, purpose: "dataset.split", index: UInt64(label))
            let shuffled = stream.permutation(rows.count).map { rows[$0] }
            let testEnd = Int((Double(rows.count) * test).rounded())
            let validationEnd = min(testEnd + Int((Double(rows.count) * validation).rounded()), rows.count)
            parts.test += shuffled[..<testEnd]
            parts.validation += shuffled[testEnd..<validationEnd]
            parts.train += shuffled[validationEnd...]
        }
        guard !parts.train.isEmpty else {
            throw DataError(
                .configuration, path: "dataset \(name)", expected: "fractions that leave rows to train on",
                found: "validation \(validation) and test \(test) of \(count) rows")
        }
        return SplitIndices(
            train: parts.train.sorted(), validation: parts.validation.sorted(), test: parts.test.sorted())
    }

    private func check(_ indices: SplitIndices) throws {
        var isTaken = [Bool](repeating: false, count: count)
        for row in [indices.train, indices.validation, indices.test].joined() {
            guard isTaken.indices.contains(row) else { throw noSuchRow(row) }
            guard !isTaken[row] else {
                throw DataError(
                    .malformed, path: "dataset \(name), split", expected: "every row at most once",
                    found: "row \(row) twice")
            }
            isTaken[row] = true
        }
    }

    private func noSuchRow(_ row: Int) -> DataError {
        DataError(
            .malformed, path: "dataset \(name), split", expected: "rows from 0 to \(count - 1)", found: "row \(row)")
    }
}

/// Raw inputs as compactly as the source allows.
enum RawValues: Sendable {
    /// Bytes after a header; several files follow each other.
    case bytes([ArraySlice<UInt8>])
    case floats([Float])

    /// The values of the given rows, row after row.
    func rows(_ rows: some Collection<Int>, width: Int) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(rows.count * width)
        for row in rows {
            switch self {
            case .floats(let all): values.append(contentsOf: all[(row * width)..<((row + 1) * width)])
            case .bytes(let parts):
                var start = row * width
                for part in parts {
                    if start < part.count {
                        let first = part.startIndex + start
                        values.append(contentsOf: part[first..<(first + width)].lazy.map { Float($0) })
                        break
                    }
                    start -= part.count
                }
            }
        }
        return values
    }
}

/// A file that a data set was read from.
public struct SourceFile: Hashable, Sendable, Codable {
    /// Where the file lies on this machine.
    public let path: String
    /// Its size when uncompressed.
    public let bytes: Int
    /// SHA-256 of its uncompressed bytes, in hexadecimal.
    public let sha256: String
}
