import Tensors

/// Euclidean distances between the networks of two populations, or of one with itself, in double precision.
///
/// d^2 = |a|^2 + |b|^2 - 2 a.b by blocked products; pairs so near that the difference cancels (d^2 below 1e-6 of the
/// norms) are recomputed as sum (a - b)^2, so that a copy has distance 0 and a near-copy the right one. Products are
/// taken over panels of fixed extents: entry (i, j) depends on i, j and the two networks alone, not on how many others
/// there are, and not on the number of threads.
public struct DistanceMatrix: Sendable {
    /// A, networks of the first population.
    public let rowCount: Int
    /// B, networks of the second.
    public let columnCount: Int
    /// Whether both populations are one, so that entry (i, i) is a network and itself.
    public let isWithin: Bool
    private let squares: [Double]

    /// Distances from every row of [A, D] to every row of [B, D], both in single precision. Traps where D differs.
    public init(from rows: Tensor, to columns: Tensor) {
        self.init(rows, columns, isWithin: false)
    }

    /// Distances between the rows of [A, D]; the nearest of a row is then never the row itself.
    public init(within rows: Tensor) {
        self.init(rows, rows, isWithin: true)
    }

    private init(_ rows: Tensor, _ columns: Tensor, isWithin: Bool) {
        precondition(
            rows.rank == 2 && columns.rank == 2 && rows.shape[1] == columns.shape[1]
                && rows.precision == .single && columns.precision == .single,
            "DistanceMatrix: \(rows.shape) and \(columns.shape)")
        rowCount = rows.shape[0]
        columnCount = columns.shape[0]
        self.isWithin = isWithin
        squares = rowCount * columnCount == 0 ? [] : Self.squares(rows.detached, columns.detached)
    }

    private init(like other: DistanceMatrix, squares: [Double]) {
        rowCount = other.rowCount
        columnCount = other.columnCount
        isWithin = other.isWithin
        self.squares = squares
    }

    /// The lesser of both entries everywhere, for two measurements of the same populations. Traps where extents differ.
    func lowered(by other: DistanceMatrix) -> DistanceMatrix {
        precondition(
            rowCount == other.rowCount && columnCount == other.columnCount,
            "DistanceMatrix: \(rowCount) x \(columnCount) and \(other.rowCount) x \(other.columnCount)")
        return DistanceMatrix(like: self, squares: zip(squares, other.squares).map { min($0, $1) })
    }

    /// Single entries lowered to squared distances that were found to be attained; within one population both ways.
    func lowered(at found: [(row: Int, column: Int, square: Double)]) -> DistanceMatrix {
        var lowered = squares
        for (row, column, square) in found {
            let places = isWithin ? [(row, column), (column, row)] : [(row, column)]
            for (i, j) in places { lowered[i * columnCount + j] = min(lowered[i * columnCount + j], square) }
        }
        return DistanceMatrix(like: self, squares: lowered)
    }

    /// The `count` columns nearest to a row, nearest first; never the row itself within one population.
    func nearest(to row: Int, count: Int) -> [Int] {
        let others = (0..<columnCount).filter { !(isWithin && $0 == row) && squared(row, $0).isFinite }
        return Array(others.sorted { (squared(row, $0), $0) < (squared(row, $1), $1) }.prefix(count))
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
