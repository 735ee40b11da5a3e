import Foundation

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
