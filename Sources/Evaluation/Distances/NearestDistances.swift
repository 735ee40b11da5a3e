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

/// The nearest network of a population and how far away it lies.
public struct Neighbour: Sendable, Equatable, BitwiseCopyable {
    /// Which network, the first where several are as near; nil where no distance is finite.
    public let index: Int?
    /// The Euclidean distance; NaN where no distance is finite.
    public let distance: Double

    /// A neighbour at a distance; no index where there is none.
    public init(index: Int?, distance: Double) {
        self.index = index
        self.distance = distance
    }

    /// The smallest finite of `count` squared distances, one of them left out.
    init(among count: Int, except excluded: Int?, _ squared: (Int) -> Double) {
        var best: (index: Int, square: Double)?
        for candidate in 0..<count where candidate != excluded {
            let square = squared(candidate)
            if square.isFinite, square < best?.square ?? .infinity { best = (candidate, square) }
        }
        self.init(index: best?.index, distance: best.map { max(0, $0.square).squareRoot() } ?? .nan)
    }
}
