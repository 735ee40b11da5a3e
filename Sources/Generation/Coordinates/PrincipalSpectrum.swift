import Tensors

/// What the Gram matrix G = X_c X_c' = U diag(s^2) U' says of the components C = diag(1/s) U' X_c.
struct PrincipalSpectrum {
    /// Components kept: at most N - 1, and no more than the rows span.
    let kept: Int
    /// diag(1/s) U', `[kept, N]`, row after row.
    let projection: [Double]
    /// Variance along each component (divisor N - 1).
    let variances: [Double]
    /// Share of the total variance that they carry, 0-1.
    let capturedVariance: Double

    /// Decomposes G [N, N], double; nil where there is no variance or a number is not finite.
    init?(gram: Tensor, components count: Int) {
        let n = gram.shape[0]
        guard let eigen = SymmetricEigen(gram), let top = eigen.values.first, top > 0 else { return nil }
        let total = eigen.values.reduce(0) { $0 + max($1, 0) }
        let kept = min(count, n - 1, eigen.values.prefix { $0 > top * 1e-12 }.count)
        var projection = eigen.vectors.sliced(axis: 0, 0..<kept).doubles
        for row in 0..<kept {
            let scale = 1 / eigen.values[row].squareRoot()
            for column in 0..<n { projection[row * n + column] *= scale }
        }
        self.kept = kept
        self.projection = projection
        variances = eigen.values.prefix(kept).map { $0 / Double(n - 1) }
        capturedVariance = eigen.values.prefix(kept).reduce(0, +) / total
    }
}
