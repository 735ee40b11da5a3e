import Networks
import Tensors

/// Trains networks of one recipe as populations: same architecture, settings and data, each from its own seed and
/// minibatches.
///
/// A network's bytes depend on the recipe, the data and its own seed; not on the networks beside it.
public struct ZooTrainer: Sendable {
    /// The settings by which the networks are trained.
    public let recipe: ZooRecipe
    let network: any Network
    /// Takes the steps.
    let trainer: PopulationTrainer
    private let validation: (inputs: Tensor, labels: [Int32])

    /// Networks trained side by side; fixed, and results do not depend on it.
    public static let group = 10

    /// Prepares training; throws `DataError.configuration` where the recipe does not fit the data.
    public init(recipe: ZooRecipe, split: DatasetSplit) throws {
        try recipe.check(fits: split)
        self.recipe = recipe
        validation = (split.validation.tensor, split.validation.labels)
        network = recipe.architecture.network
        let (labels, classes) = (split.train.labels, split.train.classCount)
        let smoothing = recipe.training.smoothing
        trainer = PopulationTrainer(
            network, inputs: split.train.tensor, settings: recipe.training.settings(rows: split.train.count)
        ) { outputs, batch in
            Loss.crossEntropy(outputs, targets: batch.oneHot(labels, classes: classes), smoothing: smoothing)
        }
    }

    /// What came out of training.
    public struct Population: Sendable {
        /// Selected weights, [P, D].
        public let weights: Tensor
        /// Epoch of each network's selected checkpoint, from 1; 0 where it diverged before the first.
        public let epochs: [Int]
    }

    /// Trains the networks of the given seeds. `progress` is given the steps done by groups of networks, and may throw
    /// to stop.
    public func train(
        seeds: [UInt64], progress: (_ done: Int, _ total: Int) throws -> Void
    ) throws -> Population {
        let groups = Self.groups(of: seeds)
        let records = try SharedSteps.sideBySide(groups.count, report: { try progress($0, groups.count * steps) }) {
            index, report in
            var group = start(groups[index])
            try run(&group) { try report($0.step) }
            return group.records
        }.flatMap(\.self)
        try progress(groups.count * steps, groups.count * steps)
        return Population(
            weights: Tensor(records.flatMap(\.weights), shape: [seeds.count, network.layout.count]),
            epochs: records.map(\.epoch))
    }

    /// Members in groups of at most `group`.
    static func groups<Member>(of members: [Member]) -> [[Member]] {
        stride(from: 0, to: members.count, by: group).map { Array(members[$0..<min(members.count, $0 + group)]) }
    }

    /// Steps of an epoch.
    var stepsPerEpoch: Int { trainer.stepsPerEpoch }
    /// Steps of the whole training.
    var steps: Int { trainer.steps }

    /// The networks of the given seeds before the first step.
    func start(_ seeds: [UInt64]) -> TrainingGroup {
        let weights = recipe.initialization.population(network.layout, seeds: seeds)
        return TrainingGroup(
            trainer.start(weights, seeds: seeds), keepsTrajectory: recipe.checkpoints.every > 0)
    }

    /// Trains a group on to its end; `each` sees it after every step, and may throw to stop.
    func run(_ group: inout TrainingGroup, each: (borrowing TrainingGroup) throws -> Void) throws {
        while group.step < steps, !group.live.isEmpty {
            let losses = trainer.step(&group.population)
            if group.step % stepsPerEpoch == 0 {
                try finishEpoch(&group, losses: losses.doubles)
            } else if recipe.keepsCheckpoint(step: group.step, of: stepsPerEpoch) {
                group.recordCheckpoint()
            }
            try each(group)
        }
    }

    /// Lets go who is at an end, records a checkpoint where one is due, and selects.
    private func finishEpoch(_ group: inout TrainingGroup, losses: [Double]) throws {
        let (epoch, settings) = (group.step / stepsPerEpoch, recipe.training)
        try group.dismissDiverged(epoch: epoch, losses: losses, trainer)
        let keepsTrajectory = recipe.checkpoints.areKept
        guard !group.live.isEmpty, !keepsTrajectory || recipe.keepsCheckpoint(step: group.step, of: stepsPerEpoch)
        else { return }
        if keepsTrajectory { group.recordCheckpoint() }
        guard recipe.selection == .bestValidation else {
            group.select(Array(group.live.indices), epoch: epoch)
            return
        }
        group.select(group.population.take(scores: validationAccuracies(group), epoch: epoch), epoch: epoch)
        guard settings.patience > 0 else { return }
        try group.population.keep(
            group.population.patientRows(epoch: epoch, patience: settings.patience),
            optimizer: trainer.settings.optimizer)
    }

    /// A network whose outputs are not numbers is never right.
    private func validationAccuracies(_ group: TrainingGroup) -> [Double] {
        Classifier(network).accuracies(
            group.population.weights, buffers: group.population.buffers?.flat, inputs: validation.inputs,
            labels: validation.labels
        ).map { $0.isNaN ? 0 : $0 }
    }
}

extension ZooTrainer {
    /// Trains the zoo of a recipe in memory: all networks with their facts.
    ///
    /// Columns: split, seed, epoch, train_loss, train_accuracy, validation_accuracy, test_accuracy; `selected` with
    /// trajectories, `task` with tasks, `diverged` where a network did. `progress` is given the number of steps that
    /// are done and may throw to stop. Throws `DataError` for data that is missing or does not fit.
    public static func zoo(
        _ recipe: ZooRecipe, catalog: DatasetCatalog, progress: (_ done: Int, _ total: Int) throws -> Void
    ) throws -> Zoo {
        try ZooTraining(arms: [.init(recipe: recipe)], catalog: catalog).train(report: progress).zoo()
    }
}
