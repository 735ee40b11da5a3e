import Foundation

/// A regular file that is open for reading; closes itself.
///
/// Reads name their place, so one value serves several threads.
public final class RegularFile: Sendable {
    /// The file's path, for messages.
    public let path: String
    /// Bytes of the file when it was opened.
    public let count: Int
    private let descriptor: Int32

    /// Opens a file; throws `.missing` where there is none, `.malformed` for a folder or a special file,
    /// `.inputOutput` where it cannot be read.
    public convenience init(path: String) throws { try self.init(path: path, of: nil) }

    /// Opens a file; messages say what it should have been, such as "HDF5 file". Throws as ``init(path:)`` does.
    package init(path: String, of content: String?) throws {
        let readable = content.map { "a readable \($0)" }
        // Without O_NONBLOCK, opening a named pipe would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let isMissing = errno == ENOENT || errno == ENOTDIR
            let problem = SystemProblem(errno)
            throw DataError(
                isMissing ? .missing : .inputOutput, path: path,
                problem: (isMissing ? "" : "cannot be read: ") + problem.reason, hint: problem.hint)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw DataError(
                .malformed, path: path, expected: readable ?? "a regular file",
                found: isFolder ? "a folder" : "a special file", hint: isFolder ? "name a file in it" : "")
        }
        self.path = path
        self.descriptor = descriptor
        count = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Fills as much of `buffer` as the file holds from `offset` on and returns how many bytes that were: 0 at the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let length = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
            if length < 0 && errno == EINTR { continue }
            guard length >= 0 else {
                throw POSIXFile.failure(path, "cannot be read")
            }
            if length == 0 { break }
            filled += length
        }
        return filled
    }

    /// The bytes of a range.
    ///
    /// Throws `.malformed` where the range goes beyond the file (nothing is allocated then), `.inputOutput` where
    /// reading fails or the file has become shorter.
    public func read(_ range: Range<Int>) throws -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw DataError(
                .malformed, path: path,
                problem: "ends after \(count) bytes, but byte \(max(range.lowerBound, range.upperBound)) is needed",
                hint: "the file is damaged or incomplete")
        }
        return try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound, limit: range.count)
        }
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int, limit: Int) throws -> Int {
        let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<limit])
        let length = try read(into: wanted, at: offset)
        guard length == limit else {
            throw DataError(
                .inputOutput, path: path, problem: "became shorter while it was read", hint: "wait until it is written")
        }
        return length
    }
}
