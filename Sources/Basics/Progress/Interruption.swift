import Foundation
import Synchronization

/// The wish of the person (Ctrl-C, a terminal that is closed) or the system (SIGTERM) that the work should stop.
///
/// Long loops ask ``check(_:hint:)`` between steps; the work then ends in good order, to be resumed.
public enum Interruption {
    private static let count = Atomic<Int>(0)
    private static let endsAtOnce = Atomic<Bool>(false)
    /// What a command says that the first signal ends.
    private static let farewell: StaticString = "weightspace: interrupted, nothing was written\n"
    /// The signals that ask a work to stop.
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    /// Makes SIGINT, SIGTERM, SIGHUP and SIGQUIT set the flag, even where they were blocked (a second one ends the process at
    /// once with status 75, and removes what is half written), and SIGPIPE and SIGXFSZ do nothing: writers see a closed pipe, or that the file has become
    /// too large. Where SIGHUP is ignored already, as `nohup` has it, it stays so. Called once, when the command starts.
    public static func install() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        // A handler may do little. This one adds to a lock-free counter and reads a flag, which exist once they have been
        // read here, and calls write, unlink and _exit, which are allowed.
        _ = isRequested
        _ = endsAtOnce.load(ordering: .relaxed)
        _ = farewell.utf8CodeUnitCount
        TemporaryNames.prepare()
        var wanted = sigset_t()
        sigemptyset(&wanted)
        for number in signals where !(number == SIGHUP && isIgnored(number)) {
            signal(number) { _ in
                let isFirst = Interruption.request() == 1
                guard isFirst else {
                    TemporaryNames.removeAll()
                    _exit(75)
                }
                guard Interruption.endsAtOnce.load(ordering: .sequentiallyConsistent) else { return }
                Interruption.end()
            }
            sigaddset(&wanted, number)
        }
        // A parent may start us from a thread that blocks signals, as the workers of thread pools do.
        pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var present = sigaction()
        guard sigaction(number, nil, &present) == 0 else { return false }
        return unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Lets the first signal already end the process, with a line on standard error and status 75: for commands that
    /// write no file, which leave nothing half done.
    public static func endAtOnce() {
        endsAtOnce.store(true, ordering: .sequentiallyConsistent)
        // A signal that came before has only been counted.
        if count.load(ordering: .sequentiallyConsistent) > 0 { end() }
    }

    private static func end() -> Never {
        _ = write(STDERR_FILENO, farewell.utf8Start, farewell.utf8CodeUnitCount)
        _exit(75)
    }

    /// Whether the work should stop.
    public static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

    /// The hint for a work that goes on where it was stopped.
    public static let resumable = "the same command with --resume goes on"

    /// The hint where it is not known what work was stopped.
    package static let again = "start the same command again; a run or a training goes on with --resume"

    /// Throws `error(_:hint:)` when the work should stop; `what` is what is interrupted, `hint` how it goes on.
    public static func check(_ what: String, hint: String = Interruption.resumable) throws {
        guard isRequested else { return }
        throw error(what, hint: hint)
    }

    /// What an interrupted work throws: a `DataError` (busy, exit status 75).
    package static func error(_ what: String, hint: String = "") -> DataError {
        DataError(.busy, path: what, problem: "interrupted", hint: hint)
    }

    /// Asks the work to stop, as a signal does; returns how often that was asked.
    @discardableResult
    public static func request() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }

    /// Forgets the wish.
    static func reset() { count.store(0, ordering: .relaxed) }
}
