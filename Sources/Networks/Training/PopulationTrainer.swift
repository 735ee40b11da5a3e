import Tensors

/// Trains a population of networks side by side, on rows of one table, towards any loss.
///
/// Each network draws its minibatches and its dropout from its own seed, so that its bytes depend on the settings, the
/// rows, its seed and the weights it starts from; not on the networks beside it, nor on where training was interrupted.
/// Zoos are trained by it; so is whatever else is a loss of a population's outputs and a minibatch:
///
///     let trainer = PopulationTrainer(network, inputs: table, settings: settings) { outputs, batch in
///         Loss.perSample(outputs, batch.oneHot(labels, classes: 10)) { Loss.crossEntropy($0, targets: $1) }
///     }
///     var state = trainer.start(weights, seeds: seeds)        // fresh weights [P, D], or those of a zoo
///     try trainer.run(&state)
public struct PopulationTrainer: Sendable {
    /// How steps are taken.
    public struct Settings: Sendable {
        /// Samples in a minibatch; every network draws its own.
        public var batch: Int
        /// Passes over the rows.
        public var epochs: Int
        /// The learning rate by step.
        public var schedule: any Schedule
        /// Makes the optimizer of a population of weights of that shape.
        public var optimizer: @Sendable (Shape) -> any Optimizer
        /// The limit on each network's gradient.
        public var clip: GradientClip?
        /// Decay of a moving average of the weights; nil keeps none.
        public var averageDecay: Double?
        /// What the randomness is for: minibatches are drawn under "purpose.order", dropout under "purpose.dropout".
        public var purpose: String

        /// Describes a training, by default with AdamW at a constant rate; traps unless batch and epochs are positive.
        public init(
            batch: Int = 32, epochs: Int, schedule: any Schedule = ConstantSchedule(1e-3), clip: GradientClip? = nil,
            averageDecay: Double? = nil, purpose: String,
            optimizer: @escaping @Sendable (Shape) -> any Optimizer = { AdamW(shape: $0) }
        ) {
            precondition(batch > 0 && epochs > 0, "population trainer: batch \(batch), epochs \(epochs)")
            (self.batch, self.epochs, self.schedule) = (batch, epochs, schedule)
            (self.clip, self.averageDecay, self.purpose) = (clip, averageDecay, purpose)
            self.optimizer = optimizer
        }
    }

    /// The losses of a population's networks on a minibatch.
    ///
    /// - outputs: [P, B, out], what the networks say of the minibatch's rows.
    /// - returns each network's loss, [P], or each sample's, [P, B], of which the trainer takes the mean: weighted by
    ///   the samples' weights where there are any.
    public typealias MinibatchLoss = @Sendable (_ outputs: Tensor, _ batch: Minibatch) -> Tensor

    /// What the networks compute.
    public let network: any Network
    /// The rows to learn from, [N, features].
    public let inputs: Tensor
    /// How much each row counts, [N], or each network's own, [networks, N]; nil: all alike.
    public let sampleWeights: Tensor?
    /// How steps are taken.
    public let settings: Settings
    private let loss: MinibatchLoss

    /// Prepares a training; traps unless inputs are [N, features], N > 0, and `sampleWeights` [N] or [networks, N].
    public init(
        _ network: any Network, inputs: Tensor, sampleWeights: Tensor? = nil, settings: Settings,
        loss: @escaping MinibatchLoss
    ) {
        precondition(inputs.rank >= 2 && inputs.shape[0] > 0, "population trainer: inputs \(inputs.shape)")
        if let shape = sampleWeights?.shape {
            precondition(
                (1...2).contains(shape.count) && shape[shape.count - 1] == inputs.shape[0],
                "population trainer: weights \(shape) of \(inputs.shape[0]) samples")
        }
        (self.network, self.inputs, self.sampleWeights) = (network, inputs, sampleWeights)
        (self.settings, self.loss) = (settings, loss)
    }

    /// Steps in an epoch of `rows` rows: rows / batch, rounded; at least one.
    public static func stepsPerEpoch(rows: Int, batch: Int) -> Int {
        max(1, Int((Double(rows) / Double(batch)).rounded()))
    }

    /// Steps in an epoch.
    public var stepsPerEpoch: Int { Self.stepsPerEpoch(rows: inputs.shape[0], batch: settings.batch) }
    /// Steps of the whole training.
    public var steps: Int { settings.epochs * stepsPerEpoch }

