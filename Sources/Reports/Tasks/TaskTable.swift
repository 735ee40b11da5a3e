import Basics
import Evaluation

/// The table of one kind of tasks: contestants below each other, numbers of examples side by side.
struct TaskTable {
    /// Which tasks, of which arm.
    let title: String
    /// What the table's cells are, and what was asked and found.
    let findings: [TaskVerdict.Finding]
    let head: [String]
    let lines: [[String]]

    /// One table for each arm and kind of tasks, of lines of one seed or of several seeds together.
    ///
    static func tables(_ rows: [TaskRow]) -> [TaskTable] {
        rows.map { [$0.arm, $0.tasks] }.uniqued().map { key in
            TaskTable(rows.filter { $0.arm == key[0] && $0.tasks == key[1] })
        }
    }

    private init(_ rows: [TaskRow]) {
        let examples = rows.map(\.examples).uniqued().sorted()
        let (arm, tasks) = (rows.first?.arm ?? "", rows.first?.tasks ?? "")
        let count = rows.map(\.accuracy.tasks).max() ?? 0
        title = (arm.isEmpty ? "" : "\(arm): ") + "\(tasks), \(count) tasks"
        head = ["networks", "steps"] + examples.map { "\($0) a class, %" }
        let contestants = TaskContestant.allCases.flatMap { contestant in
            rows.filter { $0.contestant == contestant }.map(\.steps).uniqued().sorted().map { (contestant, $0) }
        }
        lines = contestants.map { contestant, steps in
            let cells = examples.map { examples in
                let row = rows.first { $0.contestant == contestant && $0.steps == steps && $0.examples == examples }
                return row.map { Self.cell($0) } ?? ""
            }
            let isNetwork = contestant.role != .rule && contestant != .trained
            return [contestant.label, isNetwork ? "\(steps)" : ""] + cells
        }
        let controlled = rows.first { $0.contestant == .shuffledLabels }?.examples ?? examples.last ?? 0
        let chance = 1 / Double(rows.first?.classes ?? 1)
        findings = TaskVerdict(rows, tasks: tasks, examples: controlled, chance: chance).findings
    }

    /// "93.1 ± 0.8": the mean and half of its 95 % interval over tasks.
    private static func cell(_ row: TaskRow) -> String {
        let mean = NumberText.percent(row.accuracy.mean, digits: 1)
        guard row.accuracy.reach.isFinite else { return mean }
        return "\(mean) ± \(NumberText.percent(row.accuracy.reach, digits: 1))"
    }
}
