import Networks
import Tensors

/// Trains networks of one recipe as populations: same architecture, settings and data, each from its own seed and
/// minibatches.
///
/// A network's bytes depend on the recipe, the data and its own seed; not on the networks beside it.
public struct ZooTrainer: Sendable {
    /// What to train.
    public let recipe: ZooRecipe
    let network: any Network
    private let train: (inputs: Tensor, labels: [Int32], classes: Int)
    private let validation: (inputs: Tensor, labels: [Int32])
    private let schedule: any Schedule

    /// Networks trained side by side; fixed, and results do not depend on it.
    public static let group = 10

    /// Prepares training; throws `DataError.configuration` where the recipe does not fit the data.
    public init(recipe: ZooRecipe, split: DatasetSplit) throws {
        try recipe.check(fits: split)
        self.recipe = recipe
        train = (split.train.tensor, split.train.labels, split.train.classCount)
        validation = (split.validation.tensor, split.validation.labels)
        network = recipe.architecture.network
        schedule = recipe.training.makeSchedule(
            stepsPerEpoch: recipe.training.stepsPerEpoch(rows: split.train.count))
    }

    /// What came out of training.
    public struct Population: Sendable {
        /// Selected weights, [P, D].
        public let weights: Tensor
        /// Epoch of each network's selected checkpoint, from 1; 0 where it diverged before the first.
        public let epochs: [Int]
    }

    /// Trains the networks of the given seeds. `progress` is told the steps done by groups of networks, and may throw
    /// to stop.
    public func train(
        seeds: [UInt64], progress: (_ done: Int, _ total: Int) throws -> Void
    ) throws -> Population {
        let groups = Self.groups(of: seeds)
        var records: [TrainingGroup.Record] = []
        for (index, seeds) in groups.enumerated() {
            var group = start(seeds)
            try run(&group, seeds: seeds) { try progress(index * steps + $0.step, groups.count * steps) }
            records += group.records
        }
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
    var stepsPerEpoch: Int { recipe.training.stepsPerEpoch(rows: train.labels.count) }
    /// Steps of the whole training.
    var steps: Int { recipe.training.epochs * stepsPerEpoch }

    /// The networks of the given seeds before the first step.
    func start(_ seeds: [UInt64]) -> TrainingGroup {
        let weights = recipe.initialization.population(network.layout, seeds: seeds)
        return TrainingGroup(
            weights: weights, layout: network.layout,
            optimizer: recipe.training.makeOptimizer(shape: weights.shape),
            keepsTrajectory: recipe.checkpoints.every > 0)
    }

    /// Trains a group on to its end; `each` sees it after every step, and may throw to stop.
    func run(
        _ group: inout TrainingGroup, seeds: [UInt64], each: (borrowing TrainingGroup) throws -> Void
    ) throws {
        var (orders, ordered) = ([EpochOrder](), [Int]())
        while group.step < steps, !group.live.isEmpty {
            if ordered != group.live {
                ordered = group.live
                orders = ordered.map { order(seed: seeds[$0], behind: group.step) }
            }
            let losses = takeStep(&group, seeds: seeds, &orders)
            if group.step % stepsPerEpoch == 0 {
                try finishEpoch(&group, losses: losses.doubles)
            } else if recipe.keepsCheckpoint(step: group.step, of: stepsPerEpoch) {
                group.recordCheckpoint()
            }
            try each(group)
        }
    }

    /// Returns the networks' losses, [P], as they were before the step.
    private func takeStep(_ group: inout TrainingGroup, seeds: [UInt64], _ orders: inout [EpochOrder]) -> Tensor {
        let (inputs, targets) = minibatch(&orders)
        let index = UInt64(group.step)
        var pass = ForwardPass.training(
            group.buffers,
            streams: group.live.map { RandomStream(seed: seeds[$0], purpose: "zoo.dropout", index: index) })
        var losses = Tensor.zeros([0])
        let gradient = flatGradient(at: group.weights) { flat in
            let logits = network(Parameters(layout: network.layout, flat: flat), inputs, &pass)
            let own = Loss.crossEntropy(logits, targets: targets, smoothing: recipe.training.smoothing)
            losses = own.detached
            return own.sum()
        }.gradient
        group.buffers = pass.buffers
        group.optimizer.update(&group.weights, along: gradient, rate: schedule.rate(at: group.step))
        group.step += 1
        return losses
    }

    /// Lets go who is at an end, records a checkpoint where one is due, and selects.
    private func finishEpoch(_ group: inout TrainingGroup, losses: [Double]) throws {
        let (epoch, settings) = (group.step / stepsPerEpoch, recipe.training)
        try group.dismissDiverged(epoch: epoch, losses: losses, optimizer: settings.makeOptimizer)
        let keepsTrajectory = recipe.checkpoints.areKept
        guard !group.live.isEmpty, !keepsTrajectory || recipe.keepsCheckpoint(step: group.step, of: stepsPerEpoch)
        else { return }
        if keepsTrajectory { group.recordCheckpoint() }
        let isJudged = recipe.selection == .bestValidation
        group.select(epoch: epoch, scores: isJudged ? validationAccuracies(group) : nil)
        guard isJudged, settings.patience > 0 else { return }
        try group.keep(
            rows: group.live.indices.filter { epoch - group.records[group.live[$0]].epoch < settings.patience },
            optimizer: settings.makeOptimizer)
    }

    private func order(seed: UInt64, behind step: Int) -> EpochOrder {
        EpochOrder(
            count: train.labels.count, seed: seed, purpose: "zoo.order", position: step * recipe.training.batch)
    }

    /// Inputs [P, B, features] and one-hot targets [P, B, C], each network's own rows.
    private func minibatch(_ orders: inout [EpochOrder]) -> (inputs: Tensor, targets: Tensor) {
        let batch = recipe.training.batch
        var rows: [Int32] = []
        rows.reserveCapacity(orders.count * batch)
        for index in orders.indices { rows += orders[index].next(batch) }
        let labels = rows.map { train.labels[Int($0)] }
        let shape: Shape = [orders.count, batch, -1]
        return (
            train.inputs.gathered(axis: 0, rows).reshaped(shape),
            Tensor.oneHot(labels, classes: train.classes).reshaped(shape)
        )
    }

    private func validationAccuracies(_ group: TrainingGroup) -> [Double] {
        Classifier(network).accuracies(
            group.weights, buffers: group.buffers?.flat, inputs: validation.inputs, labels: validation.labels)
    }
}
