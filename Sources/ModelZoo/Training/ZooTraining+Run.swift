extension ZooTraining {
    /// Trains all networks.
    ///
    /// With `progress` every finished group is recorded, and one at work every few seconds and when `report` throws; a
    /// record that is there is gone on from. `report` is given the steps done by groups of networks, after every step.
    public func train(
        keeping progress: ZooProgress? = nil, report: (_ done: Int, _ total: Int) throws -> Void
    ) throws -> TrainedZoos {
        let lengths = try lengths()
        let total = lengths.reduce(0, +)
        return try train(groups: groups.indices, lengths, keeping: progress) { try report($0, total) }
    }

    /// The steps that each group takes.
    func lengths() throws -> [Int] {
        try groups.map { group in
            let rows =
                try group.task == nil ? shelf.data(group.arm.recipe, task: nil).split.train.count : group.taskRows
            return group.arm.recipe.training.epochs * group.arm.recipe.training.stepsPerEpoch(rows: rows)
        }
    }

    /// Trains groups of a range, which take so many steps each; `report` is given the steps done of them.
    func train(
        groups range: Range<Int>, _ lengths: [Int], keeping progress: ZooProgress?, report: (Int) throws -> Void
    ) throws -> TrainedZoos {
        let trainers = TrainerShelf(shelf)
        var (trained, done) = (TrainedZoos(training: self, progress: progress, trainers: trainers), 0)
        for (group, length) in zip(groups[range], lengths[range]) {
            let trainer = try trainers.trainer(of: group)
            let state = try Self.train(group, trainer, progress) { try report(done + $0) }
            trained.take(state.records, of: group)
            done += length
            try report(done)
        }
        return trained
    }

    private static func train(
        _ group: Group, _ trainer: ZooTrainer, _ progress: ZooProgress?, report: (Int) throws -> Void
    ) throws -> TrainingGroup {
        var state = trainer.start(group.seeds)
        try progress?.restore(&state, index: group.index, trainer)
        if state.live.isEmpty { return state }
        var timer = SaveTimer(interval: progress?.interval ?? 0)
        do {
            try trainer.run(&state) { state in
                if let progress, timer.isDue { try timer.time { try progress.save(state, index: group.index) } }
                try report(state.step)
            }
        } catch {
            try? progress?.save(state, index: group.index)
            throw error
        }
        try state.finish(trainer.trainer)
        try progress?.save(state, index: group.index)
        return state
    }
}

extension ZooTraining.Group {
    /// Training rows of its task.
    var taskRows: Int {
        if case .indices(let train, _, _) = task?.task.dataset.split { train.count } else { 0 }
    }
}

/// The trainer that was used last.
final class TrainerShelf {
    private let data: DataShelf
    private var last: (recipe: ZooRecipe, task: ZooTask?, trainer: ZooTrainer)?

    init(_ data: DataShelf) { self.data = data }

    func trainer(of group: ZooTraining.Group) throws -> ZooTrainer {
        let (recipe, task) = (group.arm.recipe, group.task?.task)
        if let last, last.recipe == recipe, last.task == task { return last.trainer }
        last = nil
        let trainer = try ZooTrainer(recipe: recipe, split: data.data(recipe, task: task).split)
        last = (recipe, task, trainer)
        return trainer
    }
}
