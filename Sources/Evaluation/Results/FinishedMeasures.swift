import Basics

/// What a population became by the finish that every population of a run is given, measured as the population itself.
///
/// Ratios of `novelty` are in units of the fresh networks *with the same finish*: what a finish moves, it moves for them too.
public struct FinishedMeasures: Sendable, Equatable {
    /// The finish by its name in files, for example `logits`.
    public var finish: String
    /// Test accuracy over all networks, fractions.
    public var testAccuracy: SampleStatistics
    /// Validation accuracy over all networks, fractions.
    public var validationAccuracy: SampleStatistics?
    /// How new the finished networks are; nil where novelty has no meaning.
    public var novelty: Novelty?
    /// What the finish cost a network: training rows that were run through it, a gradient step's counted three times.
    public var rowPasses: Double

    /// Puts the measures together.
    public init(
        finish: String, testAccuracy: SampleStatistics, validationAccuracy: SampleStatistics? = nil,
        novelty: Novelty? = nil, rowPasses: Double
    ) {
        self.finish = finish
        self.testAccuracy = testAccuracy
        self.validationAccuracy = validationAccuracy
        self.novelty = novelty
        self.rowPasses = rowPasses
    }
}

extension FinishedMeasures: Codable {
    private enum CodingKeys: String, CodingKey {
        case finish, novelty
        case testAccuracy = "test_accuracy"
        case validationAccuracy = "validation_accuracy"
        case rowPasses = "row_passes"
    }
}
