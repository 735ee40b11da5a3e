/// A trivial way to make networks from a zoo, which a generator has to beat.
public enum Baseline: Sendable, Hashable {
    /// Zoo networks plus independent normal noise of this standard deviation.
    case noise(sigma: Double)
    /// Means of this many distinct aligned zoo networks.
    case average(of: Int)
    /// A normal distribution with the codes' mean and variances, codes independent.
    case gaussianDiagonal
    /// A normal distribution with the codes' mean and sample covariance.
    case gaussianFull
    /// For each generated network the zoo network nearest to it: retrieval.
    case nearestZoo

    /// The name in files: `noise-0.01`, `average-4`, `gaussian-diagonal`, `gaussian-full`, `nearest-zoo`.
    public var what: String {
        switch self {
        case .noise(let sigma): "noise-\(sigma)"
        case .average(let count): "average-\(count)"
        case .gaussianDiagonal: "gaussian-diagonal"
        case .gaussianFull: "gaussian-full"
        case .nearestZoo: "nearest-zoo"
        }
    }

    /// The name for people, a plural that a sentence can start with.
    public var label: String {
        switch self {
        case .noise(let sigma): "zoo networks plus noise of \(sigma)"
        case .average(let count): "averages of \(count) aligned zoo networks"
        case .gaussianDiagonal: "draws from a diagonal Gaussian over codes"
        case .gaussianFull: "draws from a full Gaussian over codes"
        case .nearestZoo: "the zoo networks nearest to the generated ones"
        }
    }

    /// Whether a zoo of `zooCount` networks is large enough.
    public func isPossible(zooCount: Int) -> Bool {
        switch self {
        case .noise(let sigma): zooCount >= 1 && sigma.isFinite && sigma >= 0
        case .average(let count): count >= 1 && count <= zooCount
        case .gaussianDiagonal, .gaussianFull: zooCount >= 2
        case .nearestZoo: zooCount >= 1
        }
    }

    /// The family that every report shows, without those a small zoo does not allow: noise from 0.001 to 0.1, averages
    /// of 2 to 16, both Gaussians, the nearest zoo networks.
    public static func standard(zooCount: Int) -> [Baseline] {
        let noises = [0.001, 0.003, 0.01, 0.03, 0.1].map(Baseline.noise(sigma:))
        let averages = [2, 4, 8, 16].map(Baseline.average(of:))
        return (noises + averages + [.gaussianDiagonal, .gaussianFull, .nearestZoo])
            .filter { $0.isPossible(zooCount: zooCount) }
    }
}
