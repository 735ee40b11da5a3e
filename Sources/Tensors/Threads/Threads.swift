import CKernels
import COpenBLAS

/// The engine's own worker pool. OpenBLAS stays on one thread (`OpenBLAS.isReady`).
public enum Threads {
    /// Threads in use, the caller included. Results never depend on it.
    public static var count: Int {
        get { Int(ck_threads()) }
        set {
            precondition(newValue >= 1, "threads: \(newValue) is below 1")
            ck_set_threads(Int32(clamping: newValue))
        }
    }

    /// The kernel set in force: "baseline", "avx2" or "avx512".
    public static var kernelSet: String { String(cString: kernels.name) }

    /// What is wrong with the kernel set that WEIGHTSPACE_KERNELS asks for, or nil.
    public static var kernelProblem: String? { ck_kernels_problem().map { String(cString: $0) } }
}

/// Runs `body(i)` once for each `0 <= i < count` on the pool and returns when all have ended.
///
/// Work items must write to disjoint places; then the result does not depend on the number of threads. Calls from
/// within a work item run inline.
public func parallelFor(_ count: Int, _ body: (Int) -> Void) {
    if count <= 1 {
        if count == 1 { body(0) }
        return
    }
    withoutActuallyEscaping(body) { escapable in
        var work = WorkItem(body: escapable)
        withUnsafeMutablePointer(to: &work) { pointer in
            ck_parallel(
                count,
                { context, index in
                    context?.assumingMemoryBound(to: WorkItem.self).pointee.body(index)
                }, pointer)
        }
    }
}

/// `body(i)` for each `0 <= i < count`, in order, computed on the pool.
public func parallelMap<Result: Sendable>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    Array(unsafeUninitializedCapacity: count) { buffer, filled in
        let base = buffer.baseAddress
        parallelFor(count) { index in base.map { ($0 + index).initialize(to: body(index)) } }
        filled = count
    }
}

/// Runs `body(i)` once for each `0 <= i < count`, for pieces of work that use the pool themselves, such as the training of a
/// few networks.
///
/// Whole rounds of one piece a thread run side by side, each on its thread alone, which keeps threads busier than dividing
/// every small operation among them; the pieces that are left over run one after the other, each on all threads. Work
/// items must write to disjoint places; then the result does not depend on the number of threads.
public func parallelRounds(_ count: Int, _ body: (Int) -> Void) {
    let sideBySide = count / Threads.count * Threads.count
    parallelFor(sideBySide, body)
    for index in sideBySide..<count { body(index) }
}

private struct WorkItem {
    let body: (Int) -> Void
}

/// The matrix products of OpenBLAS.
public enum OpenBLAS {
    /// Puts OpenBLAS on one thread, once, before the first product: its bytes change with its thread count.
    static let isReady: Bool = {
        openblas_set_num_threads(1)
        return true
    }()

    /// The processor whose kernels OpenBLAS uses, in its own words: "Haswell" (AVX2), "SkylakeX" (AVX-512).
    ///
    /// It chooses when it is loaded, unless OPENBLAS_CORETYPE in the environment chooses for it. Bytes and speed of
    /// products depend on it.
    public static var core: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }
}

/// The kernel table in force.
nonisolated(unsafe) let kernels: ck_table = {
    guard let table = ck_kernels() else { preconditionFailure("kernels: this processor has no kernel table") }
    return table.pointee
}()