    /// Networks before the first step: weights [P, D], fresh ones or a zoo's, one seed each.
    ///
    /// - buffers: the networks' own; untrained ones where not given. Traps where shapes do not fit.
    public func start(_ weights: Tensor, buffers: Buffers? = nil, seeds: [UInt64]) -> PopulationState {
        PopulationState(
            weights: weights, buffers: buffers, layout: network.layout, seeds: seeds,
            optimizer: settings.optimizer(weights.shape), averageDecay: settings.averageDecay)
    }

    /// Takes one step with every network that still trains; returns their losses before it, [live].
    public func step(_ state: inout PopulationState) -> Tensor {
        let batch = minibatch(&state)
        let index = UInt64(state.step)
        var pass = ForwardPass.training(
            state.buffers,
            streams: state.live.map {
                RandomStream(seed: state.seeds[$0], purpose: "\(settings.purpose).dropout", index: index)
            })
        let x = batch.gathered(inputs)
        var losses = Tensor.zeros([0])
        let gradient = flatGradient(at: state.weights) { flat in
            let outputs = network(Parameters(layout: network.layout, flat: flat), x, &pass)
            let own = batch.mean(loss(outputs, batch))
            losses = own.detached
            return own.sum()
        }.gradient
        state.buffers = pass.buffers
        state.advance(along: gradient, clippedTo: settings.clip, rate: settings.schedule.rate(at: state.step))
        return losses
    }

    /// Trains to the end.
    ///
    /// - stopping: which networks go on after an epoch, asked at the end of each; by default those whose loss and
    ///   weights are finite.
    /// - observe: sees the state and the losses of the networks that took it after every step, and may throw to
    ///   interrupt; a further call goes on with the same bytes.
    public func run(
        _ state: inout PopulationState, stopping: StoppingRule = .finite,
        observe: (_ state: PopulationState, _ losses: Tensor) throws -> Void = { _, _ in }
    ) throws {
        while state.step < steps, !state.live.isEmpty {
            let losses = step(&state)
            if state.step % stepsPerEpoch == 0 {
                let epoch = state.step / stepsPerEpoch
                let staying = try stopping.networks(&state, epoch, losses.doubles)
                try state.keep(staying, optimizer: settings.optimizer)
            }
            try observe(state, losses)
        }
    }

    private func minibatch(_ state: inout PopulationState) -> Minibatch {
        let (networks, rows) = (state.live, inputs.shape[0])
        let drawn = state.nextRows(settings.batch, of: rows, purpose: "\(settings.purpose).order")
        let weights = sampleWeights.map { table in
            let places =
                table.rank == 1
                ? drawn
                : drawn.enumerated().map { index, row in
                    row + Int32(networks[index / settings.batch] * rows)
                }
            return table.reshaped([-1]).gathered(axis: 0, places).reshaped([networks.count, settings.batch])
        }
        return Minibatch(networks: networks, rows: drawn, size: settings.batch, weights: weights)
    }
}

/// The rows that a population's networks look at in one step, each network's own.
public struct Minibatch: Sendable {
    /// Places of the networks among all that training began with.
    public let networks: [Int]
    /// Their rows in the table, network by network: P times B of them.
    public let rows: [Int32]
    /// B, the samples of one network.
    public let size: Int
    /// How much each sample counts, [P, B]; nil: all alike.
    public let weights: Tensor?

    /// What a table [N, ...] says of the rows, [P, B, ...].
    public func gathered(_ table: Tensor) -> Tensor {
        table.gathered(axis: 0, rows).reshaped(Shape([networks.count, size] + table.shape.array.dropFirst()))
    }

    /// The classes of the rows, of which `labels` has one for each row of the table, as vectors [P, B, classes].
    public func oneHot(_ labels: [Int32], classes: Int) -> Tensor {
        Tensor.oneHot(rows.map { labels[Int($0)] }, classes: classes).reshaped([networks.count, size, -1])
    }

    /// Each network's loss [P]: losses [P] as they are, of losses [P, B] the mean, weighted where samples have weights.
    ///
    /// The weighted mean is sum_b w_b l_b / sum_b w_b, and 0 where all weights are 0. Traps on another shape, and on
    /// [P] where samples have weights, which would count for nothing.
    func mean(_ losses: Tensor) -> Tensor {
        if losses.rank == 1 {
            precondition(
                weights == nil && losses.shape == [networks.count],
                "population trainer: losses \(losses.shape), with sample weights [P, B] are needed")
            return losses
        }
        precondition(
            losses.shape == [networks.count, size],
            "population trainer: losses \(losses.shape) for \(networks.count) networks, \(size) samples")
        guard let weights else { return losses.mean(axes: [1]) }
        let total = weights.sum(axes: [1])
        let none = total.isEqual(to: .zeros([], precision: total.precision))
        return (losses * weights).sum(axes: [1]) / (total + none)
    }
}
