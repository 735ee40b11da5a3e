import Basics
import Glibc

/// A regular file whose ranges are read on demand, never beyond the size it had when it was opened.
public final class FileBytes: Sendable {
    /// The file's path, for messages.
    public let path: String
    /// Bytes of the file when it was opened.
    public let count: Int
    private let descriptor: Int32

    /// Opens a file; throws `.missing`, or `.inputOutput` where it is no readable regular file.
    public init(path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw DataError(
                errno == ENOENT || errno == ENOTDIR ? .missing : .inputOutput, path: path,
                expected: "a readable file", found: String(cString: strerror(errno)).lowercased())
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw DataError(
                .inputOutput, path: path, expected: "a regular file",
                found: facts.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a special file")
        }
        self.path = path
        self.descriptor = descriptor
        count = Int(facts.st_size)
    }

    deinit { close(descriptor) }

    /// The bytes of a range.
    ///
    /// Throws `.malformed` where the range goes beyond the file (nothing is allocated then), `.inputOutput` where
    /// reading fails or the file has become shorter.
    public func read(_ range: Range<Int>) throws -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw DataError(
                .malformed, path: path, expected: "bytes \(range.lowerBound) to \(range.upperBound)",
                found: "a file of \(count) bytes", hint: "the file is damaged or incomplete")
        }
        return try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            filled = 0
            while filled < range.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let length = pread(
                    descriptor, rest.baseAddress, range.count - filled, off_t(range.lowerBound + filled))
                if length < 0 && errno == EINTR { continue }
                guard length > 0 else {
                    let problem = length < 0 ? String(cString: strerror(errno)).lowercased() : "fewer bytes than before"
                    throw DataError(.inputOutput, path: path, expected: "readable bytes", found: problem)
                }
                filled += length
            }
        }
    }
}
