/// How new a population's weights are beside the zoo that its generator was trained on.
///
/// Ratios are in units of the held-out fresh networks' own mean distance to their nearest zoo network: 1 is as far from
/// the zoo as a freshly trained network, 0 is a copy. Meaningful only over weights whose permutations, scales and signs
/// were normalised. Networks with non-finite weights have no distance; the statistics count them.
public struct Novelty: Sendable, Equatable {
    /// The unit.
    public let unit: NoveltyUnit
    /// Each network's distance to its nearest zoo network, in units; NaN for a network that is not finite.
    public let ratios: [Double]
    /// The ratios over all networks.
    public let weightDistance: SampleStatistics
    /// The same distances in weights.
    public let rawDistance: SampleStatistics
    /// Each zoo network's distance to its nearest sample, in units.
    public let zooToSample: SampleStatistics
    /// Each sample's distance to its nearest other sample, in units.
    public let sampleToSample: SampleStatistics
    /// Each zoo network's distance to its nearest other zoo network, in units.
    public let zooToZoo: SampleStatistics
    /// 1-Wasserstein distance of the finite sample-to-zoo distances from the zoo-to-zoo ones, in units.
    public let wasserstein: Double
    /// Jensen-Shannon distance of the same.
    public let jensenShannon: Double
    /// Mann-Whitney z of sample-to-zoo against fresh-to-zoo distances (finite ones); strongly negative is copying.
    /// Nil without fresh networks.
    public let copyingScore: Double?

    /// Summarises measured distances; `freshToZoo` may be empty.
    public init(_ nearest: NearestDistances, unit: NoveltyUnit, freshToZoo: [Neighbour]) {
        func statistics(_ neighbours: [Neighbour]) -> SampleStatistics {
            SampleStatistics(neighbours.map { unit.ratio($0.distance) })
        }
        self.unit = unit
        ratios = nearest.sampleToZoo.map { unit.ratio($0.distance) }
        weightDistance = SampleStatistics(ratios)
        rawDistance = SampleStatistics(nearest.sampleToZoo.map(\.distance))
        zooToSample = statistics(nearest.zooToSample)
        sampleToSample = statistics(nearest.sampleToSample)
        zooToZoo = statistics(nearest.zooToZoo)
        let own = ratios.filter(\.isFinite)
        let reference = nearest.zooToZoo.map { unit.ratio($0.distance) }.filter(\.isFinite)
        wasserstein = Divergence.wasserstein(own, reference)
        jensenShannon = Divergence.jensenShannon(own, reference)
        let fresh = freshToZoo.map { unit.ratio($0.distance) }.filter(\.isFinite)
        copyingScore = MannWhitney(own, against: fresh)?.z
    }

    /// Share of all networks whose ratio is below a limit; those without a distance count as not below it.
    public func share(below limit: Double) -> Double {
        ratios.isEmpty ? 0 : Double(ratios.filter { $0 < limit }.count) / Double(ratios.count)
    }
}
