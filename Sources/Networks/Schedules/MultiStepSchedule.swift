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
