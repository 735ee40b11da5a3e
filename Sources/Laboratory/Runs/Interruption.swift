import Foundation
import Networks
import Synchronization

/// The wish of the person (Ctrl-C) or the system (SIGTERM) that the work should stop.
///
/// Long loops ask ``check(_:)`` between steps; the work then ends in good order, to be resumed.
public enum Interruption {
    private static let count = Atomic<Int>(0)
    private static let sources = Mutex<[any DispatchSourceSignal]>([])

    /// Makes SIGINT and SIGTERM set the flag (a second one ends the process at once with status 75) and SIGPIPE do
    /// nothing (writers see a closed pipe instead). Called once, when the command starts.
    public static func install() {
        signal(SIGPIPE, SIG_IGN)
        sources.withLock { installed in
            guard installed.isEmpty else { return }
            for number in [SIGINT, SIGTERM] {
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
                source.setEventHandler {
                    if request() > 1 { _exit(ExitStatus.tryAgain.rawValue) }
                }
                source.resume()
                installed.append(source)
            }
        }
    }

    /// Whether the work should stop.
    public static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

    /// Throws `DataError` (busy, exit status 75) when the work should stop; `what` is what is interrupted.
    public static func check(_ what: String) throws {
        guard isRequested else { return }
        throw DataError(
            .busy, path: what, expected: "to come to its end", found: "an interruption",
            hint: "the same command with --resume goes on")
    }

    /// Asks the work to stop, as a signal does; returns how often that was asked.
    @discardableResult
    public static func request() -> Int { count.add(1, ordering: .relaxed).newValue }

    /// Forgets the wish.
    static func reset() { count.store(0, ordering: .relaxed) }
}
