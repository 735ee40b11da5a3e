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
