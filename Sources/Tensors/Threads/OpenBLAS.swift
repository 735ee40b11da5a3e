import CKernels
import COpenBLAS
import Foundation

/// The matrix products of OpenBLAS, made ready once, before the first one.
enum OpenBLAS {
    /// Puts OpenBLAS on one thread (its bytes change with its thread count) and on kernels like ours.
    ///
    /// OpenBLAS chooses its kernels by the processor's name, and a release older than the processor falls back to AVX2:
    /// 0.3.21 multiplies on AMD's Zen 5 at half the speed of its own AVX-512 kernels. So it is told what `ck_kernels`
    /// found; `OPENBLAS_CORETYPE` of the user goes before.
    static let isReady: Bool = {
        let set = String(cString: kernels.name)
        if getenv("OPENBLAS_CORETYPE") == nil, let core = fitting[set], !core.contains(core: OpenBLAS.core) {
            _ = openblas_choose_core(core[0])
        }
        openblas_set_num_threads(1)
        return true
    }()

    /// The kernels that OpenBLAS uses, in its own words: "Haswell", "SkylakeX".
    static var core: String { openblas_get_corename().map { String(cString: $0) } ?? "" }

    /// OpenBLAS' cores of each kernel set's instructions; the first is asked for.
    private static let fitting = [
        "avx512": ["SkylakeX", "Cooperlake", "SapphireRapids"],
        "avx2": ["Haswell", "Zen"],
    ]
}

extension [String] {
    fileprivate func contains(core: String) -> Bool { contains { $0.lowercased() == core.lowercased() } }
}
