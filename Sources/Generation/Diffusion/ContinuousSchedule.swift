import Foundation
import Tensors

/// The variance-preserving diffusion in continuous time: beta(s) = betaMin + s (betaMax - betaMin), s = 1 - t,
/// log alpha = -s^2 (betaMax - betaMin) / 4 - s betaMin / 2, sigma^2 = 1 - alpha^2.
///
/// The limit of a linear DDPM for T to infinity with betas betaMin / T to betaMax / T.
/// Reference: Song et al., Score-based generative modeling through stochastic differential equations, 2021, eq. 32-33;
/// betaMin = 0.1, betaMax = 20.
public struct ContinuousSchedule: NoiseSchedule, Equatable {
    /// beta at the data.
    public let betaMin: Double
    /// beta at the source.
    public let betaMax: Double
    /// 1.
    public var startStd: Double { 1 }

    /// Training draws s from [this, 1]: at s = 0 there is no noise to learn from (Song et al., appendix C).
    private static let smallest = 1e-5

    /// Traps unless 0 < betaMin <= betaMax.
    public init(betaMin: Double = 0.1, betaMax: Double = 20) {
        precondition(betaMin > 0 && betaMax >= betaMin, "diffusion: beta from \(betaMin) to \(betaMax)")
        (self.betaMin, self.betaMax) = (betaMin, betaMax)
    }

    /// Exactly no noise at t = 1.
    public func level(at time: Double) -> NoiseLevel {
        let s = 1 - time
        let logAlpha = -s * s * (betaMax - betaMin) / 4 - s * betaMin / 2
        return NoiseLevel(alpha: exp(logAlpha), sigma: (-expm1(2 * logAlpha)).squareRoot(), time: time)
    }

    /// s solves s^2 (betaMax - betaMin) + 2 s betaMin = 2 log(1 + ratio^2), told as 1 at most.
    public func level(ratio: Double) -> NoiseLevel {
        let twice = 2 * log1p(ratio * ratio)
        let s = twice / (betaMin + (betaMin * betaMin + (betaMax - betaMin) * twice).squareRoot())
        return .preserving(ratio: ratio, time: max(1 - s, 0))
    }

    /// Evenly spaced times. Traps unless steps >= 1.
    public func levels(steps: Int) -> [NoiseLevel] {
        precondition(steps >= 1, "diffusion: \(steps) sampling steps")
        return (0...steps).map { level(at: Double($0) / Double(steps)) }
    }

    /// s uniform.
    public func draw(_ count: Int, _ stream: inout RandomStream) -> [NoiseLevel] {
        stream.uniform([count]).doubles.map { level(at: 1 - max($0, Self.smallest)) }
    }
}
