import Foundation
import Testing

@testable import Tensors

@Suite("OpenBLAS")
struct OpenBLASTests {
    @Test("multiplies with the instructions of our own kernels, whatever processor it takes this one for")
    func core() {
        #expect(OpenBLAS.isReady)
        if getenv("OPENBLAS_CORETYPE") != nil { return }
        switch Threads.kernelSet {
        case "avx512": #expect(["SkylakeX", "Cooperlake", "SapphireRapids"].contains(OpenBLAS.core))
        case "avx2": #expect(["Haswell", "Zen"].contains(OpenBLAS.core))
        default: #expect(!OpenBLAS.core.isEmpty)
        }
    }

    @Test("its choice leaves no trace in the environment")
    func environment() {
        let before = getenv("OPENBLAS_CORETYPE").map { String(cString: $0) }
        #expect(OpenBLAS.isReady)
        #expect(getenv("OPENBLAS_CORETYPE").map { String(cString: $0) } == before)
    }
}
