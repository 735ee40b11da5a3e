import Foundation
import Tensors

/// How wrong outputs are: one number a network, shape [P], or [] for one network.
///
/// The last two axes are samples and features (or classes), [B, D]; axes before them are networks. What has fewer axes
/// is one network's as a whole. Targets broadcast, so that a population can share them. Every loss is a mean over
/// samples, PyTorch's reduction "mean" (for divergences "batchmean").
public enum Loss {
    /// The loss of every sample, [..., B], of outputs and targets [..., B, D], in place of a network's mean of them.
    ///
    ///     Loss.perSample(logits, targets) { Loss.crossEntropy($0, targets: $1, smoothing: 0.1) }
    public static func perSample(
        _ outputs: Tensor, _ targets: Tensor, _ loss: (_ outputs: Tensor, _ targets: Tensor) -> Tensor
    ) -> Tensor {
        // To the loss every sample is a network of one.
        func alone(_ x: Tensor) -> Tensor {
            precondition(x.rank >= 2, "loss: \(x.shape) has no axes of samples and features")
            return x.reshaped(Shape(x.shape.array.dropLast() + [1, x.shape[x.rank - 1]]))
        }
        return loss(alone(outputs), alone(targets))
    }

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

extension Loss {
    /// Mean over samples of -sum_c target_c log softmax(logits)_c.
    ///
    /// - logits: [..., B, C]; targets: probabilities, [..., B, C] or [B, C]; returns [...].
    /// - smoothing: s replaces targets by (1 - s) target + s / C (Szegedy et al., 2016, section 7).
    ///
    /// Same as PyTorch's cross_entropy with probabilities and reduction "mean".
    public static func crossEntropy(_ logits: Tensor, targets: Tensor, smoothing: Double = 0) -> Tensor {
        precondition(smoothing >= 0 && smoothing <= 1, "cross-entropy: smoothing \(smoothing)")
        let samples = Double(logits.shape[logits.rank - 2])
        let classes = Double(logits.shape[logits.rank - 1])
        let smooth = smoothing == 0 ? targets : targets.scaled(by: 1 - smoothing, plus: smoothing / classes)
        return (logits.logSoftmax() * smooth).sum(axes: [-2, -1]).scaled(by: -1 / samples)
    }

    /// The same with one class a sample.
    ///
    /// - labels: B of them, shared by all networks, or one for each row of logits [..., B, C] in row-major order; traps
    ///   on another number of labels and on labels outside 0..<C.
    public static func crossEntropy(_ logits: Tensor, labels: [Int32], smoothing: Double = 0) -> Tensor {
        let (samples, classes) = (logits.shape[logits.rank - 2], logits.shape[logits.rank - 1])
        let rows = Tensor.oneHot(labels, classes: classes, precision: logits.precision)
        precondition(
            labels.count == samples || rows.count == logits.count,
            "cross-entropy: \(labels.count) labels for logits \(logits.shape)")
        let targets = labels.count == samples ? rows : rows.reshaped(logits.shape)
        return crossEntropy(logits, targets: targets, smoothing: smoothing)
    }

    /// Mean of -(t log s(x) + (1 - t) log s(-x)), s the sigmoid, without overflow or cancellation.
    ///
    /// - logits, targets: [..., B, D]; returns [...]. PyTorch's binary_cross_entropy_with_logits.
    public static func binaryCrossEntropy(logits: Tensor, targets: Tensor) -> Tensor {
        mean(targets * (-logits).softplus() + (1 - targets) * logits.softplus())
    }

    /// Mean of -(t log p + (1 - t) log(1 - p)), logarithms no less than -100.
    ///
    /// - probabilities: p in [0, 1], targets t: [..., B, D]; returns [...]. PyTorch's binary_cross_entropy, except that
    ///   the derivative by p is 0, not up to 1e12, where a logarithm is held at -100.
    public static func binaryCrossEntropy(probabilities p: Tensor, targets: Tensor) -> Tensor {
        let least = Tensor.full([], exp(-100), precision: p.precision)
        func heldLog(_ x: Tensor) -> Tensor {
            let vanished = least.isGreater(than: x)
            return log(x, except: vanished) - vanished * 100
        }
        return -mean(targets * heldLog(p) + (1 - targets) * heldLog(1 - p))
    }

