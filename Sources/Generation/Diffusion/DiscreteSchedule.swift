import Foundation
import Tensors

/// The steps of a DDPM: at step n of T, x = sqrt(abar_n) x1 + sqrt(1 - abar_n) eps, abar_n the product of
/// 1 - beta_1 ... 1 - beta_n. Step 0 is the data; the net is told t = 1 - n / T.
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

    /// Any ratio, told as a time between two steps, by their log ratios; never as less noise than step 1, which is
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
