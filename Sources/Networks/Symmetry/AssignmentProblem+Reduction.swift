import enum Tensors.AssignmentScan

extension AssignmentProblem {
    /// Column reduction and reduction transfer: v[j] = min over i of C[i, j], each minimum's row matched if it is free.
    mutating func reduceColumns() {
        let holder = UnsafeMutablePointer<Lanes>.allocate(capacity: vectors)
        defer { holder.deallocate() }
        columnMinima(holder)
        let minimumRow = Self.scalars(holder)
        var minima = Array(repeating: 0, count: count)
        for column in stride(from: count - 1, through: 0, by: -1) {
            let row = Int(minimumRow[column])
            minima[row] += 1
            guard columnOfRow[row] < 0 else { continue }
            columnOfRow[row] = column
            rowOfColumn[column] = row
        }
        for row in 0..<count {
            if minima[row] == 0 {
                freeRows.append(row)
            } else if minima[row] == 1 {
                let (least, second) = twoLeast(row)
                Self.scalars(duals)[columnOfRow[row]] -= second - least
            }
        }
    }

    /// Sets the duals to the column minima and `holder` to the lowest row that attains each.
    private func columnMinima(_ holder: UnsafeMutablePointer<Lanes>) {
        for vector in 0..<vectors {
            duals[vector] = row(0)[vector]
            holder[vector] = Lanes(repeating: 0)
        }
        for index in 1..<count {
            let costs = row(index)
            let label = Lanes(repeating: Double(index))
            for vector in 0..<vectors {
                let smaller = costs[vector] .< duals[vector]
                duals[vector].replace(with: costs[vector], where: smaller)
                holder[vector].replace(with: label, where: smaller)
            }
        }
        let scalars = Self.scalars(duals)
        for column in count..<(vectors * Lanes.scalarCount) { scalars[column] = 0 }
    }

    /// Augmenting row reduction: each free row takes its cheapest column and lowers that column's dual to the second
    /// cheapest; a row so displaced goes on at once while the duals fall.
    ///
    /// With real costs such a chain may take very many tiny steps; beyond `4 * count` steps a pass displaces no
    /// further and leaves the rest to the shortest paths.
    mutating func reduceRows() {
        var waiting = Array(freeRows.reversed())
        var left: [Int] = []
        var steps = 0
        while let row = waiting.popLast() {
            steps += 1
            let (least, second) = twoLeast(row)
            var column = firstColumn(row, reduced: least, from: 0)
            var lowered = false
            if least < second {
                let dual = dualAt(column)
                Self.scalars(duals)[column] = dual - (second - least)
                lowered = dualAt(column) < dual
            } else if rowOfColumn[column] >= 0 {
                column = firstColumn(row, reduced: least, from: column + 1)
            }
            let displaced = rowOfColumn[column]
            columnOfRow[row] = column
            rowOfColumn[column] = row
            guard displaced >= 0 else { continue }
            columnOfRow[displaced] = -1
            if lowered && steps < 4 * count { waiting.append(displaced) } else { left.append(displaced) }
        }
        freeRows = left
    }

    /// The least and second least reduced cost C[row, j] - v[j] of a row (equal where the least occurs twice).
    @inline(__always)
    private func twoLeast(_ index: Int) -> (Double, Double) {
        AssignmentScan.twoLeast(padded, Self.scalars(row(index)), less: Self.scalars(duals))
    }

    /// The lowest column from `start` on whose reduced cost is `value`, which must occur.
    @inline(__always)
    private func firstColumn(_ index: Int, reduced value: Double, from start: Int) -> Int {
        let costs = row(index), wanted = Lanes(repeating: value)
        let (scalars, duals) = (Self.scalars(costs), Self.scalars(self.duals))
        var column = start
        while column % Lanes.scalarCount != 0 {
            if scalars[column] - duals[column] == value { return column }
            column += 1
        }
        var vector = column / Lanes.scalarCount
        while !any((costs[vector] - self.duals[vector]) .== wanted) { vector += 1 }
        column = vector * Lanes.scalarCount
        while scalars[column] - duals[column] != value { column += 1 }
        return column
    }
}
