import Basics
import Tensors

extension ZooRecipe {
    /// The tasks of a recipe that has many: of each data set those for training, for validation, new combinations, new
    /// classes; `load` gives a data set by its name.
    ///
    /// Throws `DataError.configuration` where the data has not that many classes or tasks, or no such views.
    func plannedTasks(load: (String) throws -> LoadedDataset) throws -> [ZooTask] {
        let names = tasks.datasets.isEmpty ? [dataset.name] : tasks.datasets
        return try names.flatMap { name in try plannedTasks(of: load(name)) }
    }

    private func plannedTasks(of loaded: LoadedDataset) throws -> [ZooTask] {
        let plan = try TaskPlan(tasks, loaded)
        let (indices, _) = try dataset.indices(in: loaded)
        let preparation = try dataset.preparation(of: loaded, training: indices.train)
        return plan.drawn.map { task in
            let classes = task.outputs
            let names = classes.map { loaded.classNames[$0] }
            let rows = SplitIndices(
                train: draw(indices.train, of: classes, loaded, purpose: "zoo.task.train", task: task.key),
                validation: draw(
                    indices.validation, of: classes, loaded, purpose: "zoo.task.validation", task: task.key),
                test: indices.test.filter { classes.contains(Int(loaded.labels[$0])) })
            return ZooTask(
                name: "\(loaded.name) \(task.look.named(names))",
                dataset: preparation.recorded(loaded, split: rows.recorded),
                classes: Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) }), view: task.look.common,
                views: task.look.views(of: names), part: task.part)
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
}

/// Which tasks there are of a data set, and what each is for: drawn before anything is trained.
///
/// A task is a combination of classes (`TaskCombinations`) in a view. The order of its outputs is drawn for the task, so
/// that inputs alone never say which label they have. With `mixed` so is a view for each of a training task's classes.
struct TaskPlan {
    /// A task that was drawn.
    struct Drawn {
        /// Classes of the data set in the order of the outputs.
        let outputs: [Int]
        let look: TaskLook
        let part: ZooTask.Purpose
        /// A number that no other task has, whatever else was drawn.
        let key: Int
    }

    /// Tasks for training, for validation, new combinations, new classes, each in the order of combinations and views.
    let drawn: [Drawn]

    /// Draws; throws `DataError.configuration` where there are not that many classes or combinations, or where the samples
    /// are no images that can be turned.
    init(_ tasks: ZooRecipe.Tasks, _ loaded: LoadedDataset) throws {
        let (views, seed) = (tasks.views, UInt64(tasks.seed))
        if let wrong = views.first(where: { !$0.fits(loaded.sampleShape) }) {
            throw DataError(
                .configuration, path: wrong.turns > 0 ? "tasks.turns" : "tasks.mirrored",
                expected: "images that can be \(wrong.inWords)",
                found: "samples of shape \(loaded.sampleShape) in \(loaded.name)")
        }
        let combinations = try TaskCombinations(tasks, loaded)
        let all = combinations.all
        func pairs(_ combinations: [Int]) -> [Int] {
            combinations.flatMap { combination in views.indices.map { combination * views.count + $0 } }
        }
        func task(_ pair: Int, _ part: ZooTask.Purpose, round: Int = 0) -> Drawn {
            let (classes, isMixed) = (all[pair / views.count], tasks.mixed && part == .training)
            let key = pair + round * all.count * views.count
            // More rounds than orders there are only where views are drawn as well.
            let place = isMixed ? round % Self.orders(of: classes.count) : round
            let outputs = Self.order(of: classes.count, seed: seed, pair: pair, round: place).map { classes[$0] }
            let common = TaskLook(common: views[pair % views.count])
            let look = isMixed ? TaskLook(mixing: views, classes: classes.count, seed: seed, key: key) : common
            return Drawn(outputs: outputs, look: look, part: part, key: key)
        }
        let training = try Self.rounds(pairs(combinations.training), tasks)
        drawn =
            training.map { task($0.pair, .training, round: $0.round) }
            + combinations.others.flatMap { part, combinations in
                Self.some(pairs(combinations), tasks, part).map { task($0, part) }
            }
    }

    /// Which pairs of combination and view are trained on, and how often before.
    private static func rounds(_ pairs: [Int], _ tasks: ZooRecipe.Tasks) throws -> [(pair: Int, round: Int)] {
        guard tasks.count > 0 else { return pairs.map { ($0, 0) } }
        let most = pairs.count * orders(of: tasks.classes)
        guard tasks.mixed || tasks.count <= most else {
            throw DataError(
                .configuration, path: "tasks.count",
                expected: "at most \(most) training tasks, that many with all orders of their outputs",
                found: "\(tasks.count)", hint: "tasks.mixed gives each class of a task a view of its own")
        }
        var stream = RandomStream(seed: UInt64(tasks.seed), purpose: "zoo.tasks.training")
        let order = stream.permutation(pairs.count)
        return (0..<tasks.count).map { (order[$0 % pairs.count], $0 / pairs.count) }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map { (pair: pairs[$0.0], round: $0.1) }
    }

    /// At most `tasks.most` of the pairs, in their order.
    private static func some(_ pairs: [Int], _ tasks: ZooRecipe.Tasks, _ part: ZooTask.Purpose) -> [Int] {
        guard tasks.most > 0, pairs.count > tasks.most else { return pairs }
        var stream = RandomStream(seed: UInt64(tasks.seed), purpose: "zoo.tasks.\(part.rawValue)")
        return stream.permutation(pairs.count).prefix(tasks.most).sorted().map { pairs[$0] }
    }

    /// In how many orders so many classes can stand, at most 100,000.
    private static func orders(of classes: Int) -> Int { (1...max(classes, 1)).reduce(1) { min(100_000, $0 * $1) } }

    /// The order of a pair's outputs: the `round`-th of different ones drawn for it.
    private static func order(of classes: Int, seed: UInt64, pair: Int, round: Int) -> [Int] {
        var stream = RandomStream(seed: seed, purpose: "zoo.task.outputs", index: UInt64(pair))
        var orders: [[Int]] = []
        while orders.count <= round {
            let next = stream.permutation(classes)
            if !orders.contains(next) { orders.append(next) }
        }
        return orders[round]
    }
}
