import Foundation
import Tensors

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
