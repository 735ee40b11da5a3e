extension ZooTraining {
    /// Trains all networks.
    ///
    /// With `progress` every finished group is recorded, and one at work every few seconds and when `report` throws; a
    /// record that is there is gone on from. `report` is given the steps done by groups of networks, after every step.
    public func train(
        keeping progress: ZooProgress? = nil, report: (_ done: Int, _ total: Int) throws -> Void
    ) throws -> TrainedZoos {
        let trainers = TrainerShelf(shelf)
        let lengths = try groups.map { group in
            let rows =
                try group.task == nil ? shelf.data(group.arm.recipe, task: nil).split.train.count : group.taskRows
            return group.arm.recipe.training.epochs * group.arm.recipe.training.stepsPerEpoch(rows: rows)
        }
        let total = lengths.reduce(0, +)
        var (trained, done) = (TrainedZoos(training: self, progress: progress, trainers: trainers), 0)
        for (group, length) in zip(groups, lengths) {
            let trainer = try trainers.trainer(of: group)
            let state = try Self.train(group, trainer, progress) { try report(done + $0, total) }
            trained.take(state.records, of: group)
            done += length
            try report(done, total)
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
