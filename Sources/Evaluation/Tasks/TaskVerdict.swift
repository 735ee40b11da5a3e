import Basics

/// Whether networks generated from examples are what their task needs: the limits, stated, and each held to the table.
public struct TaskVerdict: Sendable, Equatable {
    /// What must hold.
    public struct Limits: Sendable {
        /// How far above unconditional networks, the best of as many and the nearest training task's they must be.
        public var above = 0.05
        /// How far below the best rule without a network they may be.
        public var below = 0.01
        /// How far the accuracy on swapped labels may be from that on the task's own.
        public var swapped = 0.02
        /// How many standard errors the accuracy on shuffled labels may be from chance.
        public var errors = 3.0

        /// Five points above, one below, two apart, three errors.
        public init() {}
    }

    /// One thing that was asked.
    public struct Finding: Sendable, Equatable {
        /// Whether it holds.
        public let holds: Bool
        /// What was asked and found, a sentence.
        public let text: String
    }

    /// Which tasks, and how many examples a class.
    public let tasks: String
    /// Examples a class.
    public let examples: Int
    /// What was asked, in order.
    public let findings: [Finding]

    /// Whether all of it holds.
    public var holds: Bool { findings.allSatisfy(\.holds) }

    /// Judges the lines of one kind of tasks and one number of examples; what was not measured is not asked.
    ///
    /// - chance: 1 / C, the accuracy of naming a class at random.
    public init(_ rows: [TaskRow], tasks: String, examples: Int, chance: Double, limits: Limits = Limits()) {
        let own = rows.filter { $0.tasks == tasks && $0.examples == examples }
        func row(_ contestant: TaskContestant, steps: Int = 0) -> TaskRow? {
            own.first { $0.contestant == contestant && $0.steps == steps }
        }
        (self.tasks, self.examples) = (tasks, examples)
        guard let generated = row(.generated)?.accuracy else {
            findings = []
            return
        }
        var found: [Finding] = []
        let rivals = [TaskContestant.unconditional, .bestUnconditional, .retrieval].compactMap { row($0) }
        for rival in rivals {
            let gain = rival.behind?.mean ?? (generated.mean - rival.accuracy.mean)
            found.append(
                Finding(
                    holds: gain >= limits.above,
                    text: "\(Self.points(gain)) points above \(rival.contestant.label)"
                        + " (asked: \(Self.points(limits.above)) or more)"))
        }
        let rules = ExampleRule.allCases.compactMap { row(TaskContestant($0)) }
        if let best = rules.max(by: { $0.accuracy.mean < $1.accuracy.mean }) {
            let gain = best.behind?.mean ?? (generated.mean - best.accuracy.mean)
            found.append(
                Finding(
                    holds: gain >= -limits.below,
                    text: "\(Self.points(gain)) points from \(best.contestant.label), the best rule without a network"
                        + " (asked: \(Self.points(-limits.below)) or more)"))
        }
        if let shuffled = row(.shuffledLabels)?.accuracy {
            let errors = (shuffled.mean - chance) / shuffled.standardError
            found.append(
                Finding(
                    holds: abs(errors) <= limits.errors,
                    text: "with shuffled labels \(NumberText.fixed(shuffled.mean * 100, digits: 1)) %,"
                        + " \(NumberText.fixed(errors, digits: 1)) standard errors from chance"
                        + " (asked: at most \(NumberText.significant(limits.errors)))"))
        }
        if let swapped = row(.swappedLabels)?.accuracy {
            let change = swapped.mean - generated.mean
            found.append(
                Finding(
                    holds: abs(change) <= limits.swapped,
                    text: "with two labels swapped \(Self.points(change)) points on the swapped labels"
                        + " (asked: within \(Self.points(limits.swapped)))"))
        }
        findings = found
    }

    private static func points(_ value: Double) -> String { NumberText.fixed(value * 100, digits: 1) }
}
