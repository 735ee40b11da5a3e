import Basics

/// Reaches a verdict over the rows of one arm and seed; see `VerdictLimits`.
struct VerdictJudge {
    let rows: [EvaluationRow]
    let chance: Double
    let limits: VerdictLimits

    var zoo: EvaluationRow? { rows.first { $0.population == .zoo } }
    var fresh: EvaluationRow? { rows.first { $0.population == .fresh } }
    var generated: EvaluationRow? { rows.first { $0.population == .generated } }

    func quality(of generated: EvaluationRow, beside zoo: EvaluationRow) -> Verdict.Quality {
        let reached = generated.testAccuracy.meanOfAll
        let wanted = zoo.testAccuracy.mean
        guard reached.isFinite, wanted.isFinite else { return .failed }
        if reached >= wanted - limits.accuracyLoss { return .equal }
        return reached - chance < limits.keptAboveChance * (wanted - chance) ? .failed : .worse
    }

    func novelty(of generated: EvaluationRow) -> Verdict.Novelty {
        guard let ratio = generated.decidingRatio, ratio >= limits.copies else { return .copies }
        return ratio < limits.novel || overlapsTooMuch(generated) ? .nearCopies : .novel
    }

    /// Whether the same test samples are wrong as for a zoo network, more than half-way to a copy.
    func overlapsTooMuch(_ generated: EvaluationRow) -> Bool {
        guard let own = generated.novelty?.wrongSets?.meanOfMax,
            let usual = fresh?.novelty?.wrongSets?.meanOfMax, usual < 1
        else { return false }
        return (own - usual) / (1 - usual) > 0.5
    }

    /// The newest baseline that is as new as the generated networks and as good, if any.
    func rival(of generated: EvaluationRow) -> EvaluationRow? {
        guard let ratio = generated.decidingRatio else { return nil }
        let least = generated.testAccuracy.mean - limits.baselineLoss
        let rivals = rows.filter { row in
            row.population.isRival && (row.decidingRatio ?? -1) >= ratio * limits.baselineDistance
                && row.testAccuracy.mean >= least
        }
        return rivals.max { ($0.decidingRatio ?? 0) < ($1.decidingRatio ?? 0) }
    }

    /// Whether the samples' codes spread clearly less than the zoo's.
    func isNarrow(_ generated: EvaluationRow) -> Bool {
        generated.codeRMSRatio.map { $0 < limits.narrowSpread } ?? false
    }

    /// Whether samples that spread too little are near each other, and not only nearer than they should be.
    private func isDense(_ generated: EvaluationRow) -> Bool {
        if let own = generated.novelty?.sampleToSample?.mean, let usual = generated.novelty?.zooToZoo?.mean,
            own.isFinite, usual > limits.copies
        {
            return own < limits.near * usual
        }
        return (generated.codeRMSRatio ?? 1) < limits.near
    }

    func hasCollapsed(_ generated: EvaluationRow) -> Bool {
        if isNarrow(generated), isDense(generated) { return true }
        guard generated.count > 1, let novelty = generated.novelty, let own = novelty.sampleToSample?.mean,
            let usual = novelty.zooToZoo?.mean, let missed = novelty.zooToSample?.mean
        else { return false }
        // A zoo whose networks hardly differ has no distances to measure by. Then the spread decides, which was looked
        // at above; where the zoo has none either, as one repeated network, the fresh networks' distances do.
        guard usual > limits.copies else {
            let hasSpread = generated.codeRMSRatio?.isFinite ?? false
            return own < limits.repeated && !hasSpread
        }
        return own < limits.repeated * usual && missed > limits.missed * usual
    }

