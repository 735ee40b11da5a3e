import Tensors

/// What a net learns about codes: flows and diffusions differ for the training loop only here.
public protocol Objective: Sendable {
    /// One minibatch's regression from codes [B, K]; all draws come from `stream`.
    func draw(_ codes: Tensor, _ stream: inout RandomStream) -> Regression
    /// The regression of codes [N, K] as minibatches of at most so many rows see them, where rows depend on each other.
    func draw(_ codes: Tensor, minibatch: Int, _ stream: inout RandomStream) -> Regression
}

extension Objective {
    /// Rows do not depend on each other.
    public func draw(_ codes: Tensor, minibatch: Int, _ stream: inout RandomStream) -> Regression {
        draw(codes, &stream)
    }
}
