import Tensors

/// Holds every element of a gradient between -limit and limit. PyTorch's clip_grad_value_.
public struct ClipByValue: GradientTransform, Hashable {
    /// Largest magnitude.
    public let limit: Double

    /// Traps unless the limit is positive.
    public init(_ limit: Double) {
        precondition(limit > 0, "clip by value: limit \(limit)")
        self.limit = limit
    }

    /// The gradient, held within the limit.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        func bound(_ value: Double) -> Tensor { .full([], value, precision: gradient.precision) }
        return gradient.minimum(bound(limit)).maximum(bound(-limit))
    }
}
