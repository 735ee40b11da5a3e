import Foundation
import Networks
import Tensors

/// What came out of a training: zoos, in memory or among the records of their progress.
public struct TrainedZoos {
    let training: ZooTraining
    let progress: ZooProgress?
    let trainers: TrainerShelf
    private var records: [Int: [TrainingGroup.Record]] = [:]
    private var divergedIn: [Int: Int] = [:]

    init(training: ZooTraining, progress: ZooProgress?, trainers: TrainerShelf) {
        self.training = training
        self.progress = progress
        self.trainers = trainers
    }

    /// Keeps a group's outcome; in memory only where it has not been recorded.
    mutating func take(_ outcome: ZooGroups.GroupOutcome, of group: ZooTraining.Group) {
        divergedIn[group.index] = outcome.diverged
        records[group.index] = outcome.records
    }

    /// The number of networks in all zoos.
    public var count: Int { training.count }
    /// Number of networks that diverged.
    public var divergedCount: Int { divergedIn.values.reduce(0, +) }
    /// Number of zoo files.
    public var zooCount: Int { training.parts.count }

    /// One of the zoos, in memory; throws `DataError` where data or records cannot be read.
    public func zoo(_ index: Int = 0) throws -> Zoo {
        let part = training.parts[index]
        let hasDiverged = part.groups.contains { divergedIn[$0.index] ?? 0 > 0 }
        let blocks = try part.groups.map { try block($0, of: part, hasDiverged: hasDiverged) }
        let columns = blocks.dropFirst().reduce(blocks[0].columns) { $0.appending($1.columns) ?? $0 }
        let trajectory: ZooTrajectory? =
            part.checkpoints == 0
            ? nil
            : ZooTrajectory(
                checkpoints: part.checkpoints, steps: blocks.flatMap { $0.trajectory?.steps ?? [] },
                weights: blocks.flatMap { $0.trajectory?.weights ?? [] },
                buffers: part.header.layout.bufferCount == 0 ? nil : blocks.flatMap { $0.trajectory?.buffers ?? [] })
        return Zoo(
            header: part.header, weights: blocks.flatMap(\.weights),
            buffers: part.header.layout.bufferCount == 0 ? nil : blocks.flatMap { $0.buffers ?? [] },
            columns: columns, trajectory: trajectory)
    }

    /// Writes one of the zoos, a group of networks at a time; throws as `zoo` and `ZooWriter` do.
    public func write(_ index: Int = 0, to path: String) throws {
        try write(training.parts[index].groups[...], of: training.parts[index], to: path)
    }

    /// Writes some of a zoo's groups to a file.
    func write(_ groups: ArraySlice<ZooTraining.Group>, of part: ZooTraining.Part, to path: String) throws {
        let writer = try ZooWriter(path: path, header: part.header)
        let hasDiverged = groups.contains { divergedIn[$0.index] ?? 0 > 0 }
        for group in groups { try writer.append(block(group, of: part, hasDiverged: hasDiverged)) }
        try writer.finish()
    }

    private func outcome(_ group: ZooTraining.Group, _ trainer: ZooTrainer) throws -> [TrainingGroup.Record] {
        if let own = records[group.index] { return own }
        var state = trainer.start(group.seeds)
        try progress?.restore(&state, index: group.index, trainer)
        return state.records
    }

    /// A group's networks with all facts of them; `hasDiverged`: whether any network of their file did.
    private func block(_ group: ZooTraining.Group, of part: ZooTraining.Part, hasDiverged: Bool) throws -> Zoo {
        let trainer = try trainers.trainer(of: group)
        let own = try outcome(group, trainer)
        let split = try training.shelf.data(group.arm.recipe, task: group.task?.task).split
        var columns = trainer.facts(of: own, split: split)
        columns["split"] = .integer(group.members.map { Int64($0.split.rawValue) })
        columns["seed"] = .unsigned(group.seeds)
        columns["epoch"] = .integer(own.map { Int64($0.epoch) })
        if part.checkpoints > 0 { columns["selected"] = .integer(own.map { Int64($0.selected) }) }
        if hasDiverged { columns["diverged"] = .integer(own.map { Int64($0.diverged ?? -1) }) }
        if let task = group.task { columns["task"] = .integer(own.map { _ in Int64(task.index) }) }
        for name in group.arm.facts.names {
            columns[name] = group.arm.facts[name]?.selecting(Array(repeating: 0, count: own.count))
        }
        return Zoo(
            header: part.header, weights: own.flatMap(\.weights),
            buffers: part.header.layout.bufferCount == 0 ? nil : own.flatMap(\.buffers), columns: columns,
            trajectory: part.checkpoints == 0 ? nil : ZooTrajectory(own, places: part.checkpoints, part.header.layout))
    }
}

extension ZooTrajectory {
    /// The recorded checkpoints of networks, then absent ones.
    init(_ records: [TrainingGroup.Record], places: Int, _ layout: ParameterLayout) {
        func padded(_ values: [Float], _ width: Int) -> [Float] {
            values + Array(repeating: 0, count: places * width - values.count)
        }
        self.init(
            checkpoints: places,
            steps: records.flatMap {
                $0.steps.map { Int64($0) } + Array(repeating: -1, count: places - $0.steps.count)
            },
            weights: records.flatMap { padded($0.trajectory, layout.count) },
            buffers: layout.bufferCount == 0
                ? nil : records.flatMap { padded($0.trajectoryBuffers, layout.bufferCount) })
    }
}

extension ZooTrainer {
    /// Losses and accuracies of selected networks; what is not finite counts as missing.
    func facts(of records: [TrainingGroup.Record], split: DatasetSplit) -> ZooColumns {
        let (layout, classifier) = (network.layout, Classifier(network))
        let weights = Tensor(records.flatMap(\.weights), shape: [records.count, layout.count])
        let buffers =
            layout.bufferCount == 0
            ? nil : Tensor(records.flatMap(\.buffers), shape: [records.count, layout.bufferCount])
        func accuracies(_ data: Dataset) -> ZooColumn {
            .real(
                data.count == 0
                    ? Array(repeating: .nan, count: records.count)
                    : classifier.accuracies(weights, buffers: buffers, inputs: data.tensor, labels: data.labels))
        }
        let losses = classifier.losses(
            weights, buffers: buffers, inputs: split.train.tensor, labels: split.train.labels,
            classes: split.train.classCount)
        var columns = ZooColumns(count: records.count)
        columns["train_loss"] = .real(losses.map { $0.isFinite ? $0 : .nan })
        columns["train_accuracy"] = accuracies(split.train)
        columns["validation_accuracy"] = accuracies(split.validation)
        columns["test_accuracy"] = accuracies(split.test)
        return columns
    }
}
