import Tensors

/// A function of inputs and flat parameters. It holds no weights.
public protocol Network: Sendable {
    /// Where its parameters lie.
    var layout: ParameterLayout { get }

    /// Logits or outputs.
    ///
    /// - x: [B, features] shared by all networks, or [P, B, features]; images also [B, C, H, W] or [P, B, C, H, W].
    /// - pass: evaluation or training; its buffers are moved in training.
    /// - returns [B, out] for flat [D], [P, B, out] for flat [P, D].
    func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor
}

extension Network {
    /// Evaluation. Shapes as in a pass; `buffers` may be left out where the layout has none.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ buffers: Buffers? = nil) -> Tensor {
        var pass = ForwardPass.evaluation(buffers)
        return self(parameters, x, &pass)
    }
}
