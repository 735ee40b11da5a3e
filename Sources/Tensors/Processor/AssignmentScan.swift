import CKernels

/// The scans of one row of costs in which a linear assignment spends its time; `count` is a multiple of 8.
package enum AssignmentScan {
    /// The least and the second least of `costs[i] - duals[i]`, equal where the least occurs twice.
    package static func twoLeast(
        _ count: Int, _ costs: UnsafePointer<Double>, less duals: UnsafePointer<Double>
    ) -> (Double, Double) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2) { found in
            kernels.two_least_f64(count, costs, duals, found.baseAddress)
            return (found[0], found[1])
        }
    }

    /// Lowers each of `lengths` to `costs[i] - duals[i] - shift` where that is less; returns the least of them.
    package static func relax(
        _ count: Int, _ costs: UnsafePointer<Double>, less duals: UnsafePointer<Double>, _ shift: Double,
        _ lengths: UnsafeMutablePointer<Double>
    ) -> Double {
        kernels.relax_f64(count, costs, duals, shift, lengths)
    }
}
