import Tensors

/// Multiplies by a schedule's number for the step: u <- r(k) u, k counted from 0. With it a chain is run at rate 1.
public struct ScaleBySchedule: GradientTransform {
    /// r.
    public let schedule: any Schedule

    /// Describes the factor.
    public init(_ schedule: any Schedule) { self.schedule = schedule }

    /// The gradient times the schedule's number.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        gradient * schedule.rate(at: step - 1)
    }
}
