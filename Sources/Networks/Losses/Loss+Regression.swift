import Foundation
import Tensors

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
