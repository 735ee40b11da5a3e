import Basics
import Evaluation
import ModelZoo
import Networks
import Tensors

/// The tasks of a zoo, their data, and which networks are whose.
struct ZooTasks {
    /// The tasks' rows.
    let data: TaskData
    /// What each task is for.
    let parts: [ZooTask.Purpose]
    /// The task of each network of the zoo.
    let taskOf: [Int]
    private let splits: [ZooSplit]

    /// Reads a zoo's tasks; nil for a zoo of one. Throws `DataError` where their data is not there or does not fit, or where
    /// a network is of no task.
    init?(_ zoo: Zoo, path: String, catalog: DatasetCatalog) throws {
        guard let text = zoo.header.tasks, let architecture = zoo.header.architecture else { return nil }
        let tasks = try ZooTask.list(text, path: path)
        data = try TaskData(tasks, catalog: catalog, architecture: architecture, path: path)
        taskOf = try (zoo.columns.numbers("task") ?? []).map { number in
            guard let index = Int(exactly: number), tasks.indices.contains(index) else {
                throw DataError(
                    .malformed, path: "\(path): /networks/task", expected: "tasks from 0 to \(tasks.count - 1)",
                    found: "\(number)")
            }
            return index
        }
        guard taskOf.count == zoo.count else {
            throw DataError(.malformed, path: path, expected: "a column `task`", found: "none")
        }
        var splits = [ZooSplit](repeating: .train, count: zoo.count)
        for split in ZooSplit.allCases { for row in zoo.rows(in: split) { splits[row] = split } }
        self.splits = splits
        // Files that do not say: the networks of new tasks are all fresh.
        var areFresh = [Bool](repeating: true, count: tasks.count)
        for (row, task) in taskOf.enumerated() where splits[row] != .test { areFresh[task] = false }
        parts = tasks.enumerated().map { $1.part ?? (areFresh[$0] ? .newCombination : .training) }
    }

    /// Tasks of one part, in order.
    func tasks(_ part: ZooTask.Purpose) -> [Int] { parts.indices.filter { parts[$0] == part } }

    /// Rows of a task's networks, all or of one split.
    func networks(of task: Int, _ split: ZooSplit? = nil) -> [Int] {
        taskOf.indices.filter { taskOf[$0] == task && (split == nil || splits[$0] == split) }
    }

    /// The training rows of a task.
    func examples(of task: Int) throws -> LabelledExamples { LabelledExamples(try data.split(task).train) }

    /// What judges networks of a task: validation rows of tasks that choose settings, else test rows.
    func queries(of task: Int) throws -> LabelledExamples {
        let split = try data.split(task)
        let rows = parts[task] == .validation ? split.validation : split.test
        guard rows.count > 0 else {
            throw DataError(
                .malformed, path: "task \(data.tasks[task].name)", expected: "rows to judge networks on", found: "none",
                hint: parts[task] == .validation ? "set dataset.validation of the recipe" : "")
        }
        return LabelledExamples(rows)
    }

    /// Accuracy of networks [P, D] on their tasks' test rows, `rows` of the zoo they stand for; an output that is not a
    /// number is never right.
    func accuracies(_ weights: Tensor, _ buffers: Tensor?, rows: [Int], classifier: Classifier) throws -> [Double] {
        var found = [Double](repeating: 0, count: rows.count)
        for (task, places) in Dictionary(grouping: rows.indices, by: { taskOf[rows[$0]] }).sorted(by: {
            $0.key < $1.key
        }) {
            let queries = try queries(of: task)
            let own = places.map(Int32.init)
            let accuracies = classifier.accuracies(
                weights.gathered(axis: 0, own), buffers: buffers?.gathered(axis: 0, own), inputs: queries.inputs,
                labels: queries.labels)
            for (place, accuracy) in zip(places, accuracies) { found[place] = accuracy.isNaN ? 0 : accuracy }
        }
        return found
    }
}

extension LabelledExamples {
    /// A data set's samples.
    init(_ data: Dataset) { self.init(inputs: data.tensor, labels: data.labels, classes: data.classCount) }
}
