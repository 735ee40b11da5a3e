import Tensors

/// An exponential moving average of parameters: a <- decay a + (1 - decay) p, but a <- p at first.
///
/// PyTorch's AveragedModel with get_ema_multi_avg_fn.
public struct MovingAverage: Sendable {
    /// Share of the average that a step keeps, in [0, 1].
    public let decay: Double
    /// The average, once there is one.
    public private(set) var value: Tensor?

    /// Starts without a value, or goes on from a recorded one; traps on a decay outside [0, 1].
    public init(decay: Double, value: Tensor? = nil) {
        precondition(decay >= 0 && decay <= 1, "moving average: decay \(decay)")
        self.decay = decay
        self.value = value
    }

    /// Takes in the parameters after a step, [D] or [P, D].
    public mutating func update(with parameters: Tensor) { update(with: parameters, decay: decay) }

    /// Takes in the parameters after `step` steps with a decay of (step + 1) / (step + 10) until that exceeds `decay`:
    /// early on the average follows the weights closely, so that it does not remember the start (TensorFlow's
    /// ExponentialMovingAverage with `num_updates`).
    public mutating func update(with parameters: Tensor, after step: Int) {
        update(with: parameters, decay: min(decay, Double(step + 1) / Double(step + 10)))
    }

    private mutating func update(with parameters: Tensor, decay: Double) {
        if value == nil {
            value = parameters
        } else {
            value?.interpolate(toward: parameters, by: 1 - decay)
        }
    }
}
