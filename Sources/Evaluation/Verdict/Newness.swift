/// How new a row's networks are beside fresh ones, in four measures: 1 is a fresh network's, 0 a copy's.
///
/// New weights alone make no network new: weights of inputs that never change, or of units that are never on, may be
/// anything. So a network has to be new by its weights, by what its units contribute, and in what it predicts.
struct Newness {
    /// What is measured.
    enum Measure: CaseIterable {
        /// Distance to the nearest zoo network in weights up to symmetry.
        case weights
        /// Distance to the nearest zoo network by what units contribute.
        case contributions
        /// How often predictions differ from those of the zoo network that is nearest: in weights, by contributions, or
        /// in predictions, whichever speaks most for a copy.
        case disagreement
        /// How far the wrongly classified samples are from those of the zoo network with the most similar ones.
        case wrongSets
    }

    private var values: [Measure: Double] = [:]

    /// Measures a row; `reference` is the fresh networks' row, or the zoo's own where there are none.
    init(_ row: EvaluationRow, beside reference: EvaluationRow?) {
        values[.weights] = row.decidingRatio
        values[.contributions] = row.decidingContribution
        if let own = row.novelty?.disagreement, let usual = reference?.novelty?.disagreement {
            values[.disagreement] = Self.least([
                (own.withNeighbour, usual.withNeighbour), (own.withContributor, usual.withContributor),
                (own.nearest, usual.nearest),
            ])
        }
        if let own = row.novelty?.wrongSets?.meanOfMax, let usual = reference?.novelty?.wrongSets?.meanOfMax {
            values[.wrongSets] = Self.least([(1 - own, 1 - usual)])
        }
    }

    /// The least ratio of what is known and not zero for fresh networks; nil where nothing is.
    private static func least(_ pairs: [(own: Double?, usual: Double?)]) -> Double? {
        pairs.compactMap { own, usual in
            guard let own, let usual, own.isFinite, usual.isFinite, usual > 0 else { return nil }
            return max(0, own / usual)
        }.min()
    }

    /// A measure; nil where it was not taken.
    subscript(measure: Measure) -> Double? { values[measure] }

    /// The lesser of the two distances, of one where the other was not measured.
    var distance: Double? { [self[.weights], self[.contributions]].compactMap { $0 }.min() }

    /// What was not measured.
    var missing: [Measure] { Measure.allCases.filter { values[$0] == nil } }

    /// What the measures amount to, and the measure that stands most against novelty; nil for one that is missing.
    func verdict(_ limits: VerdictLimits) -> (novelty: Verdict.Novelty, measure: Measure?) {
        guard self[.weights] != nil else { return (.copies, nil) }
        var (worst, deciding) = (Verdict.Novelty.novel, Measure?.some(.weights))
        for measure in Measure.allCases {
            guard let value = self[measure] else { continue }
            let novelty = limits.novelty(value, by: measure)
            // Of two distances that say the same the lesser is named.
            let isLess = novelty == worst && measure == .contributions && value < self[.weights] ?? 0
            if novelty < worst || isLess { (worst, deciding) = (novelty, measure) }
        }
        return missing.isEmpty || worst < .novel ? (worst, deciding) : (.inBetween, nil)
    }

    /// Whether a baseline with these measures is as new as networks with others: as far away, and predicting otherwise as
    /// often. What was not measured of both does not count.
    func isAsNew(as other: Newness, _ limits: VerdictLimits) -> Bool {
        share(of: other).map { $0 >= limits.baselineDistance } ?? false
            && Self.reaches(self[.disagreement], limits.baselineDistance, of: other[.disagreement])
    }

    /// The least share of another's distance that these measures have, in weights and by contributions.
    func share(of other: Newness) -> Double? {
        [Measure.weights, .contributions].compactMap { measure in
            guard let own = self[measure], let others = other[measure] else { return nil }
            return others > 0 ? own / others : .infinity
        }.min()
    }

    private static func reaches(_ own: Double?, _ share: Double, of other: Double?) -> Bool {
        guard let own, let other else { return true }
        return own >= share * other
    }
}

extension VerdictLimits {
    /// What a single measure says; a limit belongs to the better side.
    func novelty(_ value: Double, by measure: Newness.Measure) -> Verdict.Novelty {
        switch measure {
        case .weights, .contributions:
            if value < copies { return .copies }
            return value < nearCopies ? .nearCopies : value < novel ? .inBetween : .novel
        case .disagreement: return value < nearCopies ? .nearCopies : value < novelDisagreement ? .inBetween : .novel
        case .wrongSets: return value < nearCopies ? .nearCopies : value < novelWrongSets ? .inBetween : .novel
        }
    }
}
