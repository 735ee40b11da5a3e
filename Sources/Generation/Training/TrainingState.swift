import Networks
import Tensors

/// Everything a training run needs to go on: weights, moments, average and step.
public struct TrainingState: Sendable {
    /// Weights after `step` steps, [D].
    public internal(set) var parameters: Tensor
    /// Exponential moving average of the weights, where one is kept.
    public internal(set) var average: Tensor?
    /// Steps taken.
    public var step: Int { optimizer.step }
    /// Moments.
    public internal(set) var optimizer: AdamW

    init(parameters: Tensor, beta2: Double, decay: Double) {
        self.parameters = parameters
        optimizer = AdamW(shape: parameters.shape, betas: (0.9, beta2), decay: decay)
    }

    /// Goes on from recorded rows [3 or 4, D]: weights, first moment, second moment, and the average where one is kept.
    public init(rows: Tensor, step: Int, config: FlowMatching.Config) {
        precondition(rows.rank == 2 && (3...4).contains(rows.shape[0]), "TrainingState: rows \(rows.shape)")
        func row(_ index: Int) -> Tensor { rows.selected(axis: 0, index) + 0 }
        parameters = row(0)
        average = rows.shape[0] == 4 ? row(3) : nil
        optimizer = AdamW(
            step: step, firstMoment: row(1), secondMoment: row(2), betas: (0.9, config.beta2), decay: config.decay)
    }

    /// Weights, first moment, second moment, and the average where one is kept, as rows [3 or 4, D].
    public var rows: Tensor {
        let all = [parameters, optimizer.moments.first, optimizer.moments.second] + (average.map { [$0] } ?? [])
        return .concatenate(all.map { $0.reshaped([1, -1]) }, axis: 0)
    }

    /// What samples are drawn with: the average if there is one, else the final weights; never the luckiest minibatch's.
    public var samplingParameters: Tensor { average ?? parameters }

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
}
