/// Adds A B' to C: dense row-major A [m, k], B [n, k], C [m, n]; same bytes at any number of threads.
///
/// For algorithms that work on plain buffers (assignment costs of weight matching); tensors use `matmul`.
public func accumulateProduct(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, m: Int, k: Int, n: Int,
    into c: UnsafeMutablePointer<Float>
) {
    _ = OpenBLAS.isReady
    let height = 128
    parallelFor((m + height - 1) / height) { tile in
        let row = tile * height
        Float.gemm(
            GemmCall(
                transposeA: false, transposeB: true, m: min(height, m - row), n: n, k: k, a: a + row * k, lda: k, b: b,
                ldb: k, beta: 1, c: c + row * n, ldc: n))
    }
}
