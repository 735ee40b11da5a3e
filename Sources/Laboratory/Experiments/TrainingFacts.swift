import Generation

/// How a training ended, for files and reports.
struct TrainingFacts: Codable, Equatable {
    /// Steps taken.
    var steps = 0
    /// Steps that were asked for.
    var planned = 0
    /// Weights of the trained net.
    var weights = 0
    /// The step at which the loss was not finite.
    var divergedAt: Int?
    /// The step at which the held-out loss had not fallen for long enough.
    var stoppedAt: Int?
    /// The step whose weights are used, where held-out checks chose it.
    var bestStep: Int?
    /// Whether a moving average of the weights is used.
    var usesAverage = false

    /// What a state came to.
    init(_ state: TrainingState, _ outcome: TrainingOutcome, config: TrainingConfig) {
        steps = state.step
        planned = config.steps
        weights = state.parameters.count
        bestStep = state.counters.bestStep
        usesAverage = state.average != nil
        switch outcome {
        case .finished: break
        case .stopped(let step): stoppedAt = step
        case .diverged(let step): divergedAt = step
        }
    }

    /// The end in words, or nil where all steps were taken and nothing happened.
    var ending: String? {
        if let divergedAt {
            return "diverged at step \(divergedAt); the last weights seen to work were used. Try a lower rate, a warmUp, "
                + "or clip: 1"
        }
        guard let bestStep else { return nil }
        let used = "the weights of step \(bestStep) were used, the least held-out loss"
        return stoppedAt.map { "stopped after \($0) of \(planned) steps, as the held-out loss no longer fell; \(used)" } ?? used
    }
}
