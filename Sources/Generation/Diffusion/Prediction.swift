import Tensors

/// What a point of a diffusion is made of, as a net has it: x = alpha data + sigma noise.
public struct Prediction: Sendable {
    /// x1, [B, K].
    public let data: Tensor
    /// eps, [B, K].
    public let noise: Tensor

    /// The same with data within +-limit, and the noise that x at this level then must hold.
    func clamped(to limit: Double, at x: Tensor, _ level: NoiseLevel) -> Prediction {
        let bounded = data.clamped(to: -limit...limit)
        return Prediction(data: bounded, noise: (x - bounded * level.alpha) / level.sigma)
    }
}
