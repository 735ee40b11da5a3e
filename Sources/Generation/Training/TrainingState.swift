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

    /// What samples are drawn with: the average if there is one, else the final weights; never the luckiest minibatch's.
    public var samplingParameters: Tensor { average ?? parameters }

    mutating func advance(along gradient: Tensor, rate: Double, emaDecay: Double?) {
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

/// Indices of minibatches: every epoch a new order of all rows, minibatches running across its end.
struct EpochOrder {
    private let count: Int
    private let seed: UInt64
    private var position: Int
    private var epoch = -1
    private var order: [Int] = []

    /// Starts behind `position` indices.
    init(count: Int, seed: UInt64, position: Int) {
        self.count = count
        self.seed = seed
        self.position = position
    }

    /// The next `batch` row indices.
    mutating func next(_ batch: Int) -> [Int32] {
        (0..<batch).map { _ in
            if position / count != epoch {
                epoch = position / count
                var stream = RandomStream(seed: seed, purpose: "flow.order", index: UInt64(epoch))
                order = stream.permutation(count)
            }
            defer { position += 1 }
            return Int32(order[position % count])
        }
    }
}
