/// The numbers of a training state, to be recorded beside its tensors.
public struct TrainingCounters: Codable, Sendable, Equatable {
    /// Least held-out loss so far, where held-out checks decide when to stop.
    public internal(set) var bestLoss: Double?
    /// The step after which it was found.
    public internal(set) var bestStep: Int?
    /// Checks since then.
    public internal(set) var checksSinceBest = 0
    /// The step at which the loss was not finite.
    public internal(set) var divergedAt: Int?

    /// Nothing seen yet.
    public init() {}
}
