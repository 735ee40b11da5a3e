import Basics
import Glibc

/// A child process that is run to its end, or to the end of its time.
enum Subprocess {
    /// How a child ended.
    enum Reason: Equatable, Sendable, CustomStringConvertible {
        case exited(Int32)
        case killed(Int32)
        case timedOut(Int)
        /// It was ended because this process should stop.
        case interrupted

        var description: String {
            switch self {
            case .exited(let status): "ended with status \(status)"
            case .killed(let signal): "died by signal \(signal) (\(String(cString: strsignal(signal))))"
            case .timedOut(let seconds): "did not end within \(seconds) s"
            case .interrupted: "was interrupted"
            }
        }
    }

    /// Runs an executable and collects its standard output (at most 64 KiB of it).
    ///
    /// Input and error output are /dev/null. The child is in a process group of its own: a Ctrl-C in the terminal goes to
    /// this process alone, which then ends the child. Each byte `extending` in the output gives another second.
    /// Throws `.inputOutput` where the child cannot be started.
    static func run(
        _ executable: String, arguments: [String] = [], environment: [String: String], seconds: Int,
        extending: UInt8? = nil
    ) throws -> (output: String, reason: Reason) {
        var ends: [Int32] = [-1, -1]
        // A socket pair, because it can be made close-on-exec at once: a pipe could leak into another thread's child.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(bitPattern: SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw failure(executable, errno) }
        defer { close(ends[0]) }
        let child: pid_t
        do {
            defer { close(ends[1]) }
            child = try spawn([executable] + arguments, environment: environment, output: ends[1])
        }
        let (bytes, cut) = drain(ends[0], seconds: seconds, extending: extending)
        if cut != nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        let output = String(decoding: bytes, as: UTF8.self)
        if let cut { return (output, cut) }
        let signal = status & 0x7f
        return (output, signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal))
    }

    private static func spawn(_ words: [String], environment: [String: String], output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // Default signals, none blocked: an inherited blocked SIGALRM would take the child's time limit away.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        let entries = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var variables: [UnsafeMutablePointer<CChar>?] = entries.map { strdup($0) } + [nil]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for pointer in variables + arguments { free(pointer) } }
        var child: pid_t = 0
        // Under HDF5's lock: no file is then between being opened and being marked close-on-exec.
        let spawn = {
            HDF5Library.locked { posix_spawn(&child, words[0], &actions, &attributes, &arguments, &variables) }
        }
        var code = spawn()
        // "Text file busy" passes: another process was forked while the executable was still being written.
        for _ in 0..<50 where code == ETXTBSY {
            usleep(10_000)
            code = spawn()
        }
        guard code == 0 else { throw failure(words[0], code) }
        return child
    }

    /// Reads until the other end is closed; says why where it stopped before that.
    private static func drain(_ descriptor: Int32, seconds: Int, extending: UInt8?) -> (bytes: [UInt8], cut: Reason?) {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        let clock = ContinuousClock()
        let start = clock.now
        var seconds = seconds
        while true {
            let left = (.seconds(seconds) - start.duration(to: clock.now)) / .milliseconds(1)
            guard left > 0 else { return (bytes, .timedOut(seconds)) }
            guard !Interruption.isRequested else { return (bytes, .interrupted) }
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // Another thread may have taken the signal: this one looks up now and then.
            let ready = poll(&entry, 1, Int32(min(left.rounded(.up), 100)))
            if ready <= 0 { continue }
            let length = read(descriptor, &piece, piece.count)
            if length < 0 && errno == EINTR { continue }
            if length <= 0 { return (bytes, nil) }
            if let extending { seconds += piece[..<length].count { $0 == extending } }
            if bytes.count < 1 << 16 { bytes += piece[..<length] }
        }
    }

    private static func failure(_ executable: String, _ code: Int32) -> DataError {
        let problem = SystemProblem(code)
        return DataError(
            .inputOutput, path: executable, problem: "cannot be started: \(problem.reason)", hint: problem.hint)
    }
}
