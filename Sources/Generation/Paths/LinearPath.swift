import Tensors

/// The straight path from source to data: x_t = (1 - t) x_0 + t x_1 + sigma eps, eps ~ N(0, I), velocity u = x_1 - x_0.
///
/// Reference: Tong et al., Improving and generalizing flow-based generative models, 2023, eq. 14-15 (I-CFM); sigma = 0.001
/// in DeepWeightFlow (2026).
public struct LinearPath: Sendable, Equatable {
    /// Standard deviation of the noise around the straight line.
    public let sigma: Double

    /// Describes the path; traps unless sigma >= 0.
    public init(sigma: Double) {
        precondition(sigma >= 0, "linear path: sigma \(sigma)")
        self.sigma = sigma
    }

    /// A point on the path and the velocity there.
    ///
    /// - x0, x1, noise: [B, D]; t: [B, 1] in [0, 1].
    public func sample(from x0: Tensor, to x1: Tensor, at t: Tensor, noise: Tensor) -> PathSample {
        let mean = x0 * (1 - t) + x1 * t
        return PathSample(x: sigma == 0 ? mean : mean + noise * sigma, t: t, velocity: x1 - x0)
    }
}

/// A point on a path with its time and conditional velocity.
public struct PathSample: Sendable {
    /// x_t, [B, D].
    public let x: Tensor
    /// t, [B, 1].
    public let t: Tensor
    /// dx_t / dt given both ends, [B, D].
    public let velocity: Tensor
}
