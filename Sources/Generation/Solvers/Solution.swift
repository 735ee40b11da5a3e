import Tensors

/// Where an integration ended and what it cost.
public struct Solution: Sendable {
    /// Why the end of the interval was not reached.
    public enum Failure: Sendable, Equatable {
        /// No step that time can resolve met the tolerance at this time: a velocity that is not finite, a jump, or a
        /// tolerance below what the precision allows.
        case stepTooSmall(t: Double)
        /// All allowed steps were tried and time stands here.
        case tooManySteps(t: Double)
    }

    /// x at the end of the interval, or where the integration failed.
    public let end: Tensor
    /// Evaluations of the velocity (NFE).
    public let evaluations: Int
    /// Steps taken.
    public let accepted: Int
    /// Steps tried and not taken.
    public var rejected = 0
    /// Nil where the end was reached.
    public var failure: Failure?
}