    func reasons(
        generated: EvaluationRow, zoo: EvaluationRow, rival: EvaluationRow?, verdict: Verdict
    ) -> [String] {
        var reasons = [
            "mean test accuracy \(percent(generated)) over all \(generated.count) generated networks, "
                + "\(percent(zoo)) over the zoo"
        ]
        if let ratio = generated.decidingRatio {
            reasons.append(
                "median distance to the nearest zoo network: \(NumberText.ratio(ratio)) of a fresh network's; "
                    + "copies below \(NumberText.ratio(limits.copies)), new from \(NumberText.ratio(limits.novel))")
        } else {
            reasons.append("the distance to the nearest zoo network was not measured, so novelty is not claimed")
        }
        if overlapsTooMuch(generated) {
            reasons.append("they get the same test samples wrong as zoo networks do (wrong-set overlap)")
        }
        if let rival { reasons.append("baseline as new and as good: \(rival.label)") }
        if let lost = lost(generated) {
            reasons.append("the outputs of \(lost) are not finite numbers; these networks count as never right")
        }
        if verdict.collapsed { reasons.append("the samples have collapsed: they hardly differ from each other") }
        if verdict.underDispersed, let spread = generated.codeRMSRatio {
            reasons.append(
                "the samples are under-dispersed: their codes spread \(NumberText.ratio(spread)) times as wide as the "
                    + "zoo's; as wide counts what is at least \(NumberText.ratio(limits.narrowSpread))")
        }
        if verdict.diverged {
            reasons.append("training or sampling left the finite numbers, or the training loss exploded")
        }
        return reasons
    }

    func sentence(
        generated: EvaluationRow, zoo: EvaluationRow, rival: EvaluationRow?, verdict: Verdict
    ) -> String {
        let figures =
            generated.testAccuracy.mean.isFinite && zoo.testAccuracy.mean.isFinite
            ? "\(percent(generated)) test accuracy against the zoo's \(percent(zoo))"
            : generated.testAccuracy.nonFinite > 0
                ? "their outputs are not finite numbers" : "an accuracy that is not a number"
        if verdict.diverged {
            return generated.novelty == nil
                ? "The generator diverged: none of the networks that it drew is finite."
                : "The generator diverged: its networks reach \(figures)."
        }
        if verdict.quality == .failed { return "The generated networks do not work: \(figures)." }
        if verdict.collapsed { return "The generator collapsed: its networks hardly differ from each other." }
        let good = verdict.quality == .equal ? "as good as the zoo" : "worse than the zoo"
        return "The generated networks are \(good) (\(figures)) "
            + newness(generated, verdict) + spread(generated, verdict) + rivalry(rival, beside: generated)
    }

    private func spread(_ generated: EvaluationRow, _ verdict: Verdict) -> String {
        guard verdict.underDispersed, let spread = generated.codeRMSRatio else { return "" }
        return "; they are under-dispersed, at \(NumberText.ratio(spread)) of the zoo's spread"
    }

    /// How many networks compute something that is no number, "3 of 100 networks"; nil where none does.
    private func lost(_ row: EvaluationRow) -> String? {
        let lost = row.testAccuracy.nonFinite
        return lost == 0 ? nil : "\(lost) of \(row.count) networks"
    }

    private func newness(_ generated: EvaluationRow, _ verdict: Verdict) -> String {
        let joint = verdict.quality == .equal ? "but" : "and"
        guard let ratio = generated.decidingRatio else { return "\(joint) how new they are was not measured" }
        let distance = NumberText.ratio(ratio)
        switch verdict.novelty {
        case .copies:
            return "\(joint) they are copies: \(distance) of a fresh network's distance from the zoo"
        case .nearCopies where ratio >= limits.novel:
            return "\(joint) in their predictions they are near-copies of zoo networks"
        case .nearCopies:
            return "\(joint) they are near-copies: \(distance) of a fresh network's distance from the zoo"
        case .novel:
            let contrast = verdict.quality == .equal ? "and" : "but"
            return "\(contrast) new: \(distance) of a fresh network's distance from the zoo"
        }
    }

    private func rivalry(_ rival: EvaluationRow?, beside generated: EvaluationRow) -> String {
        guard let rival, let ratio = rival.decidingRatio else { return "." }
        let better = rival.testAccuracy.mean > generated.testAccuracy.mean + limits.baselineLoss
        return "; the baseline \(rival.label) is \(better ? "better" : "as good") "
            + "(\(percent(rival))) at \(NumberText.ratio(ratio))."
    }

    private func percent(_ row: EvaluationRow) -> String {
        row.testAccuracy.meanOfAll.isFinite
            ? NumberText.percent(row.testAccuracy.meanOfAll) + " %"
            : row.testAccuracy.nonFinite > 0 ? "that is not a number" : "that is not known"
    }
}
