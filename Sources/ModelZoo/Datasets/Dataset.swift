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
