import Basics
import Foundation
import ModelZoo

/// Holds a folder by a file in it that says who holds it, where locks of the system cannot be trusted; the file goes with
/// the value, and stays where a process is killed.
final class Lease: Sendable {
    private let path: String
    private let holder: LeaseHolder

    /// Takes the lease. One whose holder is gone is taken over, and with `takesOver` any. Throws `DataError`: busy where
    /// another holder has it, inputOutput where the file cannot be made.
    init(_ path: String, for holder: LeaseHolder = .current(), takesOver: Bool = false, hint: String) throws {
        // Before there is a value, whose end would remove the lease of another one.
        try Self.take(path, for: holder, takesOver: takesOver, hint: hint)
        (self.path, self.holder) = (path, holder)
    }

    private static func take(_ path: String, for holder: LeaseHolder, takesOver: Bool, hint: String) throws {
        while true {
            // Only one of several that try at once makes the file, on network file systems too (open(2), O_EXCL).
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            if descriptor >= 0 {
                defer { close(descriptor) }
                let text = try Tree(encoding: holder).text(pretty: true) + "\n"
                try POSIXFile.write(Array(text.utf8), to: descriptor, path: path)
                guard fsync(descriptor) == 0 else { throw POSIXFile.failure(path, "cannot be written") }
                return
            }
            guard errno == EEXIST else { throw POSIXFile.failure(path, "cannot be made") }
            try remove(path, unlessAtWorkFor: holder, takesOver: takesOver, hint: hint)
        }
    }

    deinit {
        if Self.read(path)?.holder == holder { unlink(path) }
    }

    /// The text of a lease, and who it says holds it: nil where that cannot be read.
    private static func read(_ path: String) -> (text: Data, holder: LeaseHolder?)? {
        guard let text = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return nil }
        return (text, try? JSONDecoder().decode(LeaseHolder.self, from: text))
    }

    /// Removes a lease that may be taken over; throws busy for one that may not.
    private static func remove(
        _ path: String, unlessAtWorkFor holder: LeaseHolder, takesOver: Bool, hint: String
    ) throws {
        try inTurn(path) {
            guard let found = read(path) else { return }
            guard takesOver || found.holder?.isGone(for: holder) ?? false else {
                throw refusal(path, found.holder, seenBy: holder, hint: hint)
            }
            guard unlink(path) == 0 || errno == ENOENT else { throw POSIXFile.failure(path, "cannot be taken over") }
        }
    }

    /// Runs `body` while no other process of this host and user does so for the same lease: two that find the same dead
    /// holder must not each remove a lease, as the second could be the first one's. By a lock among the temporary files,
    /// which are on a local disk.
    private static func inTurn(_ path: String, _ body: () throws -> Void) throws {
        let name = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let digest = Array(name.utf8).withUnsafeBytes { SHA256.hex(SHA256.digest(of: $0)) }
        let turn = FileManager.default.temporaryDirectory.appendingPathComponent(
            ".weightspace-\(getuid())-\(digest.prefix(16)).turn"
        ).path
        let descriptor = open(turn, O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXFile.failure(turn, "cannot be made") }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX) == 0 else { throw POSIXFile.failure(turn, "cannot be locked") }
        try body()
    }

    private static func refusal(
        _ path: String, _ found: LeaseHolder?, seenBy holder: LeaseHolder, hint: String
    ) -> DataError {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard let found else {
            return DataError(
                .busy, path: folder,
                problem: "\(path) does not say who is at work in it",
                hint: "if nobody is, \(hint)")
        }
        guard found.host == holder.host else {
            return DataError(
                .busy, path: folder,
                problem:
                    "\(found.inWords) holds it, and this host, \(holder.host), cannot see whether that one still runs",
                hint: "if it does not, \(hint)")
        }
        return DataError(
            .busy, path: folder, problem: "\(found.inWords) is at work in it",
            hint: "wait for it, or choose another folder with --out")
    }
}
