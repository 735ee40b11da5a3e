import Tensors

/// How wrong outputs are: one number a network, shape [P], or [] for one network.
///
/// The last two axes are samples and features (or classes), [B, D]; axes before them are networks. What has fewer axes
/// is one network's as a whole. Targets broadcast, so that a population can share them. Every loss is a mean over
/// samples, PyTorch's reduction "mean" (for divergences "batchmean").
public enum Loss {
    /// Mean over samples and features, the last two axes.
    static func mean(_ errors: Tensor) -> Tensor {
        errors.mean(axes: Array(errors.shape.indices.suffix(2)))
    }

    /// Sum over features, mean over samples.
    static func meanOfSums(_ terms: Tensor) -> Tensor {
        precondition(terms.rank >= 2, "loss: terms \(terms.shape) have no axes of samples and features")
        return terms.sum(axes: [-2, -1]) / Double(terms.shape[terms.rank - 2])
    }

    /// log x, 0 where x is `absent` (1 or 0 by element): there the derivative is 0, not NaN.
    static func log(_ x: Tensor, except absent: Tensor) -> Tensor { x.maximum(absent).log() }
}
