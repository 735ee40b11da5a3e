import Synchronization

/// What computes: the processor (OpenBLAS for products, `CKernels` for the rest, our own threads), unless tests have
/// put another implementation in its place.
var backend: any Backend { BackendOverride.isUsed.load(ordering: .relaxed) ? BackendOverride.current : processor }

private let processor: any Backend = CPUBackend()

/// Another backend for a while, so that the derivative table can be run on a second implementation.
///
/// The flag keeps the task-local's look-up out of the way of everyone who never overrides.
enum BackendOverride {
    fileprivate static let isUsed = Atomic(false)
    @TaskLocal fileprivate static var current: any Backend = processor

    /// Runs `body` with `replacement` in place of the processor, on this task alone: work items that compute with
    /// tensors on threads of the pool see the processor still.
    static func with<Result>(_ replacement: any Backend, _ body: () throws -> Result) rethrows -> Result {
        isUsed.store(true, ordering: .relaxed)
        return try $current.withValue(replacement, operation: body)
    }
}
