import Evaluation

/// Rows with the numbers that a test is about.
public enum TestRows {
    /// The kind of a name in files; traps for one that is unknown.
    public static func kind(_ what: String) -> PopulationKind {
        guard let kind = PopulationKind(what: what) else { preconditionFailure("no population is named \(what)") }
        return kind
    }

    /// A row as a verdict reads it, labelled by its name in files.
    public static func row(
        _ what: String, _ accuracy: Double, at ratio: Double?, rms: Double? = nil, own: Double? = nil,
        missed: Double = 1, overlap: Double? = nil, zooToZoo: Double = 1
    ) -> EvaluationRow {
        func mean(_ value: Double) -> SampleStatistics { SampleStatistics(mean: value, sd: .nan) }
        return EvaluationRow(
            seed: 1, kind(what), label: what, count: 100, testAccuracy: SampleStatistics(mean: accuracy, sd: 0.003),
            novelty: Novelty(
                weightDistance: ratio.map { SampleStatistics(mean: $0 * 3, sd: 0.01, median: $0) },
                zooToSample: mean(missed), sampleToSample: own.map(mean), zooToZoo: mean(zooToZoo),
                wrongSets: overlap.map { WrongSetOverlap(mean: $0, meanOfMax: $0) }),
            codeSpread: rms.map { CodeSpread(rmsRatio: $0) })
    }
}
