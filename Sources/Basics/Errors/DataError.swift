/// What the world got wrong: a file, a configuration or a data set that cannot be used as it is.
///
/// Every message names the place, what was expected, what was found and what to try. Programmer errors are
/// preconditions instead; scientific outcomes (diverged, collapsed) are values in a result.
public struct DataError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, which decides the command's exit status.
    public enum Kind: Sendable, Equatable {
        /// The content is wrong: not the format, damaged, inconsistent (exit status 65).
        case malformed
        /// There is no such file, network or data set (exit status 66).
        case missing
        /// Reading or writing failed although the content may be right (exit status 74).
        case inputOutput
        /// A setting is wrong (exit status 64).
        case configuration
        /// Another process holds the folder, or the work was interrupted (exit status 75).
        case busy
    }

    /// The kind of failure.
    public let kind: Kind
    /// The file, folder, or dotted configuration key.
    public let path: String
    /// What should have been there.
    public let expected: String
    /// What was there instead, as short as it can be said.
    public let found: String
    /// What to try, or empty.
    public let hint: String

    /// Describes a failure; `hint` is a sentence that says what to try.
    public init(_ kind: Kind, path: String, expected: String, found: String, hint: String = "") {
        self.kind = kind
        self.path = path
        self.expected = expected
        self.found = found
        self.hint = hint
    }

    /// One line: place, expectation, finding, advice.
    public var description: String {
        let advice = hint.isEmpty ? "" : " (\(hint))"
        return "\(path): expected \(expected), found \(found)\(advice)"
    }
}
extension DataError {
    /// The same failure of the file at `path`, where a lower room knew only what it read.
    package func about(_ path: String) -> DataError {
        DataError(kind, path: path, expected: "\(self.path): \(expected)", found: found, hint: hint)
    }
}
