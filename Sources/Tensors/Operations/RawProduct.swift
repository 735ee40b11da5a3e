/// Adds A B' to C: dense row-major A [m, k], B [n, k], C [m, n], on the calling thread.
///
/// For algorithms that work on plain buffers (assignment costs of weight matching); tensors use `matmul`.
public func accumulateProduct(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, m: Int, k: Int, n: Int,
    into c: UnsafeMutablePointer<Float>
) {
    _ = OpenBLAS.isReady
    Float.gemm(
        GemmCall(
            transposeA: false, transposeB: true, m: m, n: n, k: k, a: a, lda: k, b: b, ldb: k, beta: 1, c: c, ldc: n))
}