    /// NT-Xent, SimCLR's contrastive loss of two views of the same n samples (Chen et al., 2020, eq. 1).
    ///
    /// Cross-entropy of finding a row's other view among the 2n - 1 other rows by cosine similarity / temperature, mean
    /// over all 2n rows; rows of length 0 have similarity 0.
    /// - first, second: [..., n, d]; returns [...]. Traps unless temperature > 0.
    public static func ntXent(_ first: Tensor, _ second: Tensor, temperature: Double) -> Tensor {
        precondition(first.shape == second.shape, "NT-Xent: views \(first.shape) and \(second.shape)")
        precondition(temperature > 0, "NT-Xent: temperature \(temperature)")
        let n = first.shape[first.rank - 2]
        let rows = Tensor.concatenate([first, second], axis: -2)
        let lengths = rows.square().sum(axes: [-1], keepingDims: true)
            .maximum(.full([], 1e-24, precision: rows.precision)).sqrt()
        let unit = rows / lengths
        // A row is not among its own candidates: far below every similarity, and finite, so that 0 times it is 0.
        let itself = Tensor.oneHot((0..<Int32(2 * n)).map { $0 }, classes: 2 * n, precision: rows.precision) * 1e9
        let similarity = matmul(unit, unit, transposeB: true) / temperature - itself
        return crossEntropy(similarity, labels: (0..<Int32(2 * n)).map { ($0 + Int32(n)) % Int32(2 * n) })
    }
}

extension Loss {
    /// Mean over samples of KL(t || q) = sum_c t_c (log t_c - log q_c).
    ///
    /// - logProbabilities: log q, [..., B, C] (of logits: `logits.logSoftmax()`); targets: probabilities t, [..., B, C]
    ///   or [B, C], terms with t = 0 being 0; returns [...]. PyTorch's kl_div with reduction "batchmean".
    public static func klDivergence(_ logProbabilities: Tensor, targets: Tensor) -> Tensor {
        let absent = targets.isEqual(to: .zeros([], precision: targets.precision))
        return meanOfSums(targets * (log(targets, except: absent) - logProbabilities))
    }

    /// The same with targets given as log t: PyTorch's `log_target=True`.
    public static func klDivergence(_ logProbabilities: Tensor, logTargets: Tensor) -> Tensor {
        meanOfSums(logTargets.exp() * (logTargets - logProbabilities))
    }

    /// Mean over samples of KL(N(mean, diag e^logVariance) || N(0, I)) = -1/2 sum_d (1 + l_d - m_d^2 - e^l_d).
    ///
    /// - mean, logVariance: [..., B, D]; returns [...]. Reference: Kingma & Welling, 2014, appendix B.
    public static func klDivergenceFromStandardNormal(mean: Tensor, logVariance: Tensor) -> Tensor {
        meanOfSums((mean.square() + logVariance.exp() - logVariance).scaled(by: 0.5, plus: -0.5))
    }
}

extension Loss {
    /// Mean of (output - target)^2.
    ///
    /// - output, target: [..., B, D]; returns [...]. PyTorch's mse_loss of each network.
    public static func meanSquaredError(_ output: Tensor, _ target: Tensor) -> Tensor {
        mean((output - target).square())
    }

    /// Mean of |output - target|; derivative 0 where both are equal.
    ///
    /// - output, target: [..., B, D]; returns [...]. PyTorch's l1_loss of each network.
    public static func meanAbsoluteError(_ output: Tensor, _ target: Tensor) -> Tensor {
        mean((output - target).abs())
    }

    /// Mean of (log v + (output - target)^2 / v) / 2, v = max(variance, epsilon) (Nix & Weigend, 1994).
    ///
    /// - output, target: [..., B, D]; variance: [..., B, D], or [..., B, 1] for one a sample; returns [...].
    /// - isFull: adds log(2 pi) / 2, so that it is the negative log-likelihood itself.
    ///
    /// PyTorch's gaussian_nll_loss; as there, a variance below epsilon gets the derivative at epsilon.
    public static func gaussianNegativeLogLikelihood(
        _ output: Tensor, _ target: Tensor, variance: Tensor, epsilon: Double = 1e-6, isFull: Bool = false
    ) -> Tensor {
        let floor = Tensor.full([], epsilon, precision: variance.precision)
        let held = variance + (variance.maximum(floor) - variance).detached
        let terms = held.log() + (output - target).square() / held
        return mean(terms.scaled(by: 0.5, plus: isFull ? 0.5 * Foundation.log(2 * Double.pi) : 0))
    }
}
