/// One thing that is wrong with a configuration.
public struct ConfigProblem: Sendable, Equatable, CustomStringConvertible {
    /// The dotted path of the key, below the component that reports it.
    public var path: String
    /// Where the value was written; nil for a default, or until the resolver has looked it up.
    public var origin: ConfigOrigin?
    /// What the key takes.
    public let expected: String
    /// What was given instead, as a person wrote it.
    public let found: String
    /// What to try, or empty.
    public let hint: String

    /// Describes a problem with the key at `path`.
    public init(_ path: String, expected: String, found: String, hint: String = "", origin: ConfigOrigin? = nil) {
        self.path = path
        self.expected = expected
        self.found = found
        self.hint = hint
        self.origin = origin
    }

    /// Describes a problem in the words of a whole clause.
    public init(_ path: String, problem: String, hint: String = "", origin: ConfigOrigin? = nil) {
        self.init(path, expected: "", found: problem, hint: hint, origin: origin)
    }

    /// One line: path, origin, expectation, finding, advice.
    public var description: String {
        let place = [path, origin.map { path.isEmpty ? "\($0)" : "(\($0))" } ?? ""].filter { !$0.isEmpty }
        let advice = hint.isEmpty ? "" : " (\(hint))"
        let clause = expected.isEmpty ? found : "expected \(expected), found \(found)"
        return (place.isEmpty ? clause : "\(place.joined(separator: " ")): \(clause)") + advice
    }
}

extension [ConfigProblem] {
    /// The problems of a component that stands in the section `name`, for the component around it.
    public func under(_ name: String) -> [ConfigProblem] {
        map { problem in
            var problem = problem
            problem.path = problem.path.isEmpty ? name : "\(name).\(problem.path)"
            return problem
        }
    }
}

/// Everything that is wrong with a configuration (exit status 64).
public struct ConfigError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The problems, in the order in which they were met; at least one.
    public let problems: [ConfigProblem]

    /// Collects problems; the same one from several arms is kept once.
    public init(_ problems: [ConfigProblem]) {
        self.problems = problems.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// One line for each problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension ConfigProblem {
    /// What a component says of its own settings, if anything.
    package static func own(_ problem: String?) -> [ConfigProblem] {
        problem.map { [ConfigProblem("", problem: "these settings do not go together: \($0)")] } ?? []
    }
}
