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
