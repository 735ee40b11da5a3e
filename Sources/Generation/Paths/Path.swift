import Foundation
import Tensors

/// A path from source to data: x_t = a(t) x_0 + b(t) x_1 + s(t) eps, eps ~ N(0, I), with velocity u = dx_t / dt at
/// fixed x_0, x_1 and eps. t = 0 is the source, t = 1 the data.
///
/// | kind                | a                 | b             | s                     | equations from                |
/// |---------------------|-------------------|---------------|-----------------------|-------------------------------|
/// | linear              | 1 - t             | t             | sigma                 | Tong et al. 2023 (I-CFM)      |
/// | target-conditional  | 1 - (1 - sigma) t | t             | 0                     | Lipman et al. 2023, eq. 20-22 |
/// | variance-preserving | cos(pi t / 2)     | sin(pi t / 2) | sigma                 | Albergo & Vanden-Eijnden 2023 |
/// | schrodinger-bridge  | 1 - t             | t             | sigma sqrt(t (1 - t)) | Tong et al. 2023 (SB-CFM)     |
///
/// Titles: Tong et al., Improving and generalizing flow-based generative models with minibatch optimal transport;
/// Lipman et al., Flow matching for generative modeling; Albergo & Vanden-Eijnden, Building normalizing flows with
/// stochastic interpolants. Where Lipman's target-conditional path draws its own N(0, I), ours takes the source's x_0.
public struct Path: Sendable, Equatable {
    /// The known paths.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The straight line with noise of constant width around it (I-CFM); sigma = 0.001 in DeepWeightFlow (2026).
        case linear
        /// The straight line to a Gaussian of width sigma around the datum.
        case targetConditional = "target-conditional"
        /// A quarter of a circle: keeps the variance of independent ends of equal variance.
        case variancePreserving = "variance-preserving"
        /// A Brownian bridge of diffusion sigma; with entropic coupling (epsilon = 2 sigma^2) the Schrodinger bridge.
        case schrodingerBridge = "schrodinger-bridge"
    }

    /// The shape of the path.
    public let kind: Kind
    /// Width of the noise.
    public let sigma: Double

    /// Times nearer to the ends than this are moved to it on a bridge, whose velocity has no limit there.
    static let bridgeMargin = 1e-4

    /// Describes the path; traps unless sigma >= 0, and > 0 for a bridge.
    public init(_ kind: Kind, sigma: Double) {
        precondition(sigma > 0 || sigma == 0 && kind != .schrodingerBridge, "path \(kind.rawValue): sigma \(sigma)")
        self.kind = kind
        self.sigma = sigma
    }

    /// A point on the path and the velocity there.
    ///
    /// - x0, x1, noise: [B, K]; t: [B, 1] in [0, 1]. The result's t is the one used.
    public func sample(from x0: Tensor, to x1: Tensor, at t: Tensor, noise: Tensor) -> PathSample {
        switch kind {
        case .linear:
            return PathSample(x: noisy(x0 * (1 - t) + x1 * t, noise), t: t, velocity: x1 - x0)
        case .targetConditional:
            let narrowing = 1 - sigma
            return PathSample(x: x0 * (1 - t * narrowing) + x1 * t, t: t, velocity: x1 - x0 * narrowing)
        case .variancePreserving:
            let (sine, cosine) = ((t * (.pi / 2)).sin(), (t * (.pi / 2)).cos())
            return PathSample(
                x: noisy(x0 * cosine + x1 * sine, noise), t: t, velocity: (x1 * cosine - x0 * sine) * (.pi / 2))
        case .schrodingerBridge:
            let t = t.clamped(to: Self.bridgeMargin...(1 - Self.bridgeMargin))
            let width = (t * (1 - t)).sqrt()
            return PathSample(
                x: x0 * (1 - t) + x1 * t + noise * (width * sigma), t: t,
                velocity: x1 - x0 + noise * ((1 - 2 * t) / width * (sigma / 2)))
        }
    }

    private func noisy(_ mean: Tensor, _ noise: Tensor) -> Tensor { sigma == 0 ? mean : mean + noise * sigma }
}

/// A point on a path with its time and conditional velocity.
public struct PathSample: Sendable {
    /// x_t, [B, K].
    public let x: Tensor
    /// t, [B, 1].
    public let t: Tensor
    /// dx_t / dt given both ends and the noise, [B, K].
    public let velocity: Tensor
}

extension Path {
    /// How the source's part of a point follows from the point and its velocity: x_0 = ofPoint x + ofVelocity v at
    /// time t, without the path's noise, and its factor `scale` = a in the point. Traps for a bridge.
    func sourceShare(at t: Double) -> (scale: Double, ofPoint: Double, ofVelocity: Double) {
        switch kind {
        case .linear: (1 - t, 1, -t)
        case .targetConditional: (1 - (1 - sigma) * t, 1, -t)
        case .variancePreserving: (cos(.pi / 2 * t), cos(.pi / 2 * t), -2 / .pi * sin(.pi / 2 * t))
        case .schrodingerBridge: preconditionFailure("source share: a bridge's noise is not the source's")
        }
    }

    /// a and b of x_t = a x_0 + b x_1 with their derivatives, without the path's noise. Traps for a bridge.
    func factors(at t: Double) -> (a: Double, b: Double, aRate: Double, bRate: Double) {
        switch kind {
        case .linear: return (1 - t, t, -1, 1)
        case .targetConditional: return (1 - (1 - sigma) * t, t, sigma - 1, 1)
        case .variancePreserving:
            let quarter = Double.pi / 2
            // The source is gone at the end, not up to rounding.
            let (sine, cosine) = (sin(quarter * t), t == 1 ? 0 : cos(quarter * t))
            return (cosine, sine, -quarter * sine, quarter * cosine)
        case .schrodingerBridge: preconditionFailure("path's factors: a bridge's noise is not the source's")
        }
    }

    /// The time at which a / b has a value, 1 where it never is so small. Traps for a bridge.
    func time(ofRatio ratio: Double) -> Double {
        switch kind {
        case .linear: return 1 / (1 + ratio)
        case .targetConditional: return min(1, 1 / (1 - sigma + ratio))
        case .variancePreserving: return 2 / .pi * atan(1 / ratio)
        case .schrodingerBridge: preconditionFailure("path's time: a bridge's noise is not the source's")
        }
    }
}
