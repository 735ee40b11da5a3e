/// A linear rise to the first rate of another schedule, which then begins.
///
/// rate(k) = r(0) (f + (1 - f) k / n) for k < n, r(k - n) from step n on: PyTorch's LinearLR in front of another
/// schedule in SequentialLR.
public struct WarmUpSchedule: Schedule {
    /// n, the steps before the other schedule begins.
    public let steps: Int
    /// f, the share of the other schedule's first rate that step 0 uses.
    public let start: Double
    /// r, what comes behind the rise.
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
