/// Everything measured on one population: a row of the report's table.
public struct EvaluationRow: Sendable, Equatable {
    /// `zoo`, `fresh`, `generated`, or a baseline's name as in `Baseline.what`.
    public let what: String
    /// The name for people.
    public let label: String
    /// P, all networks.
    public let count: Int
    /// Test accuracy over all networks, fractions.
    public let accuracy: SampleStatistics
    /// Validation accuracy over all networks, fractions.
    public let validationAccuracy: SampleStatistics?
    /// How new the weights are.
    public let novelty: Novelty
    /// How much the wrongly classified inputs overlap with the zoo's.
    public let wrongSets: WrongSetOverlap
    /// How often predictions differ from the zoo's.
    public let disagreement: Disagreement
    /// Spread of the codes against the zoo's; nil where codes are not known.
    public let codeSpread: CodeSpread?
    /// One point a network, in order.
    public let points: [NetworkPoint]
    /// Nearest neighbours in four directions.
    public let nearest: NearestDistances

    /// RMS of the codes about their mean divided by that of the zoo's codes; nil where codes are not known.
    public var codeRMSRatio: Double? { codeSpread?.rmsRatio }

    /// Takes all the facts.
    public init(
        what: String, label: String, count: Int, accuracy: SampleStatistics,
        validationAccuracy: SampleStatistics?, novelty: Novelty, wrongSets: WrongSetOverlap,
        disagreement: Disagreement, codeSpread: CodeSpread?, points: [NetworkPoint], nearest: NearestDistances
    ) {
        self.what = what
        self.label = label
        self.count = count
        self.accuracy = accuracy
        self.validationAccuracy = validationAccuracy
        self.novelty = novelty
        self.wrongSets = wrongSets
        self.disagreement = disagreement
        self.codeSpread = codeSpread
        self.points = points
        self.nearest = nearest
    }
}
