import CHDF5
import Glibc

/// libhdf5 behind one lock: at most one thread is inside the library at any time.
///
/// The lock is recursive, since closing a handle may happen inside a locked section.
enum HDF5Library {
    /// Runs `body` as the only user of the library, with the library's own error printing off.
    ///
    /// A failing call and the reading of its error stack belong in one locked section.
    static func locked<Result: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        _ = started
        _ = ch5_silence()
        return try body()
    }

    private static let lock = RecursiveLock()

    /// Opens the library and forbids loading filter plug-ins: a file must not decide which code we run.
    ///
    /// Without the library's own tidying at exit, which can loop after it has met a damaged file: we close every
    /// handle ourselves.
    private static let started: Bool = {
        _ = H5dont_atexit()
        _ = H5open()
        _ = H5PLset_loading_state(0)
        return true
    }()
}

/// A recursive mutex of the C library.
///
/// Unchecked: the only state is the mutex itself, which is made for use from many threads and never moves.
private struct RecursiveLock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        mutex = .allocate(capacity: 1)
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
        pthread_mutex_init(mutex, &attributes)
        pthread_mutexattr_destroy(&attributes)
    }

    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }
}
