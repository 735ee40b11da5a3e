import Foundation

/// The few calls of the operating system that Foundation does not offer, with errors that name the path.
package enum POSIXFile {
    /// The failure of the last call.
    package static func failure(_ path: String, _ expected: String) -> DataError {
        let code = errno
        let hint = code == ENOSPC ? "free some space on the disk" : code == EACCES ? "check the permissions" : ""
        let reason = String(cString: strerror(code)).lowercased()
        return DataError(.inputOutput, path: path, expected: expected, found: reason, hint: hint)
    }

    /// Writes all bytes; throws ``ClosedPipe`` when the reader has gone, `DataError` (inputOutput) otherwise.
    package static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EPIPE { throw ClosedPipe() }
                throw failure(path, "a file that can be written")
            }
            offset += count
        }
    }

    /// Creates a file, or empties the one that is there, and writes all bytes. It is not on the disk yet: see ``sync(_:)``.
    /// Failures name `target`, the name that the file will have in the end.
    package static func create(_ bytes: [UInt8], to path: String, for target: String? = nil) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(target ?? path, "a file that can be written") }
        defer { close(descriptor) }
        try write(bytes, to: descriptor, path: target ?? path)
    }

    /// Makes sure that what was written to a file or folder is on the disk.
    package static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "a file that can be opened") }
        defer { close(descriptor) }
        // Some file systems cannot sync a folder; their rename is all there is.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw failure(path, "a disk that takes the data")
        }
    }

    /// Renames, replacing a file that is there.
    package static func rename(_ old: String, to new: String) throws {
        guard Foundation.rename(old, new) == 0 else { throw failure(new, "a name that can be given") }
    }
}

/// The reader of our output has gone, as `head` does: the command ends quietly.
public struct ClosedPipe: Error, Sendable, Equatable {
    /// The reader has gone.
    public init() {}
}
