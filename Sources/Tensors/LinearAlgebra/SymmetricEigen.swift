/// Eigenvalues and orthonormal eigenvectors of a symmetric matrix, A = V diag(values) V'.
public struct SymmetricEigen: Sendable {
    /// The n eigenvalues, largest first.
    public let values: [Double]
    /// Eigenvectors as rows, [n, n], double; row i belongs to `values[i]`. Its entry of largest magnitude is positive.
    public let vectors: Tensor

    /// Decomposes a symmetric matrix [n, n] (its lower triangle is read), on the processor by LAPACK's dsyevd.
    ///
    /// Nil where the matrix has non-finite entries or the iteration does not converge. Traps unless it is square.
    public init?(_ matrix: Tensor) {
        precondition(
            matrix.rank == 2 && matrix.shape[0] == matrix.shape[1], "symmetric eigen: shape \(matrix.shape)")
        let n = matrix.shape[0]
        guard matrix.isFinite, let found = matrix.backend.symmetricEigen(matrix.converted(to: .double).array) else {
            return nil
        }
        values = found.values.reversed()
        let rows = Self.ordered(Tensor(found.vectors).doubles, n)
        vectors = Tensor(rows, shape: [n, n], precision: .double, on: matrix.backend)
    }

    /// The same rows, largest eigenvalue first, with signs fixed.
    private static func ordered(_ rows: [Double], _ n: Int) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(n * n)
        for index in stride(from: n - 1, through: 0, by: -1) {
            let vector = rows[(index * n)..<((index + 1) * n)]
            var largest = 0.0
            for value in vector where abs(value) > abs(largest) { largest = value }
            result += largest < 0 ? vector.map { -$0 } : Array(vector)
        }
        return result
    }
}
