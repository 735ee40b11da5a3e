import Tensors

/// Draws a matching from a doubly stochastic matrix P: pair (i, j) is in it with probability exactly P_ij.
///
/// Along a cycle of fractional entries, alternate ones rise and fall by the largest amount that either direction
/// allows; the direction is drawn so that no entry changes on average. Every turn makes an entry 0 or 1.
/// Source: Gandhi, Khuller, Parthasarathy & Srinivasan, Dependent rounding and its applications to approximation
/// algorithms, 2006, section 2.
struct DependentRounding {
    /// Entries nearer to 0 or 1 than this are there.
    private static let margin = 1e-9

    private let count: Int
    private var entries: [Double]
    /// Columns of each row's fractional entries, and rows of each column's.
    private var columns: [[Int]]
    private var rows: [[Int]]
    /// Where the present path left each row and column, -1 where it did not.
    private var leftRow: [Int]
    private var leftColumn: [Int]

    /// The column of each row of a matching drawn from P [n, n], whose rows and columns sum to 1.
    static func matching(_ plan: Tensor, _ stream: inout RandomStream) -> [Int] {
        var rounding = DependentRounding(plan)
        // A turn settles at least one of n^2 entries.
        let draws = stream.uniform([plan.count]).doubles
        var used = 0
        for row in 0..<rounding.count {
            while let column = rounding.columns[row].first {
                guard let cycle = rounding.cycle(from: row, column) else { continue }
                rounding.turn(cycle, draws[used])
                used += 1
            }
        }
        return rounding.matched()
    }

    private init(_ plan: Tensor) {
        let count = plan.shape[0]
        let entries = plan.doubles.map { $0 < Self.margin ? 0 : $0 > 1 - Self.margin ? 1 : $0 }
        func isFractional(_ row: Int, _ column: Int) -> Bool {
            entries[row * count + column] > 0 && entries[row * count + column] < 1
        }
        columns = (0..<count).map { row in (0..<count).filter { isFractional(row, $0) } }
        rows = (0..<count).map { column in (0..<count).filter { isFractional($0, column) } }
        leftRow = Array(repeating: -1, count: count)
        leftColumn = leftRow
        self.count = count
        self.entries = entries
    }

    /// Indices of entries along a cycle, alternately within a row and within a column. Where rounding errors have left
    /// a row or column a single fractional entry, that one is settled and there is none.
    private mutating func cycle(from row: Int, _ column: Int) -> [Int]? {
        var path: [Int] = []
        var (row, column) = (row, column)
        defer {
            for index in path { (leftRow[index / count], leftColumn[index % count]) = (-1, -1) }
        }
        while true {
            leftRow[row] = path.count
            path.append(row * count + column)
            if leftColumn[column] >= 0 { return Array(path[leftColumn[column]...]) }
            guard let nextRow = rows[column].prefix(2).first(where: { $0 != row }) else {
                set(row * count + column, entries[row * count + column].rounded())
                return nil
            }
            leftColumn[column] = path.count
            path.append(nextRow * count + column)
            if leftRow[nextRow] >= 0 { return Array(path[leftRow[nextRow]...]) }
            guard let nextColumn = columns[nextRow].prefix(2).first(where: { $0 != column }) else {
                set(nextRow * count + column, entries[nextRow * count + column].rounded())
                return nil
            }
            (row, column) = (nextRow, nextColumn)
        }
    }

    /// Shifts the entries of a cycle in turn by +d and -d, or by -e and +e.
    private mutating func turn(_ cycle: [Int], _ draw: Double) {
        var (up, down) = (1.0, 1.0)
        for (place, index) in cycle.enumerated() {
            let entry = entries[index]
            let (rise, fall) = place.isMultiple(of: 2) ? (1 - entry, entry) : (entry, 1 - entry)
            (up, down) = (min(up, rise), min(down, fall))
        }
        let shift = draw * (up + down) < down ? up : -down
        for (place, index) in cycle.enumerated() {
            set(index, entries[index] + (place.isMultiple(of: 2) ? shift : -shift))
        }
    }

    /// Changes a fractional entry; one that arrives at 0 or 1 is settled.
    private mutating func set(_ index: Int, _ entry: Double) {
        guard entry < Self.margin || entry > 1 - Self.margin else {
            entries[index] = entry
            return
        }
        entries[index] = entry < 0.5 ? 0 : 1
        let (row, column) = index.quotientAndRemainder(dividingBy: count)
        columns[row].firstIndex(of: column).map { _ = columns[row].remove(at: $0) }
        rows[column].firstIndex(of: row).map { _ = rows[column].remove(at: $0) }
    }

    /// The column of each row; rows that rounding errors have left without one take the columns left, in order.
    private func matched() -> [Int] {
        var isTaken = Array(repeating: false, count: count)
        let found = (0..<count).map { row -> Int? in
            let column = (0..<count).first { entries[row * count + $0] == 1 && !isTaken[$0] }
            if let column { isTaken[column] = true }
            return column
        }
        var rest = (0..<count).filter { !isTaken[$0] }[...]
        return found.compactMap { $0 ?? rest.popFirst() }
    }
}
