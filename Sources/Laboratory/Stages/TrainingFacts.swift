import Basics
import Generation

/// How a training ended, for files and reports.
struct TrainingFacts: Codable, Equatable {
    /// Steps taken.
    var steps = 0
    /// Steps that were asked for.
    var planned = 0
    /// Weights of the trained net.
    var weights = 0
    /// The step at which the loss was not finite, or the last one of a training whose loss had exploded.
    var divergedAt: Int?
    /// The step whose weights are used after a divergence; 0 is the untrained net.
    var usedStep: Int?
    /// The training loss at the start, where it exploded.
    var firstLoss: Double?
    /// The training loss at the end, where it exploded.
    var lastLoss: Double?
    /// The step at which the validation loss had not fallen for long enough.
    var stoppedAt: Int?
    /// The step whose weights are used, where validation checks chose it.
    var bestStep: Int?
    /// Whether a moving average of the weights is used.
    var usesAverage = false

    /// How a training that ended in this state is reported.
    init(_ state: TrainingState, _ outcome: TrainingOutcome, config: TrainingConfig) {
        steps = state.step
        planned = config.steps
        weights = state.parameters.count
        bestStep = state.counters.bestStep
        usesAverage = state.average != nil
        switch outcome {
        case .finished: break
        case .stopped(let step): stoppedAt = step
        case .diverged(let step):
            (divergedAt, usedStep) = (step, state.counters.keptStep ?? 0)
            guard state.counters.divergedAt == nil, state.counters.hasExploded else { break }
            (firstLoss, lastLoss) = (state.counters.firstLoss, state.counters.lossInUse)
        }
    }

    /// The end in words, or nil where all steps were taken and nothing happened.
    var ending: String? {
        if let divergedAt { return divergence(divergedAt) + ". Try a lower rate, a warmUp, or clip: 1" }
        guard let bestStep else {
            return stoppedAt.map {
                "stopped after \($0) of \(planned) steps, as the validation loss was finite at no check; the weights of "
                    + "that step were used. Try a lower rate, a warmUp, or clip: 1"
            }
        }
        let used = "the weights of step \(bestStep) were used, which had the least validation loss"
        return stoppedAt.map {
            "stopped after \($0) of \(planned) steps, as the validation loss no longer fell; \(used)"
        } ?? "took all its steps; \(used)"
    }

    private func divergence(_ step: Int) -> String {
        var words = "diverged at step \(step)"
        if let firstLoss, let lastLoss {
            words =
                "diverged: the training loss rose from \(NumberText.significant(firstLoss)) to "
                + "\(NumberText.significant(lastLoss)) in \(step) steps"
        }
        switch usedStep {
        case 0?: return words + "; the untrained net was used, as no weights of later steps were seen to be finite"
        case let used? where used != step:
            return words + "; the weights of step \(used) were used, the last seen to work"
        default: return words
        }
    }
}
