/// How a training run ended.
public enum TrainingOutcome: Sendable, Equatable {
    /// All steps were taken, or `observe` stopped the run.
    case finished
    /// After this many steps the held-out loss had not fallen for `patience` checks; the best check's weights are used,
    /// or the last ones where it was finite at no check.
    case stopped(step: Int)
    /// At this step the loss was not finite, and the weights last seen to be finite at a check, or else the untrained
    /// ones, are used; or training ended after so many steps with a loss that had exploded
    /// (`TrainingCounters.hasExploded`).
    case diverged(step: Int)
}
