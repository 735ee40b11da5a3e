import Tensors

/// What a net learns about codes: flows and diffusions differ for the training loop only here.
public protocol Objective: Sendable {
    /// One minibatch's regression from codes [B, K]; all draws come from `stream`.
    func draw(_ codes: Tensor, _ stream: inout RandomStream) -> Regression
}
