import func Tensors.parallelMap
import func Tensors.precondition

/// One linear assignment problem while it is being solved: the padded cost matrix, the dual variables, the matching.
///
/// Rows are padded to a multiple of eight columns with an infinite cost, so that the scans need no tail.
struct AssignmentProblem: ~Copyable {
    /// The vector type of the scans.
    typealias Lanes = SIMD8<Double>

    /// Number of rows and of columns.
    let count: Int
    /// Vectors in a padded row.
    let vectors: Int
    /// Costs `[count, vectors * 8]`.
    let cost: UnsafeMutablePointer<Lanes>
    /// Column duals v, padded with zeros.
    let duals: UnsafeMutablePointer<Lanes>
    /// Tentative path lengths d of the current search, infinite for columns already settled.
    let length: UnsafeMutablePointer<Lanes>
    /// The duals during a search, minus infinity for columns already settled.
    let open: UnsafeMutablePointer<Lanes>
    /// The column of each row, -1 where free.
    var columnOfRow: [Int]
    /// The row of each column, -1 where free.
    var rowOfColumn: [Int]
    /// Rows without a column, in the order in which they will be tried.
    var freeRows: [Int] = []

    /// Reserves room for a problem of `count` rows.
    init(count: Int) {
        self.count = count
        vectors = (count + Lanes.scalarCount - 1) / Lanes.scalarCount
        cost = .allocate(capacity: count * vectors)
        duals = .allocate(capacity: vectors)
        length = .allocate(capacity: vectors)
        open = .allocate(capacity: vectors)
        duals.initialize(repeating: Lanes(repeating: 0), count: vectors)
        length.initialize(repeating: Lanes(repeating: 0), count: vectors)
        open.initialize(repeating: Lanes(repeating: 0), count: vectors)
        columnOfRow = Array(repeating: -1, count: count)
        rowOfColumn = Array(repeating: -1, count: count)
    }

    deinit {
        cost.deallocate()
        duals.deallocate()
        length.deallocate()
        open.deallocate()
    }

    /// Copies the matrix, negated to maximise; traps on entries that are not finite.
    @inline(__always)
    func fill(negated: Bool, _ entry: (Int) -> Double) {
        let sign: Double = negated ? -1 : 1
        let scalars = UnsafeMutableRawPointer(cost).assumingMemoryBound(to: Double.self)
        let stride = vectors * Lanes.scalarCount
        for row in 0..<count {
            let target = scalars + row * stride
            var check = 0.0
            for column in 0..<count {
                let value = sign * entry(row * count + column)
                check += value * 0
                target[column] = value
            }
            precondition(check == 0, "assignment: row \(row) of the cost matrix is not finite")
            for column in count..<stride { target[column] = .infinity }
        }
    }

    /// Copies a matrix negated, rows on the pool; returns whether all entries are finite.
    func fill(negating entries: [Float]) -> Bool {
        let height = 32
        return entries.withUnsafeBytes { entries in
            parallelMap((count + height - 1) / height) { part in
                let rows = part * height..<min(count, (part + 1) * height)
                return rows.allSatisfy { fill(row: $0, negating: entries) }
            }
        }.allSatisfy { $0 }
    }

    private func fill(row index: Int, negating entries: UnsafeRawBufferPointer) -> Bool {
        let target = row(index), scalars = Self.scalars(target), whole = count / Lanes.scalarCount
        let first = index * count
        var check = Lanes(repeating: 0)
        for vector in 0..<whole {
            let offset = (first + vector * Lanes.scalarCount) * MemoryLayout<Float>.stride
            let value = -Lanes(entries.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self))
            check += value * 0
            target[vector] = value
        }
        var sum = check.sum()
        for column in whole * Lanes.scalarCount..<padded {
            guard column < count else {
                scalars[column] = .infinity
                continue
            }
            let offset = (first + column) * MemoryLayout<Float>.stride
            scalars[column] = -Double(entries.loadUnaligned(fromByteOffset: offset, as: Float.self))
            sum += scalars[column] * 0
        }
        return sum == 0
    }

    /// Runs the three phases and reads off the assignment and the duals.
    ///
    /// With `warm`, the column duals of the last solution take the place of the column reduction: where the costs have
    /// changed little, most rows then find their columns at once. The assignment is optimal either way.
    mutating func solve(warm: Bool = false) -> LinearAssignment.Solution {
        for index in 0..<count { (columnOfRow[index], rowOfColumn[index]) = (-1, -1) }
        freeRows = []
        if count == 1 {
            columnOfRow = [0]
        } else {
            if warm { freeRows = Array(0..<count) } else { reduceColumns() }
            for _ in 0..<2 where !freeRows.isEmpty { reduceRows() }
            augment()
        }
        let rowDuals = (0..<count).map { costAt($0, columnOfRow[$0]) - dualAt(columnOfRow[$0]) }
        return LinearAssignment.Solution(
            columns: columnOfRow, rowDuals: rowDuals, columnDuals: (0..<count).map { dualAt($0) })
    }
}

extension AssignmentProblem {
    /// The vectors of one row of costs.
    @inline(__always)
    func row(_ index: Int) -> UnsafeMutablePointer<Lanes> { cost + index * vectors }

    /// Scalars in a padded row.
    @inline(__always)
    var padded: Int { vectors * Lanes.scalarCount }

    /// One cost.
    @inline(__always)
    func costAt(_ row: Int, _ column: Int) -> Double { Self.scalars(self.row(row))[column] }

    /// One column dual.
    @inline(__always)
    func dualAt(_ column: Int) -> Double { Self.scalars(duals)[column] }

    /// The same memory seen as scalars.
    @inline(__always)
    static func scalars(_ lanes: UnsafeMutablePointer<Lanes>) -> UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: Double.self)
    }

    /// The smaller of each pair; compiles to one instruction, which `pointwiseMin` does not.
    @inline(__always)
    static func smaller(_ first: Lanes, _ second: Lanes) -> Lanes {
        second.replacing(with: first, where: first .< second)
    }

    /// The larger of each pair.
    @inline(__always)
    static func larger(_ first: Lanes, _ second: Lanes) -> Lanes {
        second.replacing(with: first, where: first .> second)
    }
}
