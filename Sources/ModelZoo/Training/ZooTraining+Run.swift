import Foundation
import Ranks
import Tensors

extension ZooTraining {
    /// Trains all networks, groups side by side (``parallelRounds``), on every rank that is free.
    ///
    /// With `progress` every finished group is recorded, and one at work every few seconds and when `report` throws; a
    /// record that is there is gone on from. Each record is written by the rank that trains the group. `report` is given
    /// the steps done by groups of networks, after every step.
    public func train(
        keeping progress: ZooProgress? = nil, over ranks: Ranks = .one,
        report: (_ done: Int, _ total: Int) throws -> Void
    ) throws -> TrainedZoos {
        let lengths = try lengths()
        let total = lengths.reduce(0, +)
        return try train(groups: groups.indices, lengths, keeping: progress, over: ranks) { try report($0, total) }
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
        groups range: Range<Int>, _ lengths: [Int], keeping progress: ZooProgress?, over ranks: Ranks = .one,
        report: (Int) throws -> Void
    ) throws -> TrainedZoos {
        let work = ZooGroups(self, progress, lengths: lengths)
        var trained = TrainedZoos(training: self, progress: progress, trainers: work.trainers)
        let chunk = ranks.areSeveral ? Threads.count : max(1, range.count)
        try ranks.map(work, range, by: chunk, report: { done, _ in try report(done) }) { range, outcomes in
            for (group, outcome) in zip(groups[range], outcomes) { trained.take(outcome, of: group) }
        }
        return trained
    }
}

/// The groups of a training as work that any rank can do: a group's networks depend on its recipe, its data and their
/// seeds alone.
package struct ZooGroups: RankWork {
    /// What another rank trains by; it reads the data itself.
    package struct Description: Codable {
        let recipes: [ZooRecipe]
        let places: DatasetCatalog.Places
        /// Where records are kept, and how often; nil where outcomes go to rank 0.
        let progress: URL?
        let interval: Double

        init(_ training: ZooTraining, _ progress: ZooProgress?) {
            (recipes, places) = (training.recipes, training.shelf.catalog.places)
            (self.progress, interval) = (progress?.folder, progress?.interval ?? 0)
        }

        /// The same training; throws `DataError` where its data cannot be read.
        func training() throws -> ZooTraining {
            try ZooTraining(arms: recipes.map { .init(recipe: $0) }, catalog: DatasetCatalog(places))
        }

        /// The same folder of records, which is of the training that `identity` says.
        func records(of identity: String) throws -> ZooProgress? {
            try progress.map { try ZooProgress(folder: $0, identity: identity, interval: interval) }
        }
    }

    /// What came of a group; the networks themselves only where they have not been recorded.
    package struct GroupOutcome: Sendable {
        let diverged: Int
        let records: [TrainingGroup.Record]?
    }

    package static let name = "training the zoo"
    let training: ZooTraining
    let progress: ZooProgress?
    let trainers: TrainerShelf
    /// Steps of each group, where progress is counted.
    private let lengths: [Int]

    init(_ training: ZooTraining, _ progress: ZooProgress?, lengths: [Int]) {
        (self.training, self.progress, self.lengths) = (training, progress, lengths)
        trainers = TrainerShelf(training.shelf)
    }

    package init(_ description: Description) throws {
        let training = try description.training()
        self.init(training, try description.records(of: training.identity), lengths: [])
    }

    package var description: Description { Description(training, progress) }

    package func units(_ range: Range<Int>) -> Int { lengths[range].reduce(0, +) }

    package func item(_ range: Range<Int>, report: (_ units: Int) throws -> Void) throws -> [GroupOutcome] {
        try SharedSteps.sideBySide(range.count, report: report) { place, report in
            try outcome(training.groups[range.lowerBound + place], report: report)
        }
    }

    private func outcome(_ group: ZooTraining.Group, report: (Int) throws -> Void) throws -> GroupOutcome {
        let state = try train(group, trainers.trainer(of: group), report: report)
        return GroupOutcome(
            diverged: state.records.count { $0.diverged != nil }, records: progress == nil ? state.records : nil)
    }

    private func train(
        _ group: ZooTraining.Group, _ trainer: ZooTrainer, report: (Int) throws -> Void
    ) throws -> TrainingGroup {
        var state = trainer.start(group.seeds)
        try progress?.restore(&state, index: group.index, trainer)
        if state.live.isEmpty {
            try report(state.step)
            return state
        }
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

extension ZooGroups {
    /// What has been recorded goes to rank 0 as a number, the networks otherwise as a record in memory.
    package static func bytes(_ outcomes: [GroupOutcome]) throws -> [UInt8] {
        let networks = outcomes.flatMap { $0.records ?? [] }
        let counts = outcomes.map { [$0.diverged, $0.records?.count ?? -1] }
        return Array(try TensorRecord(TrainingGroup.Outcomes(counts, networks), networks.flatMap { $0.tensors() }).data)
    }

    package static func outcome(_ bytes: [UInt8]) throws -> [GroupOutcome] {
        let record = try TensorRecord<TrainingGroup.Outcomes>(Data(bytes), path: name)
        var rest = try record.description.records(record.tensors, path: name)[...]
        return record.description.counts.map { count in
            defer { rest = rest.dropFirst(max(0, count[1])) }
            return GroupOutcome(diverged: count[0], records: count[1] < 0 ? nil : Array(rest.prefix(count[1])))
        }
    }
}

extension ZooTraining.Group {
    /// Training rows of its task.
    var taskRows: Int {
        if case .indices(let train, _, _) = task?.task.dataset.split { train.count } else { 0 }
    }
}
