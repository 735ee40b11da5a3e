import Basics
import Foundation
import ModelZoo

/// A matrix (n, p) in a `.npy` file, one network or checkpoint a row.
///
/// The small-CNN zoo (Unterthiner et al., 2020) keeps two files beside it: `layout.csv` names the parts of a row, in
/// TensorFlow's order of axes, and `metrics.csv.gz` has one line of metrics for each row; rows of one `modeldir` are
/// checkpoints of one run, in the order of `step`.
struct NPYSource: ForeignSource {
    let format = ZooFormat.npy
    let path: String
    let array: NPYArray
    private static let blockBytes = 8 << 20
    private let layout: RowLayout?
    private let metrics: RowMetrics?

    /// Whether a folder holds such a matrix, as the small-CNN zoo's do.
    @Sendable static func isFolder(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/weights.npy")
    }

    /// Opens the matrix and the files beside it; throws `DataError`.
    init(path: String) throws {
        let array = try NPYArray(path: path)
        guard array.shape.count == 2, array.header.element.isReal else {
            throw DataError(
                .malformed, path: path, expected: "real numbers (networks, parameters)",
                found: "\(array.header.element) \(array.shape)")
        }
        try array.checkWidth()
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        func beside(_ names: [String]) -> String? {
            names.map { folder.appendingPathComponent($0).path }.first { FileManager.default.fileExists(atPath: $0) }
        }
        layout = try beside(["layout.csv"]).map { try RowLayout(path: $0, width: array.shape[1]) }
        metrics = try beside(["metrics.csv.gz", "metrics.csv"]).map { try RowMetrics(path: $0, count: array.shape[0]) }
        self.path = path
        self.array = array
    }

    var total: Int? { array.shape[0] }
    var longestRun: Int { metrics?.longestRun ?? 1 }

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let order = metrics?.order ?? Array(0..<array.shape[0])
        // Rows that do not follow each other are read one by one.
        let isInOrder = metrics.map { $0.longestRun == 1 } ?? true
        let block = isInOrder ? max(1, Self.blockBytes / max(1, array.shape[1] * 4)) : 1
        var loaded = 0..<0
        var values: [Float] = []
        for row in order {
            if !loaded.contains(row) {
                loaded = row..<min(row + block, array.shape[0])
                values = try array.rows(loaded)
            }
            let first = (row - loaded.lowerBound) * array.shape[1]
            try body(try network(row, Array(values[first..<first + array.shape[1]])))
        }
    }

    private func network(_ row: Int, _ values: [Float]) throws -> ForeignNetwork {
        let tensors =
            layout?.tensors(values)
            ?? [ForeignTensor(name: "weights", shape: [values.count], values: ForeignValues(floats: values))]
        var network = ForeignNetwork(tensors: tensors, place: "\(path):\(row)")
        network.hasOwnNames = false
        guard let metrics else { return network }
        network.facts = metrics.facts(row)
        if metrics.longestRun > 1 { (network.run, network.step) = (metrics.run(row), metrics.step(row)) }
        return network
    }
}

/// The small-CNN zoo's `layout.csv`: which columns of a row are which TensorFlow variable.
struct RowLayout: Sendable {
    private struct Part: Sendable {
        let name: String
        let shape: [Int]
        let range: Range<Int>
    }

    private let parts: [Part]
    private static let columns = ["varname", "start_idx", "end_idx", "shape"]

    /// Reads the table; throws `.malformed` where the parts are not consecutive or do not fill `width` columns.
    init(path: String, width: Int) throws {
        var table = try TableReader(contentsOf: path)
        guard let places = table.places(of: Self.columns) else {
            throw DataError(
                .malformed, path: path, expected: "the columns \(Self.columns.joined(separator: ", "))",
                found: table.names.prefix(20).joined(separator: ", "))
        }
        var parts: [Part] = []
        var next = 0
        while try table.nextRow() {
            let cells = table.texts
            let (name, shape) = (cells[places[0]], Self.shape(cells[places[3]]))
            guard let start = Int(cells[places[1]]), let end = Int(cells[places[2]]), start == next, end >= start,
                end <= width, let shape, ForeignTensor.count(of: shape) == end - start
            else {
                throw table.problem(
                    column: 0,
                    expected: "a shape and its columns from \(next), at most to \(width)",
                    found: "\(name) \(cells[places[3]]) from \(cells[places[1]]) to \(cells[places[2]])")
            }
            parts.append(Part(name: name, shape: shape, range: start..<end))
            next = end
        }
        guard next == width, width > 0 else {
            throw DataError(.malformed, path: path, expected: "parts that fill \(width) columns", found: "\(next)")
        }
        self.parts = parts
    }

