/// What a run tells its observer after every step.
public struct TrainingStep: Sendable, Equatable {
    /// Steps taken, from 1.
    public let step: Int
    /// The minibatch loss that the step was taken along.
    public let loss: Double
    /// The loss on held-out rows after the step, where it was checked.
    public let heldOut: Double?
}
