import Basics

/// What a training is told of its networks: their conditions, and what can be learned of them.
public struct ToldConditions: Sendable {
    /// What training sees of them.
    public let facts: ConditionFacts
    /// The training networks'.
    public let training: TrainingConditions
    /// The validation networks'.
    public let validation: TrainingConditions?
}

extension GeneratorDescription {
    /// Guidance leads towards something that is asked; not every net can be told, and whole runs have no conditions.
    func conditionProblems() -> [ConfigProblem] {
        guard !conditions.isEmpty else {
            guard let guidance = sampling.guidance else { return [] }
            return [
                ConfigProblem(
                    "sampling.guidance", expected: "null without conditions", found: "\(guidance)",
                    hint: "set conditions.label, conditions.number or conditions.support")
            ]
        }
        var problems: [ConfigProblem] = []
        if !net.takesConditions {
            problems.append(
                ConfigProblem(
                    "generator.kind", expected: "a net that takes conditions", found: net.kind,
                    hint: "or conditions of kind none"))
        }
        if needsCheckpoints {
            problems.append(
                ConfigProblem(
                    "conditions", expected: "none with a process or a source that learns from whole runs",
                    found: "some", hint: "a run's checkpoints have no conditions of their own"))
        }
        return problems
    }

    /// The conditions of `count` training networks and of the validation networks, looked at and checked; nil for an
    /// unconditional generator.
    ///
    /// Throws `DataError` where the description has conditions and the networks have none, or the other way round; where
    /// there is not one a network; where `ConditionFacts` finds nothing to learn or the coupling would pair starts across
    /// conditions; and where a validation network's condition is none that training has seen.
    public func told(
        _ conditions: [Condition]?, of count: Int, _ validation: [Condition]? = nil, of validationCount: Int? = nil
    ) throws -> ToldConditions? {
        guard let conditions else {
            if self.conditions.isEmpty { return nil }
            throw DataError(
                .configuration, path: "conditions", problem: "the networks come without conditions",
                hint: "give one a network, or set the kinds of label, number and support to none")
        }
        guard !self.conditions.isEmpty else {
            throw DataError(
                .configuration, path: "conditions",
                problem: "the networks come with conditions, and the generator has none",
                hint: "set conditions.label, conditions.number or conditions.support")
        }
        func refuse(_ expected: Int, _ found: Int?, _ which: String) -> DataError {
            DataError(
                .malformed, path: "conditions", expected: "one for each of \(expected) \(which) networks",
                found: "\(found ?? 0)")
        }
        guard conditions.count == count else { throw refuse(count, conditions.count, "training") }
        if let validationCount, validation?.count != validationCount {
            throw refuse(validationCount, validation?.count, "validation")
        }
        let facts = try ConditionFacts(fitting: conditions, self.conditions)
        let training = try TrainingConditions(conditions, facts: facts, config: self.conditions)
        try process.member.check(training)
        return ToldConditions(
            facts: facts, training: training,
            validation: try validation.map { try TrainingConditions($0, facts: facts, config: self.conditions) })
    }
}
