import Basics
import Tensors

extension ZooRecipe {
    /// A task, and whether it is a new one, whose networks are all fresh.
    struct PlannedTask {
        let task: ZooTask
        let isNew: Bool
    }

    /// The tasks of a recipe that has many, in order of data sets and classes; `load` gives a data set by its name.
    ///
    /// Throws `DataError.configuration` where the data has not that many classes or tasks.
    func plannedTasks(load: (String) throws -> LoadedDataset) throws -> [PlannedTask] {
        let names = tasks.datasets.isEmpty ? [dataset.name] : tasks.datasets
        return try names.flatMap { name in try plannedTasks(of: load(name)) }
    }

    private func plannedTasks(of loaded: LoadedDataset) throws -> [PlannedTask] {
        let all = try combinations(of: loaded)
        guard tasks.count <= all.count, tasks.new < (tasks.count == 0 ? all.count : tasks.count) else {
            throw DataError(
                .configuration, path: tasks.count > all.count ? "tasks.count" : "tasks.new",
                expected: "fewer than the tasks there are, \(all.count) of \(loaded.name)",
                found: "\(tasks.count > all.count ? tasks.count : tasks.new)")
        }
        let seed = UInt64(tasks.seed)
        var stream = RandomStream(seed: seed, purpose: "zoo.tasks")
        let drawn = stream.permutation(all.count).prefix(tasks.count == 0 ? all.count : tasks.count)
        let new = Set(drawn.prefix(tasks.new))
        let (indices, _) = try dataset.indices(in: loaded)
        let preparation = try dataset.preparation(of: loaded, training: indices.train)
        return drawn.sorted().map { index in
            let classes = all[index]
            let rows = SplitIndices(
                train: draw(indices.train, of: classes, loaded, purpose: "zoo.task.train", task: index),
                validation: draw(indices.validation, of: classes, loaded, purpose: "zoo.task.validation", task: index),
                test: indices.test.filter { classes.contains(Int(loaded.labels[$0])) })
            let names = classes.map { loaded.classNames[$0] }
            let task = ZooTask(
                name: "\(loaded.name) \(names.joined(separator: "-"))",
                dataset: preparation.recorded(loaded, split: rows.recorded),
                classes: Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) }))
            return PlannedTask(task: task, isNew: new.contains(index))
        }
    }

    /// Rows of the task's classes, `samples` of each, rising.
    private func draw(
        _ rows: [Int], of classes: [Int], _ loaded: LoadedDataset, purpose: String, task: Int
    ) -> [Int] {
        classes.flatMap { label in
            let own = rows.filter { Int(loaded.labels[$0]) == label }
            guard tasks.samples > 0, own.count > tasks.samples else { return own }
            var stream = RandomStream(
                seed: UInt64(tasks.seed), purpose: purpose, index: UInt64(task * loaded.classCount + label))
            return stream.permutation(own.count).prefix(tasks.samples).map { own[$0] }
        }.sorted()
    }

    /// All sets of `tasks.classes` classes, in lexicographic order.
    private func combinations(of loaded: LoadedDataset) throws -> [[Int]] {
        let (count, limit) = (loaded.classCount, 100_000)
        var sets: [[Int]] = [[]]
        var size = 1
        for chosen in 0..<tasks.classes where size > 0 && size <= limit {
            size = size * max(0, count - chosen) / (chosen + 1)
            if size <= limit {
                sets = sets.flatMap { set in ((set.last ?? -1) + 1..<count).map { set + [$0] } }
            }
        }
        guard size > 0, size <= limit else {
            throw DataError(
                .configuration, path: "tasks.classes",
                expected: "at most the \(count) classes of \(loaded.name), and at most \(limit) tasks",
                found: "\(tasks.classes)")
        }
        return sets
    }
}
