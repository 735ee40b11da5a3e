import COpenBLAS

/// Eigenvalues and orthonormal eigenvectors of a symmetric matrix, A = V diag(values) V'.
public struct SymmetricEigen: Sendable {
    /// Eigenvalues, largest first.
    public let values: [Double]
    /// Eigenvectors as rows, [n, n], double; row i belongs to `values[i]`. Its entry of largest magnitude is positive.
    public let vectors: Tensor

    /// Decomposes a symmetric matrix [n, n] (its upper triangle is read) by LAPACK's dsyevd on one thread.
    ///
    /// Nil where the matrix has non-finite entries or LAPACK does not converge. Traps unless the matrix is square.
    public init?(_ matrix: Tensor) {
        precondition(
            matrix.rank == 2 && matrix.shape[0] == matrix.shape[1], "symmetric eigen: shape \(matrix.shape)")
        _ = OpenBLAS.isReady
        let n = matrix.shape[0]
        var a = matrix.doubles
        guard a.allSatisfy(\.isFinite) else { return nil }
        var eigenvalues = [Double](repeating: 0, count: n)
        guard Self.decompose(&a, &eigenvalues, n) else { return nil }
        values = eigenvalues.reversed()
        vectors = Tensor(Self.normalized(a, n), shape: [n, n])
    }

    private static func decompose(_ a: inout [Double], _ values: inout [Double], _ n: Int) -> Bool {
        guard n > 0 else { return true }
        var (size, query, info) = (Int32(n), Int32(-1), Int32(0))
        var (workSize, integerSize) = (0.0, Int32(0))
        dsyevd_("V", "U", &size, &a, &size, &values, &workSize, &query, &integerSize, &query, &info)
        guard info == 0 else { return false }
        var (lwork, liwork) = (Int32(workSize), integerSize)
        var work = [Double](repeating: 0, count: Int(lwork))
        var integers = [Int32](repeating: 0, count: Int(liwork))
        dsyevd_("V", "U", &size, &a, &size, &values, &work, &lwork, &integers, &liwork, &info)
        return info == 0
    }

    /// LAPACK's columns as rows, largest eigenvalue first, signs fixed.
    private static func normalized(_ columns: [Double], _ n: Int) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(n * n)
        for index in stride(from: n - 1, through: 0, by: -1) {
            let vector = columns[(index * n)..<((index + 1) * n)]
            var largest = 0.0
            for value in vector where abs(value) > abs(largest) { largest = value }
            result += largest < 0 ? vector.map { -$0 } : Array(vector)
        }
        return result
    }
}
