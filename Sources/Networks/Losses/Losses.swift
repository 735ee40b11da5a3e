import Tensors

/// Scalar measures of how wrong outputs are. Each returns one number a network: shape [P], or [] for one network.
public enum Loss {
    /// Mean over samples of -sum_c target_c log softmax(logits)_c.
    ///
    /// - logits: [..., B, C]; targets: probabilities, [..., B, C] or [B, C]; returns [...].
    ///
    /// Same as PyTorch's cross_entropy with probabilities and reduction "mean".
    public static func crossEntropy(_ logits: Tensor, targets: Tensor) -> Tensor {
        let samples = Double(logits.shape[logits.rank - 2])
        return (logits.logSoftmax() * targets).sum(axes: [-2, -1]).scaled(by: -1 / samples)
    }

    /// Mean over all elements of (output - target)^2; shape [].
    public static func meanSquaredError(_ output: Tensor, _ target: Tensor) -> Tensor {
        (output - target).square().mean()
    }
}
