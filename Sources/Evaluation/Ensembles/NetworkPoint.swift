/// One network in the picture of accuracy against novelty.
public struct NetworkPoint: Sendable, Equatable {
    /// Test accuracy, a fraction.
    public let accuracy: Double
    /// Distance to the nearest zoo network in fresh-network units; NaN for a network that is not finite.
    public let distance: Double
    /// The nearest zoo network.
    public let nearestZoo: Int?

    /// Takes the facts.
    public init(accuracy: Double, distance: Double, nearestZoo: Int?) {
        self.accuracy = accuracy
        self.distance = distance
        self.nearestZoo = nearestZoo
    }
}
