import Basics
import Glibc
import Synchronization

/// A file that is written under another name in the same folder and appears under its own only when complete.
package final class TemporaryFile {
    /// The name the file shall have.
    package let path: String
    /// The name it is written under.
    package let temporaryPath: String
    private var isCommitted = false
    private static let serial = Atomic<Int>(0)

    /// Picks a name beside `path`; nothing is created yet.
    package init(for path: String) {
        let number = Self.serial.wrappingAdd(1, ordering: .relaxed).newValue
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        self.path = path
        temporaryPath = "\(path[..<slash]).\(path[slash...]).\(getpid())-\(number).part"
    }

    deinit { if !isCommitted { unlink(temporaryPath) } }

    /// Brings the bytes to the disk and gives the file its name, replacing one that is there; throws `.inputOutput`.
    package func commit() throws {
        try synchronize(temporaryPath, O_RDONLY)
        guard rename(temporaryPath, path) == 0 else { throw failure() }
        isCommitted = true
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        try synchronize(folder, O_RDONLY | O_DIRECTORY)
    }

    private func synchronize(_ name: String, _ flags: Int32) throws {
        let descriptor = open(name, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        // Some file systems cannot synchronize folders (EINVAL): then there is nothing more to do.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure() }
    }

    private func failure() -> DataError {
        DataError(
            .inputOutput, path: path, expected: "a complete write",
            found: String(cString: strerror(errno)).lowercased())
    }
}
