import Tensors

/// Adam with weight decay as part of the gradient, g + decay p (Kingma & Ba, 2015, algorithm 1).
///
/// PyTorch's torch.optim.Adam. For decay that does not pass through the moments see `AdamW`; at decay 0 both are the
/// same.
public struct Adam: Optimizer {
    /// L2 penalty's factor.
    public let decay: Double
    private var core: AdamW

    /// Starts with zero moments of the given shape.
    public init(
        shape: Shape, precision: Precision = .single, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
        decay: Double = 0
    ) {
        self.decay = decay
        core = AdamW(shape: shape, precision: precision, betas: betas, epsilon: epsilon)
    }

    /// Steps taken.
    public var step: Int { core.step }
    /// Both moments.
    public var state: [NamedTensor] { core.state }

    /// Goes on from recorded moments after `step` steps.
    public mutating func restore(step: Int, state: [NamedTensor]) throws {
        try core.restore(step: step, state: state)
    }

    /// Takes one step at the given learning rate.
    public mutating func update(_ parameters: inout Tensor, along gradient: Tensor, rate: Double) {
        core.update(&parameters, along: decay == 0 ? gradient : gradient + parameters * decay, rate: rate)
    }

    /// Takes one step along a gradient that is formed only where weights decay.
    public mutating func update(_ parameters: inout Tensor, along gradient: FlatGradient, rate: Double) {
        if decay == 0 {
            core.update(&parameters, along: gradient, rate: rate)
        } else {
            update(&parameters, along: gradient.formed, rate: rate)
        }
    }
}
