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
    /// What should have been there; empty where ``found`` says all in a clause of its own.
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

    /// Describes a failure in the words of a whole clause, where "expected this, found that" would be no way to say it:
    /// `problem` is what a person would say after the path and a colon.
    public init(_ kind: Kind, path: String, problem: String, hint: String = "") {
        self.init(kind, path: path, expected: "", found: problem, hint: hint)
    }

    /// One line: place, what is wrong, what to do.
    public var description: String {
        let advice = hint.isEmpty ? "" : " (\(hint))"
        let place = Self.withoutTemporaryNames(path)
        return Self.cut("\(place.isEmpty ? "" : place + ": ")\(problem)\(advice)")
    }

    /// A message with a word in it that is longer than any path cut to its beginning and its end: names in other
    /// people's files may be of any length.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > mostOfWord else { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.utf8.count > mostOfWord ? word.prefix(400) + "..." + word.suffix(100) : word[...]
        }.joined(separator: " ")
    }

    private static let mostOfWord = 4096

    /// A path in which what is being written has the name that it will have in the end.
    private static func withoutTemporaryNames(_ path: String) -> String {
        guard path.contains(".partial") else { return path }
        return path.replacing(#/\.([^/]+)\.[0-9]+-[0-9]+\.partial/#) { String($0.1) }
    }

    /// What is wrong, without the place.
    private var problem: String {
        if expected.isEmpty { return found }
        guard Self.nothing.contains(found), let article = Self.articles.first(where: { expected.hasPrefix($0) }) else {
            return "expected \(expected), found \(found)"
        }
        return "there is no \(expected.dropFirst(article.count))"
    }

    /// What is found where nothing is there, and what goes before the name of a thing that is missing.
    private static let nothing: Set = ["none", "nothing", "no file"]
    private static let articles = ["a ", "an ", "the ", "at least one "]
}

extension DataError {
    /// The same failure of the file at `path`, where a lower room knew only what it read.
    package func about(_ path: String, as kind: Kind? = nil) -> DataError {
        DataError(kind ?? self.kind, path: path, problem: "\(self.path): \(problem)", hint: hint)
    }
}
