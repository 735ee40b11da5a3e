/// The same learning rate for every step.
public struct ConstantSchedule: Schedule, Hashable {
    /// The rate.
    public let rate: Double

    /// Describes the constant.
    public init(_ rate: Double) { self.rate = rate }

    /// The rate, whatever the step.
    public func rate(at step: Int) -> Double { rate }
}
