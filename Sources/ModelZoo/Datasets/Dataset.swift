/// Labelled samples, ready for a network: inputs [n, features] and a class each.
public struct Dataset: Sendable {
    /// What the data set is called.
    public let name: String
    /// Inputs in row-major order, [n, features].
    public let inputs: [Float]
    /// n, the number of samples.
    public var count: Int { labels.count }
    /// Number of features of a sample.
    public var featureCount: Int { sampleShape.reduce(1, *) }
    /// Shape of one sample, such as [8, 8].
    public let sampleShape: [Int]
    /// Class of every sample, from 0 up to, not including, `classCount`.
    public let labels: [Int32]
    /// C, the number of classes.
    public let classCount: Int

    /// Collects samples; traps unless `inputs` holds one sample a label and every label is a class.
    public init(name: String, inputs: [Float], sampleShape: [Int], labels: [Int32], classCount: Int) {
        self.name = name
        self.inputs = inputs
        self.sampleShape = sampleShape
        self.labels = labels
        self.classCount = classCount
        precondition(
            inputs.count == labels.count * featureCount,
            "dataset \(name): \(inputs.count) inputs for \(labels.count) samples of \(sampleShape)")
        precondition(
            labels.allSatisfy { $0 >= 0 && $0 < classCount }, "dataset \(name): a label outside 0..<\(classCount)")
    }

    /// The samples at `rows`, in that order; traps for a row that does not exist.
    public func select(rows: some Collection<Int>) -> Dataset {
        let width = featureCount
        var selected: [Float] = []
        selected.reserveCapacity(rows.count * width)
        for row in rows { selected.append(contentsOf: inputs[(row * width)..<((row + 1) * width)]) }
        return Dataset(
            name: name, inputs: selected, sampleShape: sampleShape, labels: rows.map { labels[$0] },
            classCount: classCount)
    }
}

/// One data set in three parts that share no sample.
public struct DatasetSplit: Sendable {
    /// Samples that networks learn from.
    public let train: Dataset
    /// Samples that choose checkpoints and settings.
    public let validation: Dataset
    /// Samples that only judge.
    public let test: Dataset

    /// Combines the rows of the three parts, any of which may be empty.
    public init(train: Dataset, validation: Dataset, test: Dataset) {
        self.train = train
        self.validation = validation
        self.test = test
    }

    /// The rows of all three parts, training first.
    var parts: [Dataset] { [train, validation, test] }
}

/// Which rows of a loaded data set belong to which part, as a zoo file records it.
public struct SplitIndices: Codable, Hashable, Sendable {
    /// Rows that networks learn from.
    public let train: [Int]
    /// Rows that choose checkpoints and settings.
    public let validation: [Int]
    /// Rows that only judge.
    public let test: [Int]

    /// Collects the rows of each part.
    public init(train: [Int], validation: [Int], test: [Int]) {
        self.train = train
        self.validation = validation
        self.test = test
    }
}

/// How a data set is divided into training, validation and test rows.
public enum SplitRule: Hashable, Sendable {
    /// The test part that its makers set apart, and `validation` rows drawn from the rest by `seed`.
    case official(validation: Int, seed: UInt64)
    /// From every class the given fractions, drawn by `seed`; the rest is for training.
    ///
    /// A class of n rows gives round(n * test) to the test part, then round(n * validation) to validation.
    case stratified(validation: Double, test: Double, seed: UInt64)
    /// Exactly these rows.
    case listed(SplitIndices)
}
