import Foundation

/// One rise of the learning rate and a longer fall to almost nothing (Smith & Topin, Super-convergence, 2018).
///
/// From peak / d to the peak over the first `share` of the steps, then down to peak / (d f): at once (two phases), or
/// first back to peak / d over an equal number of steps (three phases). PyTorch's OneCycleLR with its defaults; it
/// leaves momentum alone, and steps behind the last use the last rate.
public struct OneCycleSchedule: Schedule, Hashable {
    /// The curve between two rates.
    public enum Curve: String, Codable, Hashable, Sendable {
        /// Half a cosine.
        case cosine
        /// A straight line.
        case linear
    }

    /// The last step of a phase and the rate that it ends with.
    private struct Corner: Hashable {
        let step: Double
        let rate: Double
    }

    private let start: Double
    private let corners: [Corner]
    private let curve: Curve

    /// Describes the cycle; `divisor` is d, `finalDivisor` f. Traps unless steps > 0 and 0 <= share <= 1.
    public init(
        peak: Double, steps: Int, share: Double = 0.3, divisor: Double = 25, finalDivisor: Double = 1e4,
        curve: Curve = .cosine, hasThreePhases: Bool = false
    ) {
        precondition(steps > 0 && share >= 0 && share <= 1, "one cycle: \(steps) steps, rising for \(share)")
        start = peak / divisor
        let rise = share * Double(steps) - 1
        corners =
            [Corner(step: rise, rate: peak)]
            + (hasThreePhases ? [Corner(step: 2 * rise, rate: start)] : [])
            + [Corner(step: Double(steps - 1), rate: start / finalDivisor)]
        self.curve = curve
    }

    /// The rate for step k, counted from 0.
    public func rate(at step: Int) -> Double {
        let k = Double(step)
        var from = Corner(step: 0, rate: start)
        for (index, corner) in corners.enumerated() {
            if k <= corner.step || index == corners.count - 1 {
                let length = corner.step - from.step
                return between(from.rate, corner.rate, length > 0 ? min((k - from.step) / length, 1) : 1)
            }
            from = corner
        }
        return from.rate
    }

    private func between(_ first: Double, _ last: Double, _ share: Double) -> Double {
        switch curve {
        case .linear: first + (last - first) * share
        case .cosine: last + (first - last) / 2 * (1 + cos(Double.pi * share))
        }
    }
}
