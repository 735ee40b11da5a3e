import Basics

/// How right the model in use is on rows without labels, from what it says of them and how right it was on the reference.
public protocol AccuracyEstimator: ComponentConfig {
    /// The estimated share of `sample` that the model classifies right, 0 to 1.
    ///
    /// - reference: rows that the model was not trained on, and whether it is right about each.
    func accuracy(of sample: ShiftRows, reference: ShiftRows, isRight: [Bool]) -> Double
}

/// An accuracy with the interval in which it lies with a stated probability.
public struct AccuracyInterval: Codable, Sendable, Equatable {
    /// The estimate, 0 to 1.
    public let value: Double
    /// The lower end.
    public let low: Double
    /// The upper end.
    public let high: Double

    /// An accuracy between two ends.
    public init(value: Double, low: Double, high: Double) {
        (self.value, self.low, self.high) = (value, low, high)
    }
}
