import Tensors

/// Rows of numbers in double precision, one after the other.
struct Points: Sendable {
    /// n x d numbers.
    let values: [Double]
    /// n.
    let count: Int
    /// d.
    let width: Int

    /// Takes a tensor [n, d].
    init(_ tensor: Tensor) {
        precondition(tensor.rank == 2, "points: shape \(tensor.shape), expected [n, d]")
        (values, count, width) = (tensor.doubles, tensor.shape[0], tensor.shape[1])
    }

    /// One number a row.
    init(_ column: [Double]) { (values, count, width) = (column, column.count, 1) }

    /// The numbers of one column.
    func column(_ index: Int) -> [Double] { stride(from: index, to: values.count, by: width).map { values[$0] } }

    /// The Euclidean distance of two rows, from differences: 0 for copies.
    func distance(_ first: Int, _ second: Int) -> Double {
        values.withUnsafeBufferPointer { values in
            var sum = 0.0
            for offset in 0..<width {
                let gap = values[first * width + offset] - values[second * width + offset]
                sum += gap * gap
            }
            return sum.squareRoot()
        }
    }

    /// The median distance of different rows, over all pairs of up to 2,000 rows that stand evenly in the pool.
    ///
    /// Where more than half of the pairs are copies: the mean of the distances that are not 0. Where all are: 1.
    var medianDistance: Double {
        let step = max(1, (count + 1999) / 2000)
        let rows = Array(stride(from: 0, to: count, by: step))
        let far = parallelMap(rows.count) { i in rows[..<i].map { distance(rows[i], $0) } }.flatMap { $0 }.sorted()
        guard let largest = far.last, largest > 0 else { return 1 }
        let median = (far[(far.count - 1) / 2] + far[far.count / 2]) / 2
        guard median == 0 else { return median }
        let apart = far.filter { $0 > 0 }
        return apart.reduce(0, +) / Double(apart.count)
    }
}
