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

/// Shows nothing.
public struct SilentProgress: ProgressReporter {
    /// A reporter that shows nothing.
    public init() {}
    /// Nothing.
    public func update(_ what: String, done: Int, total: Int) {}
    /// Nothing.
    public func note(_ text: String, isDetail: Bool) {}
}
