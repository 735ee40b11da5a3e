import Basics
import CHDF5
import Glibc
import Synchronization

/// libhdf5 behind one lock: at most one thread is inside the library at any time.
///
/// The lock is recursive, since closing a handle may happen inside a locked section.
package enum HDF5Library {
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

    /// The library's version, "1.10.8".
    package static var version: String {
        var (major, minor, release) = (UInt32(0), UInt32(0), UInt32(0))
        return locked { H5get_libversion(&major, &minor, &release) } < 0 ? "unknown" : "\(major).\(minor).\(release)"
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
        _ = ch5_register_lzf()
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

extension HDF5Library {
    /// Whether any failure of this process was for want of memory.
    static let lackedMemory = Atomic<Bool>(false)

    /// Describes the failure of the library call just made: `expected` is what was attempted, in the form
    /// "readable rows 0..<10"; what was found comes from the library's error stack.
    ///
    /// Call it inside the locked section of the failed call. A stack that names an operating-system error
    /// makes the failure `.inputOutput` whatever `kind` says.
    static func failure(_ kind: DataError.Kind, at place: String, expected: String) -> DataError {
        let stack = errorStack()
        if stack.contains(where: { $0.contains("alloc") || $0.contains("memory") }) {
            lackedMemory.store(true, ordering: .relaxed)
        }
        let codes = stack.compactMap { $0.firstMatch(of: /errno = (\d+)/).flatMap { Int32($0.1) } }
        if let code = codes.first(where: { $0 != 0 }) {
            let problem = SystemProblem(code)
            let attempt = kind == .inputOutput ? "cannot be written" : "cannot be read"
            // A disk that is full concerns the file, not the object in it.
            let file = place.firstRange(of: ":/").map { String(place[..<$0.lowerBound]) } ?? place
            return DataError(.inputOutput, path: file, problem: "\(attempt): \(problem.reason)", hint: problem.hint)
        }
        var found = "no reason given by HDF5"
        if let inner = stack.first {
            found = "HDF5: \(inner)"
            if let outer = stack.last, outer != inner { found += ", hence \(outer)" }
        }
        return DataError(kind, path: place, expected: expected, found: found)
    }

    /// Returns `code`, or throws `failure` where it is negative.
    @discardableResult
    static func check<Code: SignedInteger>(
        _ code: Code, _ kind: DataError.Kind, at place: String, _ expected: @autoclosure () -> String
    ) throws -> Code {
        if code < 0 { throw failure(kind, at: place, expected: expected()) }
        return code
    }

    /// The error stack's descriptions, innermost first; clears the stack.
    private static func errorStack() -> [String] {
        var messages: [String] = []
        withUnsafeMutablePointer(to: &messages) { pointer in
            _ = ch5_walk_errors(
                { _, entry, context in
                    if let text = entry?.pointee.desc {
                        let list = context?.assumingMemoryBound(to: [String].self)
                        list?.pointee.append(String(cString: text))
                    }
                    return 0
                }, pointer)
        }
        _ = ch5_clear_errors()
        return messages
    }
}

/// One open identifier of libhdf5, closed when the value's life ends.
struct HDF5Handle: ~Copyable, Sendable {
    /// What the identifier names, which decides how it is closed.
    enum Kind: Sendable { case file, object, dataset, space, type, properties, attribute }

    let id: hid_t
    private let kind: Kind

    /// Takes the identifier that `open` returns; throws the library's reason where it is negative.
    init(
        _ kind: Kind, _ failure: DataError.Kind = .malformed, at place: String, expected: String,
        _ open: () -> hid_t
    ) throws {
        id = try HDF5Library.locked {
            try HDF5Library.check(open(), failure, at: place, expected)
        }
        HDF5Walk.countOpening()
        self.kind = kind
    }

    deinit {
        let (id, kind) = (id, kind)
        _ = HDF5Library.locked { Self.close(id, kind) }
    }

    /// Closes now and throws the library's reason where closing fails (a file's last bytes are written then).
    package consuming func close(at place: String) throws {
        let (id, kind) = (id, kind)
        discard self
        try HDF5Library.locked {
            _ = try HDF5Library.check(Self.close(id, kind), .inputOutput, at: place, "a complete write")
        }
    }

    private static func close(_ id: hid_t, _ kind: Kind) -> herr_t {
        switch kind {
        case .file: H5Fclose(id)
        case .object: H5Oclose(id)
        case .dataset: H5Dclose(id)
        case .space: H5Sclose(id)
        case .type: H5Tclose(id)
        case .properties: H5Pclose(id)
        case .attribute: H5Aclose(id)
        }
    }
}

extension HDF5Handle {
    /// A new property list of a class.
    static func properties(_ kind: @autoclosure () -> hid_t, at place: String) throws -> HDF5Handle {
        try HDF5Library.locked {
            try HDF5Handle(.properties, .inputOutput, at: place, expected: "a property list") { H5Pcreate(kind()) }
        }
    }
}
