import Basics

/// What was measured on single tasks, of which the table's lines are means.
public struct TaskMeasurements: Sendable, Equatable {
    /// One number: a contestant's mean accuracy on one task.
    public struct Score: Sendable, Equatable {
        /// Which tasks this one is among.
        public let tasks: String
        /// The task.
        public let task: Int
        /// Examples a class.
        public let examples: Int
        /// Who.
        public let contestant: TaskContestant
        /// Steps of further training.
        public let steps: Int
        /// Mean accuracy over the contestant's networks.
        public let accuracy: Double

        /// A measurement.
        public init(
            tasks: String, task: Int, examples: Int, contestant: TaskContestant, steps: Int = 0, accuracy: Double
        ) {
            (self.tasks, self.task, self.examples) = (tasks, task, examples)
            (self.contestant, self.steps, self.accuracy) = (contestant, steps, accuracy)
        }
    }

    /// C, the classes of a task.
    public let classes: Int
    /// All measurements, in the order in which they were made.
    public private(set) var entries: [Score]

    /// Collects measurements of tasks of so many classes.
    public init(classes: Int, _ entries: [Score] = []) { (self.classes, self.entries) = (classes, entries) }

    /// Adds measurements.
    public mutating func append(_ more: [Score]) { entries += more }

    /// Several runs' measurements as one; nil without any. Traps on other numbers of classes.
    public init?(_ runs: [TaskMeasurements]) {
        guard let classes = runs.first?.classes else { return nil }
        precondition(
            runs.allSatisfy { $0.classes == classes }, "task measurements: tasks of several numbers of classes")
        self.init(classes: classes, runs.flatMap(\.entries))
    }

    /// How many tasks were measured.
    public var taskCount: Int { Set(entries.map(\.task)).count }

    /// Lines of the table: kinds of tasks and numbers of examples in the order in which they came, contestants in theirs.
    ///
    /// A task that was measured several times (other examples, other seeds) counts once, with the mean: intervals are over
    /// tasks.
    /// - seed: the run's; nil of several runs together.
    public func rows(arm: String, seed: UInt64?) -> [TaskRow] {
        var lines: [Line] = []
        var values: [Line: [Int: [Double]]] = [:]
        for entry in entries {
            let line = Line(entry)
            if values[line] == nil { lines.append(line) }
            values[line, default: [:]][entry.task, default: []].append(entry.accuracy)
        }
        let means = values.mapValues { $0.mapValues { $0.reduce(0, +) / Double($0.count) } }
        func place(_ line: Line) -> (Int, Int, Int, Int) {
            let tasks = lines.firstIndex { $0.tasks == line.tasks } ?? 0
            let rank = TaskContestant.allCases.firstIndex(of: line.contestant) ?? 0
            return (tasks, line.examples, rank, line.steps)
        }
        return lines.sorted { place($0) < place($1) }.map { line in
            let own = means[line] ?? [:]
            let rival = Line(
                tasks: line.tasks, examples: line.examples, contestant: .generated, steps: line.steps)
            let shared = own.keys.sorted().filter { means[rival]?[$0] != nil }
            let behind =
                line.contestant == .generated || shared.isEmpty
                ? nil
                : TaskMean(shared.map { means[rival]?[$0] ?? .nan }, less: shared.map { own[$0] ?? .nan })
            return TaskRow(
                arm: arm, seed: seed, tasks: line.tasks, classes: classes, examples: line.examples,
                contestant: line.contestant,
                steps: line.steps, accuracy: TaskMean(own.keys.sorted().map { own[$0] ?? .nan }), behind: behind,
                rowPasses: 3 * Double(line.steps) * Double(line.examples * classes))
        }
    }

    fileprivate struct Line: Hashable {
        let tasks: String
        let examples: Int
        let contestant: TaskContestant
        let steps: Int
    }
}

extension TaskMeasurements.Line {
    fileprivate init(_ score: TaskMeasurements.Score) {
        self.init(tasks: score.tasks, examples: score.examples, contestant: score.contestant, steps: score.steps)
    }
}

extension TaskMeasurements: Codable {
    private enum CodingKeys: String, CodingKey { case classes, lines }

    /// The scores of one line in files, as columns: a run has ten thousand.
    private struct Columns: Codable {
        let tasks: String
        let examples: Int
        let contestant: TaskContestant
        let steps: Int
        var task: [Int]
        var accuracy: [Double]
    }

    /// Reads what `encode` wrote; scores come in the order of lines.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let lines = try fields.decode([Columns].self, forKey: .lines)
        self.init(
            classes: try fields.decode(Int.self, forKey: .classes),
            lines.flatMap { line in
                zip(line.task, line.accuracy).map {
                    Score(
                        tasks: line.tasks, task: $0, examples: line.examples, contestant: line.contestant,
                        steps: line.steps, accuracy: $1)
                }
            })
    }

    /// Writes the scores, line by line in the order in which they first came.
    public func encode(to encoder: any Encoder) throws {
        var lines: [Columns] = []
        var places: [Line: Int] = [:]
        for entry in entries {
            let line = Line(entry)
            if let place = places[line] {
                lines[place].task.append(entry.task)
                lines[place].accuracy.append(entry.accuracy)
            } else {
                places[line] = lines.count
                lines.append(
                    Columns(
                        tasks: entry.tasks, examples: entry.examples, contestant: entry.contestant, steps: entry.steps,
                        task: [entry.task], accuracy: [entry.accuracy]))
            }
        }
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(classes, forKey: .classes)
        try fields.encode(lines, forKey: .lines)
    }
}
