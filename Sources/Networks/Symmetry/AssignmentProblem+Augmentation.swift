import enum Tensors.AssignmentScan

extension AssignmentProblem {
    /// A row reached by a search and the length at which its own column was settled.
    private struct Reached {
        /// The row whose costs were scanned.
        var row: Int
        /// The column it was reached through (-1 for the search's root).
        var column: Int
        /// The settled length of that column.
        var length: Double
        /// What its reduced costs are lowered by: reduced cost of its own column minus that length.
        var offset: Double
    }

    /// Matches every row still free along a shortest augmenting path.
    mutating func augment() {
        var freeColumns = (0..<count).filter { rowOfColumn[$0] < 0 }
        for root in freeRows {
            let end = augment(from: root, freeColumns)
            freeColumns.removeAll { $0 == end }
        }
        freeRows = []
    }

    /// Dijkstra's search from one free row to the nearest free column, then the update of duals and matching.
    private mutating func augment(from root: Int, _ freeColumns: [Int]) -> Int {
        var reached = [Reached(row: root, column: -1, length: 0, offset: 0)]
        var least = start(root)
        while true {
            let column = nearest(least, freeColumns)
            let row = rowOfColumn[column]
            if row < 0 {
                flip(to: column, least, reached)
                for step in reached.dropFirst() {
                    Self.scalars(duals)[step.column] += step.length - least
                }
                return column
            }
            let offset = (costAt(row, column) - dualAt(column)) - least
            reached.append(Reached(row: row, column: column, length: least, offset: offset))
            Self.scalars(length)[column] = .infinity
            Self.scalars(open)[column] = -.infinity
            least = relax(row, offset)
        }
    }

    /// d[j] = C[root, j] - v[j]; returns the least.
    private func start(_ root: Int) -> Double {
        let costs = row(root)
        var least = Lanes(repeating: .infinity)
        for vector in 0..<vectors {
            let reduced = costs[vector] - duals[vector]
            open[vector] = duals[vector]
            length[vector] = reduced
            least = Self.smaller(reduced, least)
        }
        return least.min()
    }

    /// d[j] = min(d[j], C[i, j] - v[j] - offset) over open columns; returns the least.
    private func relax(_ index: Int, _ offset: Double) -> Double {
        AssignmentScan.relax(
            padded, Self.scalars(row(index)), less: Self.scalars(open), offset, Self.scalars(length))
    }

    /// The lowest free column of that length, or else the lowest open one.
    private func nearest(_ least: Double, _ freeColumns: [Int]) -> Int {
        let lengths = Self.scalars(length)
        for column in freeColumns where lengths[column] == least { return column }
        let value = Lanes(repeating: least)
        var vector = 0
        while !any(length[vector] .== value) { vector += 1 }
        var column = vector * Lanes.scalarCount
        while lengths[column] != least { column += 1 }
        return column
    }

    /// Walks back from the free column to the root and exchanges matched and unmatched edges.
    ///
    /// Predecessors are not stored: any row reached before the column was settled will do whose own lowered reduced
    /// cost is the column's length. Looking from the last one backwards, the whole path costs one pass over `reached`.
    /// Must run before the duals change.
    private mutating func flip(to end: Int, _ least: Double, _ reached: [Reached]) {
        var column = end
        var value = least
        var index = reached.count - 1
        while true {
            let dual = dualAt(column)
            while index > 0, (costAt(reached[index].row, column) - dual) - reached[index].offset != value {
                index -= 1
            }
            let step = reached[index]
            rowOfColumn[column] = step.row
            columnOfRow[step.row] = column
            if index == 0 { return }
            column = step.column
            value = step.length
            index -= 1
        }
    }
}