    /// A row's tensors, in our order of axes.
    func tensors(_ row: [Float]) -> [ForeignTensor] {
        var axes = TensorFlowAxes()
        return parts.map { part in
            axes.convert(
                ForeignTensor(
                    name: part.name, shape: part.shape, values: ForeignValues(floats: Array(row[part.range]))))
        }
    }

    /// The extents of `(3, 3, 1, 16)` or `[16]`.
    private static func shape(_ text: String) -> [Int]? {
        guard let open = text.first, let close = text.last, "([".contains(open), ")]".contains(close) else {
            return nil
        }
        let parts = text.dropFirst().dropLast().split(separator: ",").map { $0.filter { $0 != " " } }
        let extents = parts.filter { !$0.isEmpty }.map { Int($0) }
        return extents.contains(nil) ? nil : extents.compactMap { $0 }
    }
}

/// The metrics of every row of a matrix, and which rows are checkpoints of one run.
struct RowMetrics: Sendable {
    /// Rows, those of one run together in the order of its steps; runs in the order of their first rows.
    let order: [Int]
    /// Most checkpoints of one run.
    let longestRun: Int
    private let columns: ZooColumns
    /// The run of each row, nil for a row of its own; nil where the table names no runs.
    private let runs: [String?]?
    private let steps: [Double]?

    /// Reads the table; throws `.malformed` where it has not `count` rows.
    init(path: String, count: Int) throws {
        let columns = try Self.columns(path: path)
        guard columns.count == count else {
            throw DataError(
                .malformed, path: path, expected: "one row for each of \(count) networks", found: "\(columns.count)")
        }
        self.columns = columns
        steps = columns.numbers("step")
        if case .text(let names) = columns["modeldir"], steps != nil {
            runs = names.map { $0.isEmpty ? nil : $0 }
        } else {
            runs = nil
        }
        guard let runs, let steps else {
            (order, longestRun) = (Array(0..<count), 1)
            return
        }
        let groups = Self.groups(runs, steps)
        longestRun = groups.map(\.count).max() ?? 1
        order = groups.flatMap { $0 }
    }

    /// The table's columns; the names of runs are text, whatever they look like.
    private static func columns(path: String) throws -> ZooColumns {
        var table = try TableReader(contentsOf: path)
        var facts = ColumnsBuilder(place: path)
        while try table.nextRow() {
            var row: [String: ColumnValue] = [:]
            var spellings: [String: String] = [:]
            // Unnamed columns are the index that pandas writes.
            for (name, cell) in zip(table.names, table.texts) where !name.isEmpty && !name.hasPrefix("Unnamed:") {
                guard let fact = ColumnValue(parsing: cell) else { continue }
                row[name] = name == "modeldir" ? .text(cell) : fact
                spellings[name] = row[name]?.otherSpelling(cell)
            }
            try facts.append(row, spellings: spellings)
        }
        return facts.columns()
    }

    /// Rows of one run together in the order of steps, runs in the order of their first rows.
    private static func groups(_ runs: [String?], _ steps: [Double]) -> [[Int]] {
        var places: [String: Int] = [:]
        var groups: [[Int]] = []
        for (row, run) in runs.enumerated() {
            if let run, let place = places[run] {
                groups[place].append(row)
            } else {
                if let run { places[run] = groups.count }
                groups.append([row])
            }
        }
        // Missing steps (NaN) come first; equal steps keep their order.
        func key(_ row: Int) -> (Double, Int) { (steps[row].isNaN ? -1 : steps[row], row) }
        return groups.map { $0.sorted { key($0) < key($1) } }
    }

    /// The metrics of a row.
    func facts(_ row: Int) -> [String: ColumnValue] {
        var facts: [String: ColumnValue] = [:]
        for name in columns.names { facts[name] = columns[name].flatMap { ColumnValue($0, row: row) } }
        return facts
    }

    /// The run that a row is a checkpoint of; nil for a row of its own.
    func run(_ row: Int) -> String? { runs?[row] ?? nil }

    /// A row's step, where it is known.
    func step(_ row: Int) -> Int? { steps.flatMap { Int(exactly: $0[row]) } }
}
