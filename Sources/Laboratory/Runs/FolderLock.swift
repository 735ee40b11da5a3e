import Basics
import Foundation

/// Holds a folder for one process.
///
/// On a local disk by an advisory lock (flock) on the file `.lock` in it, released with the value or when the process dies.
/// On a file system that several hosts may have mounted (`SharedFileSystem`) by a file `.lease` that says who holds the
/// folder (`Lease`): a process that is killed leaves it, and is seen to be gone from its own host.
public final class FolderLock: Sendable {
    private enum Hold: Sendable {
        case lock(Int32)
        case lease(Lease)
    }

    private let hold: Hold

    /// The file by which a folder is held where locks are not to be trusted.
    static let leaseName = ".lease"

    /// Takes the lock; throws `DataError`: busy where another holder has it, inputOutput where it cannot be made. Another
    /// `name` than the folder's own is for one file in it. `takesOver` takes a lease whoever holds it, `takeOver` says how
    /// a person does so.
    public convenience init(
        _ folder: URL, name: String = ".lock", hint: String = "wait for it, or choose another folder with --out",
        takesOver: Bool = false, takeOver: String? = nil
    ) throws {
        try self.init(
            folder, name: name, hint: hint, takesOver: takesOver, takeOver: takeOver,
            isShared: SharedFileSystem.name(at: folder.path) != nil)
    }

    init(
        _ folder: URL, name: String = ".lock", hint: String = "wait", takesOver: Bool = false, takeOver: String? = nil,
        isShared: Bool
    ) throws {
        let path = folder.appendingPathComponent(name).path
        guard isShared else {
            hold = .lock(try Self.lock(path, in: folder, hint: hint))
            return
        }
        let lease = name == ".lock" ? folder.appendingPathComponent(Self.leaseName).path : path + Self.leaseName
        hold = .lease(try Lease(lease, takesOver: takesOver, hint: takeOver ?? "remove \(lease)"))
    }

    private static func lock(_ path: String, in folder: URL, hint: String) throws -> Int32 {
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
        let text = Array("\(ProcessInfo.processInfo.processIdentifier)\n".utf8)
        if ftruncate(descriptor, 0) == 0 { try? POSIXFile.write(text, to: descriptor, path: path) }
        return descriptor
    }

    deinit {
        guard case .lock(let descriptor) = hold else { return }
        // Closing is not enough while a child that is just being started has a copy of the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}

extension FolderLock {
    /// How a person takes a folder over whose holder cannot be seen.
    static let takeOverAdvice = "--take-over takes the folder over"
}
