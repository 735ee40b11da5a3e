import Foundation

/// Shows a person on standard error what is going on.
public protocol ProgressReporter: Sendable {
    /// Shows that `what` has come to `done` of `total`; the work has ended when they are equal.
    func update(_ what: String, done: Int, total: Int)
    /// Shows a line of its own; details only where the person wants to see everything.
    func note(_ text: String, isDetail: Bool)
}

extension ProgressReporter {
    /// Shows a line of its own.
    public func note(_ text: String) { note(text, isDetail: false) }

    /// Shows a line of its own to a person who wants to see everything.
    public func detail(_ text: String) { note(text, isDetail: true) }
}

/// How much a person wants to see.
public enum Verbosity: Sendable, Equatable {
    /// Nothing but errors.
    case quiet
    /// Progress and notes.
    case normal
    /// Details too.
    case verbose

    /// The reporter for standard error: a bar on a terminal, plain lines otherwise, nothing when quiet.
    public var reporter: any ProgressReporter {
        if self == .quiet { return SilentProgress() }
        let isTerminal = isatty(STDERR_FILENO) != 0 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        return isTerminal
            ? TerminalProgress(showsDetails: self == .verbose) : PlainProgress(showsDetails: self == .verbose)
    }
}

/// A reporter that shows nothing, for tests and for callers that ask for quiet.
public struct SilentProgress: ProgressReporter {
    /// A reporter that shows nothing.
    public init() {}
    /// Ignores how far the work is.
    public func update(_ what: String, done: Int, total: Int) {}
    /// Ignores what a person should read.
    public func note(_ text: String, isDetail: Bool) {}
}

/// How a long work says how far it is and learns that it should stop: one value for both.
///
/// Makers: ``ProgressReporter/progress(_:interrupted:hint:)`` for a person who watches, ``none`` for nobody. Cheap enough
/// for inner loops. (Foundation has a class of the shorter name.)
public struct WorkProgress: Sendable {
    private let step: @Sendable (_ done: Int, _ total: Int?) throws -> Void

    /// Hands every report to a closure, whose error stops the work.
    public init(_ step: @escaping @Sendable (_ done: Int, _ total: Int?) throws -> Void) { self.step = step }

    /// Shows nothing and never stops the work.
    public static let none = WorkProgress { _, _ in }

    /// Says that `done` of `total` is done, in the work's own unit; nil where the total is not known. Throws where the
    /// work should stop, which passes the error on and leaves nothing half done.
    public func report(_ done: Int, of total: Int?) throws { try step(done, total) }

    /// The same progress for a part that begins with `start` done, of a whole of `total`.
    public func part(from start: Int, of total: Int) -> WorkProgress {
        WorkProgress { done, _ in try report(start + done, of: total) }
    }
}

extension ProgressReporter {
    /// Shows how far `what` is, and stops it where a person or the system asked for that (see ``Interruption``).
    ///
    /// `interrupted` is what the message of the interruption names, `what` where it is nil; `hint` is how it goes on.
    /// Nothing is shown while the total is not known.
    public func progress(
        _ what: String, interrupted: String? = nil, hint: String = Interruption.resumable
    ) -> WorkProgress {
        WorkProgress { done, total in
            if let total { update(what, done: done, total: total) }
            try Interruption.check(interrupted ?? what, hint: hint)
        }
    }
}
