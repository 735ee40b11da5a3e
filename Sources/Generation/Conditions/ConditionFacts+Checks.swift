import Basics

extension ConditionFacts {
    /// Throws `DataError` where a condition asks for what the generator has not learned: a part that it does not know, a
    /// label that no training network had, a number that is not finite, examples of another shape or more classes.
    ///
    /// A number outside the range of the training networks is no error: see `doubts`.
    public func check(_ condition: Condition) throws {
        if let label = condition.label { try check(label: label) }
        for name in condition.numbers.keys.sorted() { try check(number: name, condition.numbers[name] ?? .nan) }
        if let set = condition.support { try check(set) }
    }

    /// What can be asked, in a person's words.
    public var summary: String {
        var parts: [String] = []
        if let labels { parts.append("a label (\(Self.list(labels)))") }
        for number in numbers ?? [] {
            parts.append("\(number.name) (\(Self.rounded(number.least)) to \(Self.rounded(number.most)))")
        }
        if let support { parts.append("a support set of \(support.words), up to \(support.classes) classes") }
        return parts.joined(separator: ", ")
    }

    /// A sentence for each number outside the range that the training networks had.
    public func doubts(_ condition: Condition) -> [String] {
        (numbers ?? []).compactMap { number in
            guard let asked = condition.numbers[number.name], asked < number.least || asked > number.most else {
                return nil
            }
            return "\(number.name) \(Self.rounded(asked)) is outside the training networks' range, "
                + "\(Self.rounded(number.least)) to \(Self.rounded(number.most)): the generator has never seen such a network"
        }
    }

    private func check(label: String) throws {
        guard let labels else { throw unknown("a label, \(label)") }
        guard labels.contains(label) else {
            throw DataError(
                .malformed, path: "condition", expected: "a label that the training networks had: \(Self.list(labels))",
                found: label)
        }
    }

    private func check(number name: String, _ value: Double) throws {
        guard let numbers, numbers.contains(where: { $0.name == name }) else { throw unknown("\(name)") }
        guard value.isFinite else {
            throw DataError(.malformed, path: "condition \(name)", expected: "a finite number", found: "\(value)")
        }
    }

    private func check(_ set: SupportSet) throws {
        guard let support else { throw unknown("a support set") }
        let found = Support(shape: set.exampleShape, classes: set.classes)
        guard found.shape == support.shape else {
            throw DataError(.malformed, path: "support set", expected: support.words, found: found.words)
        }
        guard found.classes <= support.classes else {
            throw DataError(
                .malformed, path: "support set",
                expected: "at most \(support.classes) classes, which the run has learned",
                found: "\(found.classes)")
        }
    }

    private func unknown(_ what: String) -> DataError {
        DataError(
            .malformed, path: "condition", problem: "the generator cannot be asked for \(what)",
            hint: summary.isEmpty ? "its run has no conditions" : "it can be asked for \(summary)")
    }

    private static func list(_ labels: [String]) -> String {
        labels.count <= 12 ? labels.joined(separator: ", ") : labels.prefix(12).joined(separator: ", ") + ", ..."
    }

    private static func rounded(_ value: Double) -> String { "\((value * 1e4).rounded() / 1e4)" }
}
