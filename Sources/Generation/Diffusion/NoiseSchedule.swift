import Foundation
import Tensors

/// How a diffusion mixes noise in over time, which levels it trains on and which a sampler visits.
public protocol NoiseSchedule: Sendable {
    /// Standard deviation of x(0), the source; the data's share there is neglected.
    var startStd: Double { get }
    /// The level at time t in [0, 1]: 0 is the most noise.
    func level(at time: Double) -> NoiseLevel
    /// The level whose noise is `ratio` times its signal; its time lies within the schedule's own, [0, 1],
    /// also where the ratio does not.
    func level(ratio: Double) -> NoiseLevel
    /// The levels of a sampler with `steps` steps, from the most noise to none: steps + 1 of them.
    func levels(steps: Int) -> [NoiseLevel]
    /// Random levels for a minibatch.
    func draw(_ count: Int, _ stream: inout RandomStream) -> [NoiseLevel]
}

/// How much data and how much noise is in a point of a diffusion: x = alpha x1 + sigma eps, eps ~ N(0, I).
public struct NoiseLevel: Sendable, Equatable {
    /// The data's factor.
    public let alpha: Double
    /// The noise's factor: its standard deviation.
    public let sigma: Double
    /// The time that the net is given: 0 at the most noise, 1 at the data.
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

/// The steps of a DDPM: at step n of T, x = sqrt(abar_n) x1 + sqrt(1 - abar_n) eps, abar_n the product of
/// 1 - beta_1 ... 1 - beta_n. Step 0 is the data; the net is given t = 1 - n / T.
///
/// Reference: Ho, Jain, Abbeel, Denoising diffusion probabilistic models, 2020, eq. 4; their steps count from 1 too.
public struct DiscreteSchedule: NoiseSchedule, Equatable {
    /// abar_0 = 1 ... abar_T.
    public let products: [Double]
    /// T.
    public var steps: Int { products.count - 1 }
    /// 1.
    public var startStd: Double { 1 }

    /// Takes beta_1 ... beta_T. Traps unless there is one and all lie between 0 and 1.
    public init(betas: [Double]) {
        precondition(
            !betas.isEmpty && betas.allSatisfy { $0 > 0 && $0 < 1 }, "diffusion: betas must lie between 0 and 1")
        products = betas.reduce(into: [1]) { products, beta in products.append((products.last ?? 1) * (1 - beta)) }
    }

    /// Betas that rise linearly (Ho et al.: T = 1000 from 1e-4 to 0.02). Traps unless T >= 1.
    public static func linear(steps: Int, from first: Double, to last: Double) -> DiscreteSchedule {
        precondition(steps >= 1, "diffusion: \(steps) steps")
        let span = Double(max(steps - 1, 1))
        return DiscreteSchedule(betas: (0..<steps).map { first + (last - first) * Double($0) / span })
    }

    /// abar_n = f(n) / f(0), f(n) = cos^2(pi/2 (n/T + s) / (1 + s)), s = 0.008, every beta at most 0.999.
    ///
    /// Reference: Nichol, Dhariwal, Improved denoising diffusion probabilistic models, 2021, eq. 17. Traps
    /// unless T >= 1.
    public static func cosine(steps: Int, offset: Double = 0.008) -> DiscreteSchedule {
        precondition(steps >= 1, "diffusion: \(steps) steps")
        func f(_ n: Int) -> Double {
            let c = cos((Double(n) / Double(steps) + offset) / (1 + offset) * .pi / 2)
            return c * c
        }
        return DiscreteSchedule(betas: (1...steps).map { min(1 - f($0) / f($0 - 1), 0.999) })
    }

    private func level(step n: Int) -> NoiseLevel {
        .preserving(product: products[n], time: 1 - Double(n) / Double(steps))
    }

    /// That of the nearest step.
    public func level(at time: Double) -> NoiseLevel {
        let n = ((1 - time) * Double(steps)).rounded()
        return level(step: Int(min(max(n, 0), Double(steps))))
    }

    /// Any ratio, given as a time between two steps, by their log ratios; never as less noise than step 1, which is
    /// the least that a net has seen, except for none.
    public func level(ratio: Double) -> NoiseLevel {
        guard ratio > 0 else { return level(step: 0) }
        func logRatio(_ n: Int) -> Double { log(level(step: n).ratio) }
        let target = log(ratio)
        // The first step with as much noise, by bisection.
        var (low, high) = (1, steps)
        while low < high {
            let middle = (low + high) / 2
            if logRatio(middle) < target { low = middle + 1 } else { high = middle }
        }
        let above = logRatio(low)
        let share = low > 1 && target < above ? (above - target) / (above - logRatio(low - 1)) : 0
        return .preserving(ratio: ratio, time: 1 - (Double(low) - share) / Double(steps))
    }

    /// Steps T (1 - i / steps), rounded. Traps unless 1 <= steps <= T.
    public func levels(steps count: Int) -> [NoiseLevel] {
        precondition(count >= 1 && count <= steps, "diffusion: \(count) sampling steps of \(steps)")
        return (0...count).map { level(step: Int((Double(steps * (count - $0)) / Double(count)).rounded())) }
    }

    /// Steps uniform in 1 ... T.
    public func draw(_ count: Int, _ stream: inout RandomStream) -> [NoiseLevel] {
        (0..<count).map { _ in level(step: 1 + stream.integer(below: steps)) }
    }
}

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

    /// s solves s^2 (betaMax - betaMin) + 2 s betaMin = 2 log(1 + ratio^2), given as 1 at most.
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
