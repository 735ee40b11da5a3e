import Tensors

/// Euclidean distances between the networks of two populations, or of one with itself, in double precision.
///
/// d^2 = |a|^2 + |b|^2 - 2 a.b by blocked products; pairs so near that the difference cancels (d^2 below 1e-6 of the
/// norms) are recomputed as sum (a - b)^2, so that a copy has distance 0 and a near-copy the right one. Products are
/// taken over panels of fixed extents: entry (i, j) depends on i, j and the two networks alone, not on how many others
/// there are, and not on the number of threads. Memory: 8 bytes a pair, and a strip of rows at a time beside it.
public struct DistanceMatrix: Sendable {
    /// A, networks of the first population.
    public let rowCount: Int
    /// B, networks of the second.
    public let columnCount: Int
    /// Whether both populations are one, so that entry (i, i) is a network and itself.
    public let isWithin: Bool
    private var squares: [Double]

    /// Distances from every row of [A, D] to every row of [B, D], both in single precision. Traps where D differs.
    public init(from rows: Tensor, to columns: Tensor) {
        self.init(rows, columns, isWithin: false)
    }

    /// Distances between the rows of [A, D]; the nearest of a row is then never the row itself.
    public init(within rows: Tensor) {
        self.init(rows, rows, isWithin: true)
    }

    private init(_ rows: Tensor, _ columns: Tensor, isWithin: Bool) {
        self.init(leastOf: [(rows, columns)], isWithin: isWithin)
    }

    /// The least of several measurements of the same networks, entry by entry. Traps where extents differ.
    init(leastOf measurements: [(rows: Tensor, columns: Tensor)], isWithin: Bool) {
        guard let first = measurements.first else { preconditionFailure("DistanceMatrix: no measurement") }
        for (rows, columns) in measurements {
            precondition(
                rows.rank == 2 && columns.rank == 2 && rows.shape[1] == columns.shape[1]
                    && rows.precision == .single && columns.precision == .single
                    && rows.shape == first.rows.shape && columns.shape == first.columns.shape,
                "DistanceMatrix: \(rows.shape) and \(columns.shape)")
        }
        rowCount = first.rows.shape[0]
        columnCount = first.columns.shape[0]
        self.isWithin = isWithin
        squares = [Double](repeating: .infinity, count: rowCount * columnCount)
        guard !squares.isEmpty else { return }
        for (index, (rows, columns)) in measurements.enumerated() {
            Self.measure(
                rows.detached, columns.detached, into: &squares, isWithin: isWithin, replacing: index == 0)
        }
    }

    /// The least of several measurements of one population beside another, of which each process measures some columns:
    /// whole panels, so that the bits are those of one process.
    init(leastOf measurements: [(rows: Tensor, columns: Tensor)], sharing: any WorkSharing) {
        let (rowCount, columnCount) = (measurements[0].rows.shape[0], measurements[0].columns.shape[0])
        func columns(_ panels: Range<Int>) -> Range<Int> {
            min(columnCount, panels.lowerBound * Self.panelRows)..<min(columnCount, panels.upperBound * Self.panelRows)
        }
        let parts = sharing.parts(of: (columnCount + Self.panelRows - 1) / Self.panelRows) { panels -> [Double] in
            let own = columns(panels)
            guard !own.isEmpty else { return [] }
            let parts = measurements.map { (rows: $0.rows, columns: $0.columns.sliced(axis: 0, own)) }
            return DistanceMatrix(leastOf: parts, isWithin: false).squares
        }
        self.rowCount = rowCount
        self.columnCount = columnCount
        isWithin = false
        guard parts.count > 1 else {
            squares = parts[0].values
            return
        }
        var all: [Double] = []
        all.reserveCapacity(rowCount * columnCount)
        for row in 0..<rowCount {
            for (panels, values) in parts {
                let width = columns(panels).count
                all += values[row * width..<(row + 1) * width]
            }
        }
        squares = all
    }

    /// Lowers single entries to squared distances that were found to be attained; within one population both ways.
    mutating func lower(at found: [(row: Int, column: Int, square: Double)]) {
        for (row, column, square) in found {
            let places = isWithin ? [(row, column), (column, row)] : [(row, column)]
            for (i, j) in places { squares[i * columnCount + j] = min(squares[i * columnCount + j], square) }
        }
    }

    /// The `count` columns nearest to a row, nearest first, the first of equals; never the row itself within one
    /// population, nor one at a distance that is not finite.
    func nearest(to row: Int, count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var best: [Int] = []
        for column in 0..<columnCount where !(isWithin && column == row) {
            let square = squared(row, column)
            guard square.isFinite, best.count < count || square < squared(row, best[best.count - 1]) else { continue }
            if best.count == count { best.removeLast() }
            best.insert(column, at: best.firstIndex { square < squared(row, $0) } ?? best.count)
        }
        return best
    }

    /// The squared distance of row `row` from column `column`; not finite where one of the networks is not.
    public func squared(_ row: Int, _ column: Int) -> Double { squares[row * columnCount + column] }

    /// For each row the nearest column.
    public func nearestToRows() -> [Neighbour] {
        (0..<rowCount).map { row in
            Neighbour(among: columnCount, except: isWithin ? row : nil) { squared(row, $0) }
        }
    }

    /// For each column the nearest row.
    public func nearestToColumns() -> [Neighbour] {
        (0..<columnCount).map { column in
            Neighbour(among: rowCount, except: isWithin ? column : nil) { squared($0, column) }
        }
    }
}
