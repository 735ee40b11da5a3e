import Tensors

/// Adds up gradients with a fading memory: b <- momentum b + (1 - dampening) g, but b <- g at the first step; returns
/// b, or with Nesterov g + momentum b. The part of `SGD` that remembers.
public struct Momentum: GradientTransform, Hashable {
    /// Share of the last direction that is kept.
    public let momentum: Double
    /// Share of the gradient that is left out.
    public let dampening: Double
    /// Whether the gradient is followed from where momentum leads.
    public let isNesterov: Bool

    /// Describes the memory.
    public init(_ momentum: Double, dampening: Double = 0, isNesterov: Bool = false) {
        self.momentum = momentum
        self.dampening = dampening
        self.isNesterov = isNesterov
    }

    /// The direction.
    public var remembered: [String] { ["momentum"] }

    /// The direction that gradients add up to.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        state[0] = step == 1 ? gradient : state[0] * momentum + gradient * (1 - dampening)
        return isNesterov ? gradient + state[0] * momentum : state[0]
    }
}
