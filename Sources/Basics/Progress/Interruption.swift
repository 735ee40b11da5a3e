import Foundation
import Synchronization

/// The wish of the person (Ctrl-C) or the system (SIGTERM) that the work should stop.
///
/// Long loops ask ``check(_:)`` between steps; the work then ends in good order, to be resumed.
public enum Interruption {
    private static let count = Atomic<Int>(0)
    private static let endsAtOnce = Atomic<Bool>(false)
    /// What a command says that the first signal ends.
    private static let farewell: StaticString = "weightspace: interrupted, nothing was written\n"

    /// Makes SIGINT and SIGTERM set the flag, even where they were blocked (a second one ends the process at once with
    /// status 75), and SIGPIPE do nothing (writers see a closed pipe instead). Called once, when the command starts.
    public static func install() {
        signal(SIGPIPE, SIG_IGN)
        // A handler may do little. This one adds to a lock-free counter and reads a flag, which exist once they have been
        // read here, and calls write and _exit, which are allowed.
        _ = isRequested
        _ = endsAtOnce.load(ordering: .relaxed)
        _ = farewell.utf8CodeUnitCount
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                let isFirst = Interruption.request() == 1
                guard isFirst else { _exit(75) }
                guard Interruption.endsAtOnce.load(ordering: .sequentiallyConsistent) else { return }
                Interruption.end()
            }
        }
        // A parent may start us from a thread that blocks signals, as the workers of thread pools do.
        var wanted = sigset_t()
        sigemptyset(&wanted)
        sigaddset(&wanted, SIGINT)
        sigaddset(&wanted, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
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

    /// Throws `DataError` (busy, exit status 75) when the work should stop; `what` is what is interrupted, `hint` how it
    /// goes on.
    public static func check(_ what: String, hint: String = Interruption.resumable) throws {
        guard isRequested else { return }
        throw DataError(
            .busy, path: what, expected: "to come to its end", found: "an interruption", hint: hint)
    }

    /// Asks the work to stop, as a signal does; returns how often that was asked.
    @discardableResult
    public static func request() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }

    /// Forgets the wish.
    static func reset() { count.store(0, ordering: .relaxed) }
}
