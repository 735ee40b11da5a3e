import Networks
import Tensors

/// The one training loop: AdamW steps along minibatch losses of one flat vector of weights, for flows, diffusions and
/// autoencoders.
///
/// All randomness of step k comes from (seed, purpose, k), so a resumed run gives the same bytes.
public struct Trainer: Sendable {
    /// Settings.
    public let config: TrainingConfig
    /// Key of all randomness.
    public let seed: UInt64
    /// What the randomness is for: the minibatches' order is drawn under "purpose.order", step k's under
    /// "purpose.step".
    public let purpose: String

    /// The loss [] of one minibatch: weights [D], the indices of its rows, and the stream of all its draws.
    public typealias MinibatchLoss = (_ parameters: Tensor, _ rows: [Int32], _ stream: inout RandomStream) -> Tensor

    /// Prepares a run.
    public init(config: TrainingConfig, seed: UInt64, purpose: String) {
        self.config = config
        self.seed = seed
        self.purpose = purpose
    }

    /// Takes steps from `state` on until all are taken, the validation loss has stopped falling, the loss is not
    /// finite, or `observe` returns false (then a further call goes on). A run that ends far above its start has
    /// diverged too (`TrainingCounters.hasExploded`).
    ///
    /// - count: number of rows that minibatches are drawn from.
    /// - validation: the loss on validation rows of weights [D], asked every `checkEvery` steps and after the last.
    public func run(
        _ state: inout TrainingState, count: Int, loss: MinibatchLoss,
        validation: ((_ parameters: Tensor) -> Double)? = nil, observe: (TrainingStep) throws -> Bool
    ) rethrows -> TrainingOutcome {
        let schedule = config.schedule
        let clip: GradientClip? = config.clip > 0 ? .norm(config.clip) : nil
        var order = EpochOrder(
            count: count, seed: seed, purpose: "\(purpose).order", position: state.step * config.batch)
        while state.step < config.steps {
            if let outcome = ended(state) { return outcome }
            let rows = order.next(config.batch)
            let start = RandomStream(seed: seed, purpose: "\(purpose).step", index: UInt64(state.step))
            let (value, gradient) = flatGradient(at: state.parameters) { flat in
                var stream = start
                return loss(flat, rows, &stream)
            }
            guard value.scalar.isFinite else {
                state.counters.divergedAt = state.step
                return .diverged(step: state.step)
            }
            state.counters.add(value.scalar, step: state.step)
            let rate = schedule.rate(at: state.step)
            state.advance(along: gradient, clippedTo: clip, rate: rate)
            let found = check(&state, validation)
            if try !observe(TrainingStep(step: state.step, loss: value.scalar, validation: found)) { break }
        }
        return ended(state) ?? .finished
    }

    /// How the run ended, if it did, and otherwise than by its last step.
    private func ended(_ state: TrainingState) -> TrainingOutcome? {
        if let step = state.counters.divergedAt { return .diverged(step: step) }
        let isStopped = config.patience > 0 && state.counters.checksSinceBest >= config.patience
        if isStopped || state.step >= config.steps, state.counters.hasExploded { return .diverged(step: state.step) }
        return isStopped ? .stopped(step: state.step) : nil
    }

    /// The validation loss after a step that is to be checked.
    private func check(_ state: inout TrainingState, _ validation: ((Tensor) -> Double)?) -> Double? {
        guard state.step.isMultiple(of: max(config.checkEvery, 1)) || state.step == config.steps else { return nil }
        let found = validation.map { $0(state.current) }
        state.check(found, patience: config.patience)
        return found
    }
}

/// What a run tells its observer after every step.
public struct TrainingStep: Sendable, Equatable {
    /// Steps taken, from 1.
    public let step: Int
    /// The minibatch loss that the step was taken along.
    public let loss: Double
    /// The loss on validation rows after the step, where it was checked.
    public let validation: Double?
}

/// How a training run ended.
public enum TrainingOutcome: Sendable, Equatable {
    /// All steps were taken, or `observe` stopped the run.
    case finished
    /// After this many steps the validation loss had not fallen for `patience` checks; the best check's weights are
    /// used, or the last ones where it was finite at no check.
    case stopped(step: Int)
    /// At this step the loss was not finite, and the weights last seen to be finite at a check, or else the untrained
    /// ones, are used; or training ended after so many steps with a loss that had exploded
    /// (`TrainingCounters.hasExploded`).
    case diverged(step: Int)
}
