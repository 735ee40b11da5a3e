import Basics
import CHDF5
import Synchronization

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
        let isSystem = stack.contains { $0.contains("errno = ") && !$0.contains("errno = 0,") }
        var found = "no reason given by HDF5"
        if let inner = stack.first {
            found = "HDF5: \(inner)"
            if let outer = stack.last, outer != inner { found += ", hence \(outer)" }
        }
        return DataError(isSystem ? .inputOutput : kind, path: place, expected: expected, found: found)
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
