import Tensors

extension PrincipalCoordinates {
    /// Fits through the D x D matrix S = X_c' X_c = C' diag(s^2) C: the same components as through the Gram matrix, up to
    /// rounding, at a cost of D^3 in place of N^3.
    ///
    /// The sign of a component is that of the Gram route, too: the code of largest magnitude is positive.
    static func throughScatter(_ centred: Tensor, mean: Tensor, components count: Int) -> PrincipalCoordinates? {
        let (n, width) = (centred.shape[0], centred.shape[1])
        guard let eigen = SymmetricEigen(scatter(centred)), let top = eigen.values.first, top > 0 else { return nil }
        let kept = min(count, n - 1, eigen.values.prefix { $0 > top * 1e-12 }.count)
        var rows = eigen.vectors.sliced(axis: 0, 0..<kept)
        let codes = matmul(rows, centred.converted(to: .double), transposeB: true).doubles
        let signs = (0..<kept).map { component -> Double in
            let largest = codes[component * n..<(component + 1) * n].reduce(0) { abs($1) > abs($0) ? $1 : $0 }
            return largest < 0 ? -1 : 1
        }
        rows = rows * Tensor(signs, shape: [kept, 1])
        let total = eigen.values.reduce(0) { $0 + max($1, 0) }
        return PrincipalCoordinates(
            mean: mean, components: rows.converted(to: .single).reshaped([kept, width]),
            variances: eigen.values.prefix(kept).map { $0 / Double(n - 1) },
            capturedVariance: eigen.values.prefix(kept).reduce(0, +) / total)
    }

    /// X' X in double precision, block by block of rows.
    private static func scatter(_ centred: Tensor) -> Tensor {
        let (n, width) = (centred.shape[0], centred.shape[1])
        let blocks = stride(from: 0, to: n, by: blockRows).map { $0..<min(n, $0 + blockRows) }
        return blocks.reduce(Tensor.zeros([width, width], precision: .double)) { sum, block in
            let part = centred.sliced(axis: 0, block).converted(to: .double)
            return sum + matmul(part, part, transposeA: true)
        }
    }

    /// Rows in one block of the double-precision sweep.
    private static let blockRows = 4096
}
