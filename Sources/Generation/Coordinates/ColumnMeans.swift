import Tensors

/// Means over the rows of a population, in double precision and a block of columns at a time.
enum ColumnMeans {
    /// Columns of one block.
    private static let block = 4096

    /// The mean over rows of f(rows), a number a column.
    ///
    /// - rows: [N, D]; f takes a block [N, b] in double precision, and the columns that it is, to the same shape.
    static func of(
        _ rows: Tensor, _ f: (_ block: Tensor, _ columns: Range<Int>) -> Tensor = { x, _ in x }
    ) -> [Double] {
        let width = rows.shape[1]
        return stride(from: 0, to: width, by: block).flatMap { start in
            let columns = start..<min(width, start + block)
            return f(rows.sliced(axis: 1, columns).converted(to: .double), columns).mean(axes: [0]).doubles
        }
    }
}
