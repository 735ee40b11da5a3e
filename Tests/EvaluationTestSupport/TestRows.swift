import Evaluation

/// Rows with the numbers that a test is about.
public enum TestRows {
    /// The kind of a name in files; traps for one that is unknown.
    public static func kind(_ what: String) -> PopulationKind {
        guard let kind = PopulationKind(what: what) else { preconditionFailure("no population is named \(what)") }
        return kind
    }

    /// A row as a verdict reads it, labelled by its name in files. By what its units contribute it is as far away as in
    /// weights, and it predicts otherwise and fails as fresh networks do, where nothing else is said.
    public static func row(
        _ what: String, _ accuracy: Double, at ratio: Double?, rms: Double? = nil, own: Double? = nil,
        missed: Double = 1, overlap: Double? = nil, zooToZoo: Double = 1, contribution: Double?? = .none,
        disagreement: Double? = 0.03
    ) -> EvaluationRow {
        func mean(_ value: Double) -> SampleStatistics { SampleStatistics(mean: value, sd: .nan) }
        return EvaluationRow(
            seed: 1, kind(what), label: what, count: 100, testAccuracy: SampleStatistics(mean: accuracy, sd: 0.003),
            novelty: Novelty(
                weightDistance: ratio.map { SampleStatistics(mean: $0 * 3, sd: 0.01, median: $0) },
                contributionDistance: (contribution ?? ratio).map { SampleStatistics(mean: $0, sd: 0.01, median: $0) },
                zooToSample: mean(missed), sampleToSample: own.map(mean), zooToZoo: mean(zooToZoo),
                wrongSets: WrongSetOverlap(mean: overlap ?? 0.4, meanOfMax: overlap ?? 0.4),
                disagreement: disagreement.map {
                    Disagreement(mean: 2 * $0, nearest: $0 / 2, withNeighbour: $0, withContributor: $0)
                }),
            codeSpread: rms.map { CodeSpread(rmsRatio: $0) })
    }
}
