import Foundation

/// A regular file open for reading from its start; closes itself.
package struct RegularFile: ~Copyable {
    let path: String
    /// Bytes the file holds, as the file system says.
    package let size: Int
    private let handle: UnsafeMutablePointer<FILE>

    /// Opens a file; throws `missing` when there is none and `inputOutput` when it is no readable regular file.
    package init(path: String) throws {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw DataError(
                errno == ENOENT || errno == ENOTDIR ? .missing : .inputOutput, path: path, expected: "a file",
                found: Self.lastProblem())
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw DataError(
                .inputOutput, path: path, expected: "a regular file",
                found: facts.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a special file")
        }
        guard let opened = fopen(path, "rb") else {
            throw DataError(.inputOutput, path: path, expected: "a readable file", found: Self.lastProblem())
        }
        handle = opened
        size = Int(facts.st_size)
        self.path = path
    }

    deinit { fclose(handle) }

    /// Fills as much of `buffer` as the file still holds and returns how many bytes that were; 0 is the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let base = buffer.baseAddress, !buffer.isEmpty else { return 0 }
        let count = fread(base, 1, buffer.count, handle)
        guard count == buffer.count || ferror(handle) == 0 else {
            throw DataError(.inputOutput, path: path, expected: "readable bytes", found: Self.lastProblem())
        }
        return count
    }

    private static func lastProblem() -> String { String(cString: strerror(errno)) }
}
