import Tensors

/// Gradient descent, with momentum if asked (Polyak, 1964; Nesterov's form as in Sutskever et al., 2013).
///
/// g <- g + decay p; b <- momentum b + (1 - dampening) g, but b <- g at the first step; p <- p - rate b, or with
/// Nesterov p <- p - rate (g + momentum b). PyTorch's torch.optim.SGD.
public struct SGD: Optimizer {
    /// Share of the last direction that is kept.
    public let momentum: Double
    /// Share of the gradient that momentum leaves out.
    public let dampening: Double
    /// Whether the gradient is followed from where momentum leads.
    public let isNesterov: Bool
    /// L2 penalty's factor.
    public let decay: Double
    /// Steps taken.
    public private(set) var step = 0
    private var direction: Tensor

    /// Starts at rest; traps on Nesterov without momentum or with dampening, as PyTorch does.
    public init(
        shape: Shape, precision: Precision = .single, momentum: Double = 0, dampening: Double = 0,
        isNesterov: Bool = false, decay: Double = 0
    ) {
        precondition(
            !isNesterov || (momentum > 0 && dampening == 0),
            "SGD: Nesterov with momentum \(momentum) and dampening \(dampening)")
        self.momentum = momentum
        self.dampening = dampening
        self.isNesterov = isNesterov
        self.decay = decay
        direction = .zeros(shape, precision: precision)
    }

    /// The direction that momentum keeps; nothing without momentum.
    public var state: [NamedTensor] { momentum == 0 ? [] : [NamedTensor("momentum", direction)] }

    /// Goes on from a recorded direction after `step` steps.
    public mutating func restore(step: Int, state: [NamedTensor]) throws {
        if let found = try state.inOrder(of: self.state).first { direction = found }
        self.step = step
    }

    /// Takes one step at the given learning rate.
    public mutating func update(_ parameters: inout Tensor, along gradient: Tensor, rate: Double) {
        precondition(
            parameters.shape == direction.shape && gradient.shape == direction.shape,
            "SGD: parameters \(parameters.shape), gradient \(gradient.shape), state \(direction.shape)")
        step += 1
        let penalized = decay == 0 ? gradient : gradient + parameters * decay
        if momentum == 0 {
            parameters.scale(by: 1, adding: penalized, times: -rate)
            return
        }
        if step == 1 {
            direction = penalized
        } else {
            direction.scale(by: momentum, adding: penalized, times: 1 - dampening)
        }
        parameters.scale(by: 1, adding: isNesterov ? penalized + direction * momentum : direction, times: -rate)
    }
}
