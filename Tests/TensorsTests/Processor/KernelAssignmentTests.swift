import CKernels
import Testing
import TestSupport

@testable import Tensors

/// Scans of the assignment solver against plain loops, to the last bit.
@Suite("Assignment kernels")
struct KernelAssignmentTests {
    /// Rows with ties, as costs have them, and infinite ends, as padding has them.
    private static func row(_ count: Int, _ index: Int, coarse: Bool) -> [Double] {
        let values = normalDoubles([count], index: UInt64(index)).doubles
        let row = coarse ? values.map { ($0 * 2).rounded() } : values
        return index % 3 == 2 ? Array(row.dropLast(3)) + [.infinity, .infinity, .infinity] : row
    }

    @Test("The two least differences", arguments: KernelSets.names)
    func twoLeast(set: String) {
        let table = KernelSets.table(set)
        for count in [8, 16, 24, 40, 512] {
            for index in 0..<9 {
                let costs = Self.row(count, index, coarse: index % 2 == 0)
                let duals = normalDoubles([count], index: 100).doubles.map { index % 2 == 0 ? $0.rounded() : $0 }
                var found = [0.0, 0.0]
                table.two_least_f64(count, costs, duals, &found)
                #expect(found == Array(zip(costs, duals).map { $0 - $1 }.sorted().prefix(2)), "\(count), \(index)")
            }
        }
        var found = [0.0, 0.0]
        let equal = [Double](repeating: 1, count: 8)
        table.two_least_f64(8, equal, [Double](repeating: 0, count: 8), &found)
        #expect(found == [1, 1])
    }

    @Test("Shorter paths", arguments: KernelSets.names)
    func relax(set: String) {
        let table = KernelSets.table(set)
        for count in [8, 16, 24, 40, 512] {
            for index in 0..<6 {
                let costs = Self.row(count, index, coarse: false)
                var duals = normalDoubles([count], index: 50).doubles
                var lengths = normalDoubles([count], index: 51).doubles
                (duals[3], lengths[3]) = (-.infinity, .infinity)
                let wanted = (0..<count).map { min(costs[$0] - duals[$0] - 0.25, lengths[$0]) }
                let least = table.relax_f64(count, costs, duals, 0.25, &lengths)
                #expect(lengths == wanted && least == wanted.min(), "\(count), \(index)")
            }
        }
    }
}
