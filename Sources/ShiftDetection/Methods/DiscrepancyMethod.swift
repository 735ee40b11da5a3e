import Basics

/// The squared maximum mean discrepancy with a Gaussian kernel exp(-d^2 / (2 bandwidth^2)).
///
/// The bandwidth is the median distance of the pooled rows, unless it is given: it depends on no sample, so that the
/// permutations stay exact. (alibi-detect takes the root of half the median squared distance, a factor of 0.71.)
///
/// Source: Gretton, Borgwardt, Rasch, Schoelkopf and Smola, A kernel two-sample test, 2012.
public struct DiscrepancyMethod: ShiftMethod {
    /// What is compared.
    public var on = ShiftSpace.features
    /// The kernel's width in units of the columns; nil: the median distance of the pooled rows.
    public var bandwidth: Double?
    /// With or without each row's kernel with itself.
    public var estimate = Estimate.unbiased

    /// How means over pairs of one sample are taken.
    public enum Estimate: String, Codable, Sendable, CaseIterable {
        /// Over pairs of different rows.
        case unbiased
        /// Over all pairs, rows with themselves included.
        case biased
    }

    /// On features, with the median bandwidth, without bias.
    public init() {}
    /// The same on other numbers of the rows.
    public init(on: ShiftSpace) { self.on = on }

    /// What can be set.
    public static let keys = [
        ShiftSpace.key("What is compared by the kernel"),
        ConfigKey(
            "bandwidth", .optional(.number(above: 0)), "The kernel's width; null is the median distance of the rows"),
        ConfigKey(
            "estimate", .choice(Estimate.allCases.map(\.rawValue)),
            "Means over pairs of different rows (unbiased) or over all pairs (biased)"),
    ]

    /// Where features are compared.
    public var needsFeatures: Bool { on == .features }

    /// E k(X, X') + E k(Y, Y') - 2 E k(X, Y).
    public func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        let points = pool.points(on)
        let pairs = PairSums(points, .gaussian(bandwidth: bandwidth ?? points.medianDistance))
        return try map(samples, of: pool, progress: progress) { sample in
            let sums = pairs.sums(of: sample)
            return estimate == .biased ? sums.biasedDiscrepancy : sums.unbiasedDiscrepancy
        }
    }
}
