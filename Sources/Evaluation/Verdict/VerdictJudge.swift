/// Reaches a verdict over the rows of one arm and seed; see `VerdictLimits`.
struct VerdictJudge {
    /// After the finish where there is one.
    let rows: [EvaluationRow]
    let chance: Double
    let limits: VerdictLimits
    /// The finish after which the rows are compared; nil where they are compared as they are.
    let finish: String?
    /// Rivals that were not measured after the finish, and are compared as they are.
    let unfinishedRivals: [EvaluationRow]

    init(rows: [EvaluationRow], chance: Double, limits: VerdictLimits) {
        func row(_ population: PopulationKind) -> EvaluationRow? { rows.first { $0.population == population } }
        let finish = row(.generated)?.finished.map(\.finish).flatMap { $0 == row(.fresh)?.finished?.finish ? $0 : nil }
        (self.chance, self.limits, self.finish) = (chance, limits, finish)
        guard let finish else {
            (self.rows, unfinishedRivals, isZooFinished) = (rows, [], true)
            return
        }
        self.rows = rows.map { $0.after(finish) ?? $0 }
        unfinishedRivals = rows.filter { $0.population.isRival && $0.finished?.finish != finish }
        isZooFinished = row(.zoo)?.finished?.finish == finish
    }

    private let isZooFinished: Bool

    var zoo: EvaluationRow? { rows.first { $0.population == .zoo } }
    var fresh: EvaluationRow? { rows.first { $0.population == .fresh } }
    var generated: EvaluationRow? { rows.first { $0.population == .generated } }
    var rivals: [EvaluationRow] { rows.filter(\.population.isRival) }

    /// What networks are as good as: the zoo, or the fresh networks where these have the finish and the zoo has not.
    var yardstick: EvaluationRow? { zoo.flatMap { isZooFinished ? $0 : fresh } }

    func quality(of generated: EvaluationRow, beside yardstick: EvaluationRow) -> Verdict.Quality {
        let reached = generated.testAccuracy.meanOfAll
        let wanted = yardstick.testAccuracy.mean
        guard reached.isFinite, wanted.isFinite else { return .failed }
        if reached >= wanted - limits.accuracyLoss { return .equal }
        return reached - chance < limits.keptAboveChance * (wanted - chance) ? .failed : .worse
    }

    /// How new a row's networks are beside fresh ones; without these, beside the zoo's own.
    func newness(of row: EvaluationRow) -> Newness { Newness(row, beside: fresh ?? zoo) }

    /// The newest baseline that is as new as the generated networks and as good, if any.
    func rival(of generated: EvaluationRow) -> EvaluationRow? {
        let (own, least) = (newness(of: generated), generated.testAccuracy.meanOfAll - limits.baselineLoss)
        let found = rivals.filter { $0.testAccuracy.mean >= least && newness(of: $0).isAsNew(as: own, limits) }
        return found.max { (newness(of: $0).distance ?? 0) < (newness(of: $1).distance ?? 0) }
    }

    /// Baselines that are more accurate than the generated networks and not as new, but no near-copies beside them: from
    /// half of their distance on. The most accurate first.
    func moreAccurate(than generated: EvaluationRow) -> [EvaluationRow] {
        let (own, reached) = (newness(of: generated), generated.testAccuracy.meanOfAll)
        return rivals.filter { row in
            let other = newness(of: row)
            return row.testAccuracy.mean > reached && !other.isAsNew(as: own, limits)
                && other.share(of: own).map { $0 >= limits.nearCopies } ?? false
        }.sorted { $0.testAccuracy.mean > $1.testAccuracy.mean }
    }

    /// All rivals with the generated and the fresh networks.
    var frontier: [FrontierPoint] {
        FrontierPoint.points(
            of: rows.filter { [.generated, .fresh].contains($0.population) || $0.population.isRival },
            beside: fresh ?? zoo)
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
}
