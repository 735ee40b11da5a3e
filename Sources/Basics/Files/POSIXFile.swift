import Foundation

/// The few calls of the operating system that Foundation does not offer, with errors that name the path.
package enum POSIXFile {
    /// The failure of the last call, which was to do what `attempt` says: "cannot be written".
    package static func failure(_ path: String, _ attempt: String) -> DataError {
        let problem = SystemProblem(errno)
        return DataError(.inputOutput, path: path, problem: "\(attempt): \(problem.reason)", hint: problem.hint)
    }

    /// Writes all bytes; throws ``ClosedPipe`` when the reader has gone, `DataError` (inputOutput) otherwise.
    package static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EPIPE { throw ClosedPipe() }
                throw failure(path, "cannot be written")
            }
            offset += count
        }
    }

    /// Creates a file, or empties the one that is there, and writes all bytes. It is not on the disk yet: see ``sync(_:)``.
    /// Failures name `target`, the name that the file will have in the end.
    package static func create(_ bytes: [UInt8], to path: String, for target: String? = nil) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(target ?? path, "cannot be written") }
        defer { close(descriptor) }
        try write(bytes, to: descriptor, path: target ?? path)
    }

    /// Makes sure that what was written to a file or folder is on the disk.
    package static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "cannot be opened") }
        defer { close(descriptor) }
        // Some file systems cannot sync a folder; their rename is all there is.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw failure(path, "cannot be written")
        }
    }

    /// Makes a folder, and those above it that are missing.
    package static func makeFolders(_ path: String) throws {
        if mkdir(path, 0o777) == 0 || isFolder(path) { return }
        let above = (path as NSString).deletingLastPathComponent
        if errno == ENOENT, !above.isEmpty, above != path {
            try makeFolders(above)
            if mkdir(path, 0o777) == 0 || isFolder(path) { return }
        }
        throw failure(path, "cannot be made")
    }

    /// Whether a path leads to a folder, links followed; leaves errno alone.
    package static func isFolder(_ path: String) -> Bool {
        let code = errno
        defer { errno = code }
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// Copies a file's bytes; failures of the writing name the target.
    package static func copy(_ source: String, to target: String) throws {
        let file = try RegularFile(path: source)
        let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(target, "cannot be written") }
        defer { close(descriptor) }
        for start in stride(from: 0, to: file.count, by: 1 << 22) {
            try write(file.read(start..<min(file.count, start + (1 << 22))), to: descriptor, path: target)
        }
    }

    /// Removes a file, or a folder with all in it.
    package static func remove(_ path: String) throws {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            let problem = SystemProblem(error)
            throw DataError(
                .inputOutput, path: path,
                problem: "cannot be removed: \(problem?.reason ?? error.localizedDescription)",
                hint: problem?.hint ?? "")
        }
    }

    /// Renames, replacing a file that is there.
    package static func rename(_ old: String, to new: String) throws {
        guard Foundation.rename(old, new) == 0 else { throw failure(new, "cannot be written") }
    }
}

/// The reader of our output has gone, as `head` does: the command ends quietly.
public struct ClosedPipe: Error, Sendable, Equatable {
    /// The reader has gone.
    public init() {}
}
