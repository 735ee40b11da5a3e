import Tensors

/// Adam with decoupled weight decay on one flat vector; Adam itself at decay 0.
///
/// Reference: Loshchilov & Hutter, 2019, algorithm 2; defaults and order of operations are PyTorch's.
public struct AdamW: Sendable {
    /// beta1 and beta2.
    public let betas: (Double, Double)
    /// Added to the root of the second moment.
    public let epsilon: Double
    /// Decoupled weight decay, multiplied by the rate.
    public let decay: Double
    /// Steps taken.
    public private(set) var step = 0
    /// First and second moments, the shape of the parameters.
    public private(set) var moments: (first: Tensor, second: Tensor)

    /// Starts with zero moments of the given shape.
    public init(
        shape: Shape, precision: Precision = .single, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
        decay: Double = 0
    ) {
        self.betas = betas
        self.epsilon = epsilon
        self.decay = decay
        moments = (.zeros(shape, precision: precision), .zeros(shape, precision: precision))
    }

    /// Goes on from recorded moments after `step` steps.
    public init(
        step: Int, firstMoment: Tensor, secondMoment: Tensor, betas: (Double, Double), epsilon: Double = 1e-8,
        decay: Double
    ) {
        self.betas = betas
        self.epsilon = epsilon
        self.decay = decay
        self.step = step
        moments = (firstMoment, secondMoment)
    }

    /// Takes one step at the given learning rate.
    public mutating func update(_ parameters: inout Tensor, along gradient: Tensor, rate: Double) {
        update(&parameters, along: FlatGradient(gradient), rate: rate)
    }

    /// Takes one step along a gradient whose weight parts need not be formed (`flatGradient`).
    public mutating func update(_ parameters: inout Tensor, along gradient: FlatGradient, rate: Double) {
        step += 1
        Tensor.stepAdamW(
            &parameters, gradient: gradient, firstMoment: &moments.first, secondMoment: &moments.second, step: step,
            rate: rate, beta1: betas.0, beta2: betas.1, epsilon: epsilon, decay: decay)
    }
}

extension AdamW: Optimizer {
    /// Both moments.
    public var state: [NamedTensor] {
        [NamedTensor("first_moment", moments.first), NamedTensor("second_moment", moments.second)]
    }

    /// Goes on from recorded moments after `step` steps.
    public mutating func restore(step: Int, state: [NamedTensor]) throws {
        let found = try state.inOrder(of: self.state)
        self = AdamW(
            step: step, firstMoment: found[0], secondMoment: found[1], betas: betas, epsilon: epsilon, decay: decay)
    }
}

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
