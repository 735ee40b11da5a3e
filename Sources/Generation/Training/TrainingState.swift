import Networks
import Tensors

/// Everything a training run needs to go on: weights, moments, average, the weights to fall back on, and the counters.
public struct TrainingState: Sendable {
    /// Weights after `step` steps, [D].
    public internal(set) var parameters: Tensor
    /// Exponential moving average of the weights, where one is kept.
    public internal(set) var average: Tensor?
    /// The weights of the best held-out check where patience stops the run, else those of the last check with finite
    /// weights; before any such check the start's, nil where these are not finite.
    public internal(set) var kept: Tensor?
    /// The numbers beside the tensors.
    public internal(set) var counters = TrainingCounters()
    /// Moments.
    public internal(set) var optimizer: AdamW

    /// Steps taken.
    public var step: Int { optimizer.step }

    /// The state before the first step from weights [D].
    public init(parameters: Tensor, config: TrainingConfig) {
        precondition(parameters.rank == 1, "TrainingState: parameters \(parameters.shape)")
        self.parameters = parameters
        kept = parameters.isFinite ? parameters : nil
        optimizer = AdamW(shape: parameters.shape, betas: (0.9, config.beta2), decay: config.decay)
    }

    /// What samples are drawn with: the weights of the best held-out check where patience stops the run; else the
    /// average if one is kept, else the final weights; where the loss was not finite those last seen to be finite
    /// at a check, before any check the untrained ones. Never the luckiest minibatch's.
    public var samplingParameters: Tensor {
        if let kept, counters.bestLoss != nil || counters.divergedAt != nil { return kept }
        return current
    }

    /// The average if there is one, else the weights.
    var current: Tensor { average ?? parameters }

    mutating func advance(along gradient: FlatGradient, rate: Double, emaDecay: Double?) {
        optimizer.update(&parameters, along: gradient, rate: rate)
        guard let emaDecay else { return }
        // Early on the average follows the weights closely, so that it does not remember the start.
        let decay = min(emaDecay, Double(step + 1) / Double(step + 10))
        if average == nil {
            average = parameters
        } else {
            average?.interpolate(toward: parameters, by: 1 - decay)
        }
    }

    /// Takes in a held-out check: nil where nothing is held out. `patience` as in `TrainingConfig`.
    mutating func check(_ heldOut: Double?, patience: Int) {
        guard patience > 0, let heldOut else {
            if current.isFinite { (kept, counters.keptStep) = (current, step) }
            return
        }
        if heldOut.isFinite, heldOut < counters.bestLoss ?? .infinity {
            (kept, counters.keptStep, counters.bestStep) = (current, step, step)
            (counters.bestLoss, counters.bestRecentLoss, counters.checksSinceBest) = (heldOut, counters.recentLoss, 0)
        } else {
            counters.checksSinceBest += 1
        }
    }
}
