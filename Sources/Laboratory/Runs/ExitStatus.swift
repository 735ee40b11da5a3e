import Basics
import Foundation

/// The command's exit status.
public enum ExitStatus: Int32, Sendable, CaseIterable {
    /// All is done.
    case done = 0
    /// `doctor` has found something wrong.
    case unwell = 1
    /// Finished, but the result is bad: diverged or collapsed.
    case badResult = 3
    /// A shift was found, and that was to be said by the status (`--fail-on-shift`).
    case shiftFound = 4
    /// Wrong usage or configuration.
    case usage = 64
    /// Bad data.
    case badData = 65
    /// No such input.
    case noInput = 66
    /// A mistake of this program.
    case internalError = 70
    /// Reading or writing failed.
    case inputOutput = 74
    /// Interrupted, or the folder is locked: try again with `--resume`.
    case tryAgain = 75

    /// The status of a failed command; an error that this program does not know is its own mistake.
    public init(_ error: any Error) {
        switch error {
        case let error as DataError: self.init(error.kind)
        case is ConfigError: self = .usage
        case is ClosedPipe: self = .done
        case is CancellationError: self = .tryAgain
        case is POSIXError, is CocoaError: self = .inputOutput
        default: self = .internalError
        }
    }

    /// The status of a kind of failure.
    public init(_ kind: DataError.Kind) {
        switch kind {
        case .malformed: self = .badData
        case .missing: self = .noInput
        case .inputOutput: self = .inputOutput
        case .configuration: self = .usage
        case .busy: self = .tryAgain
        }
    }
}

/// Writes results to standard output (or any file descriptor).
public struct StandardOutput: Sendable {
    private let descriptor: Int32

    /// Writes to a file descriptor, 1 by default.
    public init(descriptor: Int32 = STDOUT_FILENO) {
        self.descriptor = descriptor
    }

    /// Writes the text; throws `ClosedPipe` when the reader has gone (with SIGPIPE ignored, see
    /// `Interruption.install()`), `DataError` (inputOutput) otherwise.
    public func write(_ text: String) throws {
        try POSIXFile.write(Array(text.utf8), to: descriptor, path: "standard output")
    }
}
