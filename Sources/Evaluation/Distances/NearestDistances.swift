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

    /// Takes distances that were measured elsewhere.
    public init(
        zooToZoo: [Neighbour], sampleToSample: [Neighbour], zooToSample: [Neighbour], sampleToZoo: [Neighbour]
    ) {
        self.zooToZoo = zooToZoo
        self.sampleToSample = sampleToSample
        self.zooToSample = zooToSample
        self.sampleToZoo = sampleToZoo
    }

    /// Measures samples [P, D] against a zoo [N, D] whose own distances are known.
    public init(samples: Tensor, zoo: Tensor, zooToZoo: [Neighbour]) {
        let across = DistanceMatrix(from: samples, to: zoo)
        self.init(
            zooToZoo: zooToZoo, sampleToSample: DistanceMatrix(within: samples).nearestToRows(),
            zooToSample: across.nearestToColumns(), sampleToZoo: across.nearestToRows())
    }

    /// Measures samples [P, D] against a zoo [N, D].
    public init(samples: Tensor, zoo: Tensor) {
        self.init(samples: samples, zoo: zoo, zooToZoo: DistanceMatrix(within: zoo).nearestToRows())
    }

    /// The zoo measured against itself: all four directions are leave-one-out.
    public init(zooToZoo: [Neighbour]) {
        self.init(zooToZoo: zooToZoo, sampleToSample: zooToZoo, zooToSample: zooToZoo, sampleToZoo: zooToZoo)
    }
}
