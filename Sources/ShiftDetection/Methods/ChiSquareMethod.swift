import Basics
import Foundation

/// Chi-square of frequencies: of the classes that the model predicts, or of features in bins.
///
/// Pearson's statistic of the sample's counts beside the other rows'. Features are cut into at most ten bins of about
/// equally many rows of the pool; a column of few different values has a bin a value. Over several columns the smallest
/// p-value counts, as -ln p of the chi-square law, which makes columns of different degrees of freedom comparable; the
/// permutations correct for their number.
public struct ChiSquareMethod: ShiftMethod {
    /// What is counted.
    public var on = Counted.predictions

    /// What is counted.
    public enum Counted: String, Codable, Sendable, CaseIterable {
        /// The class with the largest probability.
        case predictions
        /// Each feature in bins.
        case features
    }

    /// Predicted classes.
    public init() {}
    /// The same on other numbers of the rows.
    public init(on: Counted) { self.on = on }

    /// What is counted.
    public static let keys = [
        ConfigKey(
            "on", .choice(Counted.allCases.map(\.rawValue)), "What is counted: predicted classes, or features in bins")
    ]

    /// The most bins that a feature has.
    static let mostBins = 10

    /// Where features are counted.
    public var needsFeatures: Bool { on == .features }

    /// The statistic; of features the largest -ln p over columns.
    public func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        switch on {
        case .predictions:
            let bins = pool.predictions.map { Int($0) }
            return try map(samples, of: pool, progress: progress) {
                ChiSquare(Self.table(bins, pool.classes, sample: $0)).statistic
            }
        case .features:
            let points = pool.points(.features)
            let columns = (0..<points.width).map { Self.bins(points.column($0)) }
            return try map(samples, of: pool, progress: progress) { sample in
                columns.map { -log(ChiSquare(Self.table($0, Self.mostBins, sample: sample)).pValue) }.max() ?? 0
            }
        }
    }

    /// The sample's counts, then the other rows'.
    private static func table(_ bins: [Int], _ count: Int, sample: [Int]) -> [[Int]] {
        var (mine, others) = ([Int](repeating: 0, count: count), [Int](repeating: 0, count: count))
        for bin in bins { others[bin] += 1 }
        for row in sample { mine[bins[row]] += 1 }
        for bin in 0..<count { others[bin] -= mine[bin] }
        return [mine, others]
    }

    /// The bin of each value: equal values stand in one, which is that of the first of them in order.
    static func bins(_ values: [Double]) -> [Int] {
        let sorted = values.sorted()
        var starts: [Double: Int] = [:]
        for (place, value) in sorted.enumerated() where starts[value] == nil { starts[value] = place }
        if starts.count <= mostBins {
            let places = Dictionary(uniqueKeysWithValues: starts.keys.sorted().enumerated().map { ($1, $0) })
            return values.map { places[$0] ?? 0 }
        }
        return values.map { (starts[$0] ?? 0) * mostBins / values.count }
    }
}
