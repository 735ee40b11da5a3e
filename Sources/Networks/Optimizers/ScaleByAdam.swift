import Foundation
import Tensors

/// Divides a gradient's mean by the root of its mean square, both with a fading memory (Kingma & Ba, 2015).
///
/// m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; returns m / (1 - b1^k) / (sqrt(v / (1 - b2^k)) + eps), k the step
/// from 1. The part of `AdamW` that remembers; that one is faster where nothing stands behind the moments.
public struct ScaleByAdam: GradientTransform {
    /// b1 and b2.
    public let betas: (Double, Double)
    /// Added to the root of the second moment.
    public let epsilon: Double

    /// Describes the memory, by default PyTorch's.
    public init(betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8) {
        self.betas = betas
        self.epsilon = epsilon
    }

    /// Both moments.
    public var remembered: [String] { ["first_moment", "second_moment"] }

    /// The scaled mean of gradients.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        state[0] = state[0] * betas.0 + gradient * (1 - betas.0)
        state[1] = state[1] * betas.1 + gradient.square() * (1 - betas.1)
        let root = (state[1] / (1 - pow(betas.1, Double(step)))).sqrt() + epsilon
        return state[0] / (1 - pow(betas.0, Double(step))) / root
    }
}
