import Tensors

/// Shortens a gradient that is longer than a limit: g <- g min(1, limit / (|g| + 1e-6)), |g| one number a network.
///
/// PyTorch's clip_grad_norm_ (Pascanu, Mikolov, Bengio, 2013); of a population each network's gradient is its own.
public struct ClipByGlobalNorm: GradientTransform, Hashable {
    /// Largest length.
    public let limit: Double

    /// Traps unless the limit is positive.
    public init(_ limit: Double) {
        precondition(limit > 0, "clip by norm: limit \(limit)")
        self.limit = limit
    }

    /// The gradient, shortened where it is too long.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        let norm = gradient.square().sum(axes: [-1], keepingDims: true).sqrt()
        let factor = (norm + 1e-6).reciprocal() * limit
        return gradient * factor.minimum(.ones([], precision: gradient.precision))
    }
}
