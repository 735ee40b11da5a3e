import Networks
import Tensors

/// A network that says where to move: v(x, t), with its weights in one flat vector.
public protocol VelocityNet: Sendable {
    /// Where the parameters lie.
    var layout: ParameterLayout { get }
    /// Length of x.
    var dimension: Int { get }
    /// Weights before training, [layout.count].
    func initialParameters(seed: UInt64) -> Tensor
    /// The velocity at x [B, dimension] and times t [B, 1]. `stream` is nil in evaluation, else it feeds dropout.
    func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ t: Tensor, _ stream: inout RandomStream?) -> Tensor
    /// The same flow in a space of fewer dimensions, for evaluation with fixed weights; nil where there is none.
    func reduced(_ parameters: Parameters) -> ReducedFlow?
}

extension VelocityNet {
    /// None.
    public func reduced(_ parameters: Parameters) -> ReducedFlow? { nil }
}
