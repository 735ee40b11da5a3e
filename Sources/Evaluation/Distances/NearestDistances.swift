import Tensors

/// Nearest-neighbour distances between samples and a zoo in four directions.
///
/// Within a set a network is never its own neighbour. Small sample-to-zoo distances mean copying; small sample-to-
/// sample ones repetition; large zoo-to-sample ones that parts of the zoo are missed; zoo-to-zoo is what all are
/// compared with.
public struct NearestDistances: Sendable, Equatable {
    /// For each zoo network its nearest other zoo network (leave one out).
    public let zooToZoo: [Neighbour]
    /// For each sample its nearest other sample.
    public let sampleToSample: [Neighbour]
    /// For each zoo network its nearest sample.
    public let zooToSample: [Neighbour]
    /// For each sample its nearest zoo network.
    public let sampleToZoo: [Neighbour]

    /// Takes measured distances: within the zoo, within the samples, and from the samples to the zoo.
    public init(zooToZoo: [Neighbour], samples: DistanceMatrix, samplesToZoo: DistanceMatrix) {
        self.zooToZoo = zooToZoo
        sampleToSample = samples.nearestToRows()
        zooToSample = samplesToZoo.nearestToColumns()
        sampleToZoo = samplesToZoo.nearestToRows()
    }

    /// Measures samples [P, D] against a zoo [N, D], both taken as they are.
    public init(samples: Tensor, zoo: Tensor) {
        self.init(
            zooToZoo: DistanceMatrix(within: zoo).nearestToRows(), samples: DistanceMatrix(within: samples),
            samplesToZoo: DistanceMatrix(from: samples, to: zoo))
    }

    /// The zoo measured against itself: all four directions are leave-one-out.
    public init(zooToZoo: [Neighbour]) {
        self.zooToZoo = zooToZoo
        sampleToSample = zooToZoo
        zooToSample = zooToZoo
        sampleToZoo = zooToZoo
    }
}
