/// How a training run ended.
public enum TrainingOutcome: Sendable, Equatable {
    /// All steps were taken, or `observe` stopped the run.
    case finished
    /// The held-out loss had not fallen for `patience` checks after this many steps; the weights of its best check are kept.
    case stopped(step: Int)
    /// The loss stopped being finite at this step; the weights before it were kept.
    case diverged(step: Int)
}
