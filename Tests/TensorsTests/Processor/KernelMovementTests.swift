import CKernels
import Testing
import TestSupport

@testable import Tensors

@Suite("Copying kernels")
struct KernelMovementTests {
    @Test("Gathered rows are the rows", arguments: KernelSets.names)
    func gather(set: String) {
        let table = KernelSets.table(set)
        for width in [1, 7, 8, 15, 16, 17, 33, 100] {
            let x = (0..<(9 * width)).map { Float($0) }
            for indices: [Int32] in [[], [8], [3, 3], [8, 0, 5, 1, 8, 7], [2, 0, 1, 4, 3]] {
                let wanted = indices.flatMap { x[Int($0) * width..<(Int($0) + 1) * width] }
                var (single, double) = ([Float](repeating: -1, count: wanted.count + 1), [Double]())
                double = single.map(Double.init)
                table.gather_f32(indices.count, width, x, indices, &single)
                table.gather_f64(indices.count, width, x.map(Double.init), indices, &double)
                #expect(single == wanted + [-1] && double == wanted.map(Double.init) + [-1], "\(width), \(indices)")
            }
        }
    }
}
