import Tensors

/// Pulls the weights towards 0: u <- u + decay p. In front of momentum or moments an L2 penalty, behind them decoupled
/// weight decay.
public struct AddDecayedWeights: GradientTransform, Hashable {
    /// Factor of the weights.
    public let decay: Double

    /// Describes the pull.
    public init(_ decay: Double) { self.decay = decay }

    /// The gradient with the pull added.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        gradient + parameters * decay
    }
}
