import Basics
import Foundation
import Ranks
import Synchronization

/// Walks an HDF5 file in a child process before this process opens it, because hostile metadata can crash libhdf5.
///
/// The child is the running executable where it has called `serveIfAsked()`, else the one `$WEIGHTSPACE_WALKER`
/// names, else `weightspace` beside the running executable. A library client that has none of the three opens files
/// without a walk. A file is walked once a process as long as its inode, size and times stay the same.
public enum HDF5Probe {
    /// The environment variable that asks a process to walk a file: its value is the path.
    static let requestVariable = "WEIGHTSPACE_HDF5_WALK"
    /// The environment variable that names an executable that serves.
    static let walkerVariable = "WEIGHTSPACE_WALKER"
    /// What the child prints first, so that an executable that does not serve is noticed.
    static let greeting = "weightspace-walk 1\n"
    /// What the child prints for another second.
    static let progress = "\u{6}"
    /// What the child prints last.
    static let farewell = "walked\n"

    private struct State { var serves = false, walked: Set<FileIdentity> = [] }
    private static let state = Mutex(State())

    /// Does the child's work and exits where this process was started to walk a file; else returns at once.
    ///
    /// Call it first of all in `main`. The child does with the file what readers do, in their order, and then looks at
    /// everything in it; `rehearse` is what readers do with a path.
    package static func serveIfAsked(rehearse: (String) -> Void) {
        state.withLock { $0.serves = true }
        guard let path = ProcessInfo.processInfo.environment[requestVariable] else { return }
        HDF5Walk.serve(path, rehearse: rehearse)
    }

    /// Walks `path` in a child process; throws `.malformed` where the child dies, does not finish in time or finds no
    /// sound HDF5, `.inputOutput` where the file cannot be read or another process is writing it.
    ///
    /// Returns whether the file was walked: false where no executable serves. The child is no rank of the job: it gets
    /// nothing of what a launcher tells a process of MPI.
    @discardableResult
    package static func walk(_ path: String) throws -> Bool {
        let environment = ProcessInfo.processInfo.environment
        guard let identity = FileIdentity(path) else { return false }
        if state.withLock({ $0.walked.contains(identity) }) { return true }
        guard environment[requestVariable] == nil, let walker = walker(environment) else { return false }
        let end = try Subprocess.run(
            walker, environment: Launch.withoutLauncher(environment).merging([requestVariable: path]) { $1 },
            seconds: seconds(identity.size),
            extending: progress.utf8.first)
        try judge(end.output, end.reason, walker: walker, path: path)
        state.withLock { _ = $0.walked.insert(identity) }
        return true
    }

    /// Throws what a child's output and end say against the file.
    ///
    /// A signal from outside (Ctrl-C, a terminal that is closed, an end of memory) says nothing about the file.
    static func judge(_ output: String, _ reason: Subprocess.Reason, walker: String, path: String) throws {
        let output = output.replacing(progress, with: "")
        let hasGreeted = output.hasPrefix(greeting)
        if hasGreeted, reason == .exited(0), output.hasSuffix(farewell) { return }
        switch reason {
        case .interrupted: throw Interruption.error(path, hint: Interruption.again)
        case .killed(SIGINT), .killed(SIGTERM), .killed(SIGHUP), .killed(SIGQUIT):
            throw Interruption.error(path, hint: Interruption.again)
        case .killed(SIGKILL):
            throw DataError(
                .inputOutput, path: path, problem: "could not be checked: the process that reads it was killed",
                hint: "perhaps for want of memory; try again")
        default: break
        }
        guard hasGreeted else {
            throw DataError(
                .inputOutput, path: walker, problem: "does not check HDF5 files: it \(reason) without an answer",
                hint: "set \(walkerVariable) to a built weightspace")
        }
        let lines = output.dropFirst(greeting.count).split(separator: "\n")
        if let doubt = doubt(reason) {
            throw DataError(.inputOutput, path: path, problem: doubt.problem, hint: doubt.hint)
        }
        let isUnreadable = reason == .exited(74)
        throw DataError(
            isUnreadable ? .inputOutput : .malformed, path: path,
            problem: (isUnreadable ? "cannot be read" : "is not a sound HDF5 file") + ": "
                + (lines.last.map(String.init) ?? "a process that reads it \(reason)"),
            hint: isUnreadable ? "" : "the file is damaged, or not to be trusted")
    }

    /// What is said where a limit of ours was met, which does not show that the file is damaged.
    private static func doubt(_ reason: Subprocess.Reason) -> (problem: String, hint: String)? {
        let isLate = "it holds a reader up, or the machine is very busy: try again"
        return switch reason {
        case .timedOut(let seconds): ("could not be checked within \(seconds) s", isLate)
        case .killed(SIGALRM): ("could not be checked in the time that a file of its size may take", isLate)
        default: nil
        }
    }

    /// The time a walk may take: a minute, and as long again for every 3 GB; the child asks for more where it finds
    /// very many objects.
    static func seconds(_ bytes: Int) -> Int { 60 + bytes / 50_000_000 }

    private static func walker(_ environment: [String: String]) -> String? {
        if state.withLock({ $0.serves }) { return "/proc/self/exe" }
        if let named = environment[walkerVariable], !named.isEmpty { return named }
        let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let beside = executable.deletingLastPathComponent().appendingPathComponent("weightspace").path
        return beside != executable.path && access(beside, X_OK) == 0 ? beside : nil
    }
}

/// The eight bytes that open every HDF5 file, looked for without libhdf5.
package enum HDF5Signature {
    private static let bytes: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

    /// Returns the file's size where it bears the signature at 0, 512, 1024, 2048, ... (HDF5 file format, II.A).
    ///
    /// Throws `.missing` where there is no file, `.inputOutput` where it cannot be read, else `.malformed`.
    package static func check(_ path: String) throws -> Int {
        let file = try RegularFile(path: path, of: "HDF5 file")
        let size = file.count
        var start = 0
        while start + bytes.count <= size {
            if (try? file.read(start..<start + bytes.count)) == bytes { return size }
            start = start == 0 ? 512 : start * 2
        }
        throw DataError(
            .malformed, path: path, expected: "an HDF5 file",
            found: size == 0 ? "an empty file" : "\(size) bytes without the signature of one",
            hint: size == 0 ? "was it cut short?" : "networks in other formats are read by `weightspace zoo import`")
    }
}

/// What shows that a file on disk is still the same file.
struct FileIdentity: Hashable, Sendable {
    let device: UInt
    let inode: UInt
    let size: Int
    private let times: [Int]

    /// The identity of the file at `path`, or nil where there is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode, size) = (UInt(status.st_dev), UInt(status.st_ino), Int(status.st_size))
        times = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    }
}
