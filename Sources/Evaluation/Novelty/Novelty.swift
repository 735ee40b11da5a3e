import Basics

/// How new a population's networks are beside the zoo that its generator was trained on.
///
/// Ratios are in units of the fresh networks' own mean distance to their nearest zoo network: 1 is as far from the zoo
/// as a freshly trained network, 0 is a copy. Distances are Euclidean, between weights whose permutations, scales and
/// signs were normalised. Networks without a distance are counted by the statistics. A measured population has all that
/// stands here (the copying score only beside fresh networks); what a file does not say is nil.
public struct Novelty: Sendable, Equatable {
    /// The distance that counts as 1.
    public var unit: NoveltyUnit?
    /// Each network's distance to its nearest zoo network, in units.
    public var weightDistance: SampleStatistics?
    /// Each network's distance to the nearest zoo network by what units contribute (`Contributions`), in units of the fresh
    /// networks' mean; nil where contributions were not measured.
    public var contributionDistance: SampleStatistics?
    /// The same distances in weights.
    public var rawDistance: SampleStatistics?
    /// Each zoo network's distance to its nearest sample, in units: large where parts of the zoo are missed.
    public var zooToSample: SampleStatistics?
    /// Each sample's distance to its nearest other sample, in units: 0 where samples collapse into one.
    public var sampleToSample: SampleStatistics?
    /// Each zoo network's distance to its nearest other zoo network, in units.
    public var zooToZoo: SampleStatistics?
    /// 1-Wasserstein distance of the finite sample-to-zoo distances from the zoo-to-zoo ones, in units.
    public var wasserstein: Double?
    /// Jensen-Shannon distance of the same.
    public var jensenShannon: Double?
    /// The three-sample memorization score: Mann-Whitney z of sample-to-zoo against fresh-to-zoo distances (finite
    /// ones); strongly negative is copying. Nil without fresh networks.
    public var copyingScore: Double?
    /// How much the wrongly classified test samples overlap with the zoo networks'.
    public var wrongSets: WrongSetOverlap?
    /// How often predictions on test samples differ from the zoo networks'.
    public var disagreement: Disagreement?

    /// The share of test samples on which a network and its nearest zoo network predict differently, or two networks of
    /// any pair where no nearest one is known.
    public var predictionDisagreement: Double? { disagreement.map { $0.withNeighbour ?? $0.mean } }

    /// Takes what is known.
    public init(
        unit: NoveltyUnit? = nil, weightDistance: SampleStatistics? = nil,
        contributionDistance: SampleStatistics? = nil, rawDistance: SampleStatistics? = nil,
        zooToSample: SampleStatistics? = nil, sampleToSample: SampleStatistics? = nil,
        zooToZoo: SampleStatistics? = nil,
        wrongSets: WrongSetOverlap? = nil, disagreement: Disagreement? = nil
    ) {
        self.unit = unit
        self.weightDistance = weightDistance
        self.contributionDistance = contributionDistance
        self.rawDistance = rawDistance
        self.zooToSample = zooToSample
        self.sampleToSample = sampleToSample
        self.zooToZoo = zooToZoo
        self.wrongSets = wrongSets
        self.disagreement = disagreement
    }

    /// Summarises measured distances; `freshToZoo` may be empty. `lost` more networks have no distance to the zoo.
    /// `contributions` are ratios, of the lost networks too.
    public init(
        _ nearest: NearestDistances, unit: NoveltyUnit, freshToZoo: [Neighbour], lost: Int = 0,
        contributions: SampleStatistics? = nil, wrongSets: WrongSetOverlap? = nil, disagreement: Disagreement? = nil
    ) {
        func ratios(_ neighbours: [Neighbour]) -> [Double] { neighbours.map { unit.ratio($0.distance) } }
        let unknown = [Double](repeating: .nan, count: lost)
        let samples = ratios(nearest.sampleToZoo) + unknown
        self.init(
            unit: unit, weightDistance: SampleStatistics(inOrder: samples), contributionDistance: contributions,
            rawDistance: SampleStatistics(nearest.sampleToZoo.map(\.distance) + unknown),
            zooToSample: SampleStatistics(ratios(nearest.zooToSample)),
            sampleToSample: SampleStatistics(ratios(nearest.sampleToSample)),
            zooToZoo: SampleStatistics(ratios(nearest.zooToZoo)), wrongSets: wrongSets, disagreement: disagreement)
        let own = samples.filter(\.isFinite)
        let reference = ratios(nearest.zooToZoo).filter(\.isFinite)
        wasserstein = SampleDistance.wasserstein(own, reference)
        jensenShannon = SampleDistance.jensenShannon(own, reference)
        copyingScore = MannWhitney(own, against: ratios(freshToZoo).filter(\.isFinite))?.z
    }
}

/// The distance that counts as 1: how far from the zoo a network lies that has nothing to do with it.
public struct NoveltyUnit: Sendable, Equatable, Codable {
    /// Where the distance was taken from.
    public enum Origin: String, Sendable, Equatable, Codable {
        /// Freshly trained networks that took part in nothing, to their nearest zoo network.
        case freshNetworks = "fresh"
        /// Zoo networks to their nearest other zoo network: a stand-in where there are no fresh networks.
        case leaveOneOut = "leave-one-out"
    }

    /// The mean nearest-zoo distance, in weights; NaN where none could be measured.
    @OrNull public private(set) var distance: Double
    /// Where it was taken from.
    public let origin: Origin

    /// Takes a distance that was measured elsewhere.
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
