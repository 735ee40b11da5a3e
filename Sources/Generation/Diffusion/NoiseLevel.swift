/// How much data and how much noise is in a point of a diffusion: x = alpha x1 + sigma eps, eps ~ N(0, I).
public struct NoiseLevel: Sendable, Equatable {
    /// The data's factor.
    public let alpha: Double
    /// The noise's factor: its standard deviation.
    public let sigma: Double
    /// What the net is told: 0 at the most noise, 1 at the data.
    public let time: Double

    /// Noise against signal, sigma / alpha: the standard deviation of the noise in x / alpha.
    public var ratio: Double { sigma / alpha }

    /// Takes the factors. Traps unless alpha > 0 and sigma >= 0.
    public init(alpha: Double, sigma: Double, time: Double) {
        precondition(alpha > 0 && sigma >= 0, "noise level: alpha \(alpha), sigma \(sigma)")
        (self.alpha, self.sigma, self.time) = (alpha, sigma, time)
    }

    /// The variance-preserving level of a cumulative product of alphas, alpha^2 = `product`, sigma^2 = 1 - `product`.
    static func preserving(product: Double, time: Double) -> NoiseLevel {
        NoiseLevel(alpha: product.squareRoot(), sigma: (1 - product).squareRoot(), time: time)
    }

    /// The variance-preserving level of a ratio r: alpha = 1 / sqrt(1 + r^2), sigma = r alpha.
    static func preserving(ratio: Double, time: Double) -> NoiseLevel {
        let alpha = 1 / (1 + ratio * ratio).squareRoot()
        return NoiseLevel(alpha: alpha, sigma: ratio * alpha, time: time)
    }
}
