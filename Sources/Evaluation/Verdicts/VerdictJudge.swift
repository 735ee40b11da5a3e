/// Reaches the parts of a verdict; see `Verdict.Limits`.
struct VerdictJudge {
    let generated: EvaluationRow
    let zoo: EvaluationRow
    let fresh: EvaluationRow?
    let baselines: [EvaluationRow]
    let chance: Double
    let diverged: Bool
    let limits: Verdict.Limits
    /// Accuracies and distances are quotients of sums: a difference below this is rounding.
    private let rounding = 1e-9

    /// Mean distance to the nearest zoo network in fresh-network units; NaN where none could be measured.
    var distance: Double { generated.novelty.weightDistance.mean }

    var quality: Verdict.Quality {
        let (reached, wanted) = (generated.accuracy.mean, zoo.accuracy.mean)
        guard reached.isFinite, wanted.isFinite else { return .failed }
        let loss = wanted - reached
        if loss < -limits.accuracyTolerance - rounding { return .better }
        if loss <= limits.accuracyTolerance + rounding { return .equal }
        let isNearChance = reached - chance < limits.keptAboveChance * (wanted - chance)
        return loss > limits.failureLoss + rounding || isNearChance ? .failed : .worse
    }

    var novelty: Verdict.Class {
        guard distance.isFinite else { return .copies }
        let novelty = generated.novelty
        if distance < limits.copies || novelty.share(below: limits.copies) > 0.5 { return .copies }
        let isNear = distance < limits.nearCopies
            || novelty.share(below: limits.nearCopies) > limits.toleratedShare
        return isNear || failsLikeTheZoo ? .nearCopies : .novel
    }

    /// Whether the same inputs are wrong as for a zoo network, more than half-way from a fresh network to a copy.
    var failsLikeTheZoo: Bool {
        let own = generated.wrongSets.meanOfMax
        guard let usual = fresh?.wrongSets.meanOfMax, usual < 1 else { return false }
        return own - usual > limits.functionalOverlap * (1 - usual)
    }

    /// RMS ratio of codes, else of weights, about the samples' own mean.
    var spread: Double { generated.codeRMSRatio ?? generated.weightSpread.rmsRatio }

    var isShrunk: Bool { spread < limits.collapse }

    /// Whether the samples repeat a few networks and leave out the rest of the zoo.
    var repeatsFew: Bool {
        let novelty = generated.novelty
        let usual = novelty.zooToZoo.mean
        return novelty.sampleToSample.mean < limits.repetition * usual
            && novelty.zooToSample.mean > limits.coverage * usual
    }

    var collapsed: Bool { isShrunk || repeatsFew }

    /// Baselines at least as accurate and at least as novel, most novel first.
    var rivals: [EvaluationRow] {
        guard distance.isFinite else { return [] }
        let rivals = baselines.enumerated().filter { _, row in
            row.accuracy.mean >= generated.accuracy.mean - limits.baselineTolerance - rounding
                && row.novelty.weightDistance.mean >= distance - rounding
        }
        return rivals.sorted { first, second in
            let (a, b) = (first.element.novelty.weightDistance.mean, second.element.novelty.weightDistance.mean)
            return a == b ? first.offset < second.offset : a > b
        }.map(\.element)
    }
}
