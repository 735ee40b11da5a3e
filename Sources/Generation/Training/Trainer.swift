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
    ///
    /// Traps where minibatches are to be computed in parts, which this loss does not know.
    public func run(
        _ state: inout TrainingState, count: Int, loss: MinibatchLoss,
        validation: ((_ parameters: Tensor) -> Double)? = nil, observe: (TrainingStep) throws -> Bool
    ) rethrows -> TrainingOutcome {
        precondition(config.microBatches == 1, "Trainer: \(config.microBatches) parts of a loss that has none")
        var minibatches = MinibatchParts(of: self, count: count, from: state.step)
        return try steps(
            &state,
            gradient: { flat in
                let (rows, start) = minibatches.next()
                let (value, gradient) = flatGradient(at: flat) { weights in
                    var stream = start
                    return loss(weights, rows, &stream)
                }
                return (value.scalar, gradient)
            }, validation: validation, observe: observe)
    }

    /// The same with minibatches that can be computed in parts (`TrainingConfig.microBatches`).
    public func run(
        _ state: inout TrainingState, count: Int, parts draw: MinibatchParts.Draw,
        validation: ((_ parameters: Tensor) -> Double)? = nil, observe: (TrainingStep) throws -> Bool
    ) rethrows -> TrainingOutcome {
        var minibatches = MinibatchParts(of: self, count: count, from: state.step)
        return try steps(
            &state, gradient: { minibatches.gradient(at: $0, draw) }, validation: validation, observe: observe)
    }

    /// The same on several ranks, of which this is rank 0: the same bytes at any number of them. Throws what `observe` and
    /// the helpers throw; they are not dismissed, as further calls may go on. Traps where a minibatch has one part.
    public func run(
        _ state: inout TrainingState, count: Int, parts draw: MinibatchParts.Draw, with helpers: any PartHelpers,
        validation: ((_ parameters: Tensor) -> Double)? = nil, observe: (TrainingStep) throws -> Bool
    ) throws -> TrainingOutcome {
        precondition(config.microBatches > 1, "Trainer: a minibatch of one part for \(helpers.ranks) ranks")
        var minibatches = MinibatchParts(of: self, count: count, from: state.step)
        return try steps(
            &state, gradient: { try minibatches.gradient(at: $0, draw, with: helpers) }, validation: validation,
            observe: observe)
    }

    private func steps(
        _ state: inout TrainingState, gradient: (Tensor) throws -> (loss: Double, gradient: FlatGradient),
        validation: ((_ parameters: Tensor) -> Double)?, observe: (TrainingStep) throws -> Bool
    ) rethrows -> TrainingOutcome {
        let schedule = config.schedule
        let clip: GradientClip? = config.clip > 0 ? .norm(config.clip) : nil
        while state.step < config.steps {
            if let outcome = ended(state) { return outcome }
            let (loss, gradient) = try gradient(state.parameters)
            guard loss.isFinite else {
                state.counters.divergedAt = state.step
                return .diverged(step: state.step)
            }
            state.counters.add(loss, step: state.step)
            let rate = schedule.rate(at: state.step)
            state.advance(along: gradient, clippedTo: clip, rate: rate)
            let found = check(&state, validation)
            if try !observe(TrainingStep(step: state.step, loss: loss, validation: found)) { break }
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
