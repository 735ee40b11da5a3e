import Foundation

import func Tensors.precondition

/// A learning rate as a function of the step.
public protocol Schedule: Sendable {
    /// The rate for step k, counted from 0.
    func rate(at step: Int) -> Double
}

/// The same learning rate for every step.
public struct ConstantSchedule: Schedule, Hashable {
    /// The rate.
    public let rate: Double

    /// Describes the constant.
    public init(_ rate: Double) { self.rate = rate }

    /// The rate, whatever the step.
    public func rate(at step: Int) -> Double { rate }
}

/// A learning rate that falls from `start` to `end` along half a cosine.
///
/// rate(k) = end + (start - end) (1 + cos(pi k / K)) / 2 for step k = 0 ... K (Loshchilov & Hutter, SGDR, 2017, eq. 5).
public struct CosineSchedule: Schedule, Hashable {
    /// Rate at step 0.
    public let start: Double
    /// Rate at step K.
    public let end: Double
    /// K; traps unless positive.
    public let steps: Int

    /// Describes the fall.
    public init(from start: Double, to end: Double, steps: Int) {
        precondition(steps > 0, "cosine schedule: \(steps) steps")
        self.start = start
        self.end = end
        self.steps = steps
    }

    /// The rate for step k, counted from 0; `end` beyond K.
    public func rate(at step: Int) -> Double {
        let share = Double(min(step, steps)) / Double(steps)
        return end + (start - end) * 0.5 * (1 + cos(Double.pi * share))
    }
}

/// A learning rate that is multiplied by gamma at each milestone: rate(k) = rate gamma^(milestones <= k).
///
/// PyTorch's MultiStepLR.
public struct MultiStepSchedule: Schedule, Hashable {
    /// Rate before the first milestone.
    public let rate: Double
    /// The steps from which on the rate is lower.
    public let milestones: [Int]
    /// Factor at each milestone; PyTorch's default 0.1.
    public let gamma: Double

    /// Describes the stairs.
    public init(_ rate: Double, milestones: [Int], gamma: Double = 0.1) {
        self.rate = rate
        self.milestones = milestones
        self.gamma = gamma
    }

    /// The rate for step k, counted from 0.
    public func rate(at step: Int) -> Double {
        milestones.reduce(rate) { $1 <= step ? $0 * gamma : $0 }
    }
}

/// One rise of the learning rate and a longer fall to almost nothing (Smith & Topin, Super-convergence, 2018).
///
/// From peak / d to the peak over the first `share` of the steps, then down to peak / (d f): at once (two phases), or
/// first back to peak / d over an equal number of steps (three phases). PyTorch's OneCycleLR with its defaults; it
/// leaves momentum alone, and steps after the last use the last rate.
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

/// A linear rise to the first rate of another schedule, which then begins.
///
/// rate(k) = r(0) (f + (1 - f) k / n) for k < n, r(k - n) from step n on: PyTorch's LinearLR in front of another
/// schedule in SequentialLR.
public struct WarmUpSchedule: Schedule {
    /// n, the steps before the other schedule begins.
    public let steps: Int
    /// f, the share of the other schedule's first rate that step 0 uses.
    public let start: Double
    /// r, what follows the rise.
    public let next: any Schedule

    /// Describes the rise; traps on negative steps.
    public init(steps: Int, from start: Double = 0, then next: any Schedule) {
        precondition(steps >= 0, "warm-up: \(steps) steps")
        self.steps = steps
        self.start = start
        self.next = next
    }

    /// The rate for step k, counted from 0.
    public func rate(at step: Int) -> Double {
        guard step < steps else { return next.rate(at: step - steps) }
        return next.rate(at: 0) * (start + (1 - start) * Double(step) / Double(steps))
    }
}
