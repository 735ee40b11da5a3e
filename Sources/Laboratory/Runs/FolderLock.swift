import Basics
import Foundation

/// Holds a folder for one process: an advisory lock (flock) on the file `.lock` in it, released with the value or when
/// the process dies.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock; throws `DataError`: busy where another holder has it, inputOutput where it cannot be made. Another
    /// `name` than the folder's own is for one file in it.
    public init(
        _ folder: URL, name: String = ".lock", hint: String = "wait for it, or choose another folder with --out"
    ) throws {
        let path = folder.appendingPathComponent(name).path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw POSIXFile.failure(path, "cannot be made") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            let failure = POSIXFile.failure(path, "cannot be locked")
            let holder = (try? String(contentsOfFile: path, encoding: .utf8))?.prefix { $0.isNumber } ?? ""
            close(descriptor)
            guard isHeld else { throw failure }
            throw DataError(
                .busy, path: folder.path,
                problem: holder.isEmpty ? "another process is at work in it" : "process \(holder) is at work in it",
                hint: hint)
        }
        self.descriptor = descriptor
        let text = Array("\(ProcessInfo.processInfo.processIdentifier)\n".utf8)
        if ftruncate(descriptor, 0) == 0 { try? POSIXFile.write(text, to: descriptor, path: path) }
    }

    deinit {
        // Closing is not enough while a child that is just being started has a copy of the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
