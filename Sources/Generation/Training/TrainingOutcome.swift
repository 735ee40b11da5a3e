/// How a training run ended.
public enum TrainingOutcome: Sendable, Equatable {
    /// All steps were taken, or `observe` stopped the run.
    case finished
    /// After this many steps the held-out loss had not fallen for `patience` checks; its best check's weights are kept.
    case stopped(step: Int)
    /// The loss stopped being finite at this step; the weights before it were kept.
    case diverged(step: Int)
}
