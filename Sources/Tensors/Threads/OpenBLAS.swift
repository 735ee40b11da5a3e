import COpenBLAS

/// The matrix products of OpenBLAS.
public enum OpenBLAS {
    /// Puts OpenBLAS on one thread, once, before the first product: its bytes change with its thread count.
    static let isReady: Bool = {
        openblas_set_num_threads(1)
        return true
    }()

    /// The processor whose kernels OpenBLAS uses, in its own words: "Haswell" (AVX2), "SkylakeX" (AVX-512).
    ///
    /// It chooses by itself when it is loaded; the environment's OPENBLAS_CORETYPE goes before. Bytes and speed of
    /// products depend on it.
    public static var core: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }
}
