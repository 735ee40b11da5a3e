/// The distance that counts as 1: how far from the zoo a network lies that has nothing to do with it.
public struct NoveltyUnit: Sendable, Equatable {
    /// Where the distance was taken from.
    public enum Origin: String, Sendable, Equatable {
        /// Freshly trained networks that took part in nothing, to their nearest zoo network.
        case freshNetworks = "fresh"
        /// Zoo networks to their nearest other zoo network: a stand-in where no fresh networks were held out.
        case leaveOneOut = "leave-one-out"
    }

    /// The mean nearest-zoo distance, in weights; NaN where none could be measured.
    public let distance: Double
    /// Where it was taken from.
    public let origin: Origin

    /// Takes both.
    public init(distance: Double, origin: Origin) {
        self.distance = distance
        self.origin = origin
    }

    /// The mean over fresh networks, or over the zoo's own distances where there are no fresh ones.
    public init(freshToZoo: [Neighbour], zooToZoo: [Neighbour]) {
        let source = freshToZoo.isEmpty ? zooToZoo : freshToZoo
        self.init(
            distance: SampleStatistics(source.map(\.distance)).mean,
            origin: freshToZoo.isEmpty ? .leaveOneOut : .freshNetworks)
    }

    /// A distance in this unit.
    public func ratio(_ distance: Double) -> Double { distance / self.distance }
}
