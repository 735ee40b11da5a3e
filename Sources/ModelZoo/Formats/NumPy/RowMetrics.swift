import Networks

/// What a table says of every row of a matrix: facts, and which rows are checkpoints of one run.
struct RowMetrics: Sendable {
    /// Rows, those of one run together in the order of its steps; runs in the order of their first rows.
    let order: [Int]
    /// Most checkpoints of one run.
    let longestRun: Int
    private let columns: ZooColumns
    private let runs: [String]?
    private let steps: [Double]?

    /// Reads the table; throws `.malformed` where it has not `count` rows.
    init(path: String, count: Int) throws {
        var table = try TextTableReader(path: path)
        var facts = FactColumns(place: path)
        while let cells = try table.nextRow() {
            var row: [String: ZooFact] = [:]
            // Unnamed columns are the index that pandas writes.
            for (name, cell) in zip(table.names, cells) where !name.isEmpty && !name.hasPrefix("Unnamed:") {
                row[name] = ZooFact(parsing: cell)
            }
            try facts.append(row)
        }
        let columns = facts.columns()
        guard columns.count == count else {
            throw DataError(
                .malformed, path: path, expected: "one row for each of \(count) networks", found: "\(columns.count)")
        }
        self.columns = columns
        steps = columns.numbers("step")
        if case .text(let names) = columns["modeldir"], steps != nil { runs = names } else { runs = nil }
        guard let runs, let steps else {
            (order, longestRun) = (Array(0..<count), 1)
            return
        }
        var rows: [String: [Int]] = [:]
        for (row, run) in runs.enumerated() { rows[run, default: []].append(row) }
        // Missing steps (NaN) come first; equal steps keep their order.
        func key(_ row: Int) -> (Double, Int) { (steps[row].isNaN ? -1 : steps[row], row) }
        let groups = rows.values.map { $0.sorted { key($0) < key($1) } }
        longestRun = groups.map(\.count).max() ?? 1
        order = groups.sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }.flatMap { $0 }
    }

    /// What is known of a row.
    func facts(_ row: Int) -> [String: ZooFact] {
        var facts: [String: ZooFact] = [:]
        for name in columns.names { facts[name] = columns[name].flatMap { ZooFact($0, row: row) } }
        return facts
    }

    /// The run that a row is a checkpoint of.
    func run(_ row: Int) -> String? { runs?[row] }

    /// A row's step, where it is known.
    func step(_ row: Int) -> Int? { steps.flatMap { Int(exactly: $0[row]) } }
}
