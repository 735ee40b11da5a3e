/// One data set in three parts that share no sample.
public struct DatasetSplit: Sendable {
    /// Samples that networks learn from.
    public let train: Dataset
    /// Samples that choose checkpoints and settings.
    public let validation: Dataset
    /// Samples that only judge.
    public let test: Dataset

    /// Collects the parts.
    public init(train: Dataset, validation: Dataset, test: Dataset) {
        self.train = train
        self.validation = validation
        self.test = test
    }

    /// All parts.
    var parts: [Dataset] { [train, validation, test] }
}
