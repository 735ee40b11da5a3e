import ModelZoo
import Basics

/// What a table says of every row of a matrix: facts, and which rows are checkpoints of one run.
struct RowMetrics: Sendable {
    /// Rows, those of one run together in the order of its steps; runs in the order of their first rows.
    let order: [Int]
    /// Most checkpoints of one run.
    let longestRun: Int
    private let columns: ZooColumns
    /// The run of each row, nil for a row of its own; nil where the table tells no runs.
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
        var facts = FactColumns(place: path)
        while try table.nextRow() {
            var row: [String: ZooFact] = [:]
            var spellings: [String: String] = [:]
            // Unnamed columns are the index that pandas writes.
            for (name, cell) in zip(table.names, table.texts) where !name.isEmpty && !name.hasPrefix("Unnamed:") {
                guard let fact = ZooFact(parsing: cell) else { continue }
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

    /// What is known of a row.
    func facts(_ row: Int) -> [String: ZooFact] {
        var facts: [String: ZooFact] = [:]
        for name in columns.names { facts[name] = columns[name].flatMap { ZooFact($0, row: row) } }
        return facts
    }

    /// The run that a row is a checkpoint of; nil for a row of its own.
    func run(_ row: Int) -> String? { runs?[row] ?? nil }

    /// A row's step, where it is known.
    func step(_ row: Int) -> Int? { steps.flatMap { Int(exactly: $0[row]) } }
}
