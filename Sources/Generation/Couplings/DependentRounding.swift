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

    /// The column of each row of a matching drawn from P [n, n], whose rows and columns sum to 1.
    static func matching(_ plan: Tensor, _ stream: inout RandomStream) -> [Int] {
        var rounding = DependentRounding(plan)
        // A turn settles at least one of n^2 entries.
        let draws = stream.uniform([plan.count]).doubles
        var used = 0
        for row in 0..<rounding.count {
            while let column = rounding.fractionalColumn(of: row, except: nil) {
                guard let cycle = rounding.cycle(from: row, column) else { continue }
                rounding.turn(cycle, draws[used])
                used += 1
            }
        }
        return rounding.columns()
    }

    private init(_ plan: Tensor) {
        count = plan.shape[0]
        entries = plan.doubles.map { $0 < Self.margin ? 0 : $0 > 1 - Self.margin ? 1 : $0 }
    }

    private func isFractional(_ row: Int, _ column: Int) -> Bool {
        let entry = entries[row * count + column]
        return entry > 0 && entry < 1
    }

    private func fractionalColumn(of row: Int, except column: Int?) -> Int? {
        (0..<count).first { $0 != column && isFractional(row, $0) }
    }

    private func fractionalRow(of column: Int, except row: Int) -> Int? {
        (0..<count).first { $0 != row && isFractional($0, column) }
    }

    /// Indices of entries along a cycle, alternately within a row and within a column. Where rounding errors have left a
    /// row or column a single fractional entry, that one is settled and there is none.
    private mutating func cycle(from row: Int, _ column: Int) -> [Int]? {
        var path: [Int] = []
        // Where the path left each row and each column; coming back to one closes a cycle.
        var (leftRow, leftColumn) = ([Int: Int](), [Int: Int]())
        var (row, column) = (row, column)
        while true {
            leftRow[row] = path.count
            path.append(row * count + column)
            if let start = leftColumn[column] { return Array(path[start...]) }
            guard let nextRow = fractionalRow(of: column, except: row) else {
                settle(row * count + column)
                return nil
            }
            leftColumn[column] = path.count
            path.append(nextRow * count + column)
            if let start = leftRow[nextRow] { return Array(path[start...]) }
            guard let nextColumn = fractionalColumn(of: nextRow, except: column) else {
                settle(nextRow * count + column)
                return nil
            }
            (row, column) = (nextRow, nextColumn)
        }
    }

    private mutating func settle(_ index: Int) { entries[index] = entries[index] < 0.5 ? 0 : 1 }

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
            let entry = entries[index] + (place.isMultiple(of: 2) ? shift : -shift)
            entries[index] = entry < Self.margin ? 0 : entry > 1 - Self.margin ? 1 : entry
        }
    }

    /// The column of each row; rows that rounding errors have left without one take the columns left, in order.
    private func columns() -> [Int] {
        var isTaken = Array(repeating: false, count: count)
        var columns = (0..<count).map { row -> Int? in
            let found = (0..<count).first { entries[row * count + $0] == 1 && !isTaken[$0] }
            if let found { isTaken[found] = true }
            return found
        }
        var rest = (0..<count).filter { !isTaken[$0] }[...]
        for row in 0..<count where columns[row] == nil { columns[row] = rest.popFirst() }
        return columns.compactMap { $0 }
    }
}
