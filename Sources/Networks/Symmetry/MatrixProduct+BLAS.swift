import Tensors
extension MatrixProduct {
    /// The product by OpenBLAS on the engine's threads: same bytes for the same operands.
    public static let blas = MatrixProduct { a, b, m, k, n, accumulate in
        accumulateProduct(a, b, m: m, k: k, n: n, into: accumulate)
    }
}
