import Basics

/// One contestant's accuracy on the queries of one kind of tasks, with so many examples a class: a line of the table.
public struct TaskRow: Codable, Sendable, Equatable {
    /// The arm of the experiment.
    public var arm: String
    /// The seed of the run; nil of several together.
    public var seed: UInt64?
    /// Which tasks: the column of the division.
    public let tasks: String
    /// C, the classes of a task.
    public let classes: Int
    /// Examples a class.
    public let examples: Int
    /// Who.
    public let contestant: TaskContestant
    /// Steps of further training on the examples, 0 for none.
    public let steps: Int
    /// Mean accuracy, a fraction: over a task's networks, then over tasks.
    public let accuracy: TaskMean
    /// How much higher the generated networks after as many steps are (of rules: without steps), task by task.
    public let behind: TaskMean?
    /// Rows that pass through a network for its further training, a row of a gradient step counting 3.
    public let rowPasses: Double

    /// Puts a line together.
    public init(
        arm: String, seed: UInt64?, tasks: String, classes: Int, examples: Int, contestant: TaskContestant, steps: Int,
        accuracy: TaskMean, behind: TaskMean?, rowPasses: Double
    ) {
        (self.arm, self.seed, self.tasks, self.classes, self.examples) = (arm, seed, tasks, classes, examples)
        (self.contestant, self.steps, self.accuracy, self.behind) = (contestant, steps, accuracy, behind)
        self.rowPasses = rowPasses
    }

    private enum CodingKeys: String, CodingKey {
        case arm, seed, tasks, classes, examples, contestant, steps, accuracy, behind
        case rowPasses = "row_passes"
    }
}
