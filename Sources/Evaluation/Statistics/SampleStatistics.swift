/// The spread of one measured number over all samples, broken ones counted.
///
/// Mean, sd, median, min and max are over the finite values; `nonFinite` says how many of `count` were not, so that no
/// sample disappears unseen.
public struct SampleStatistics: Sendable, Equatable {
    /// Arithmetic mean; NaN where no value is finite.
    public let mean: Double
    /// Standard deviation, divisor n - 1; NaN for fewer than two finite values.
    public let sd: Double
    /// The middle value, or the mean of the two middle ones.
    public let median: Double
    /// The smallest value.
    public let min: Double
    /// The largest value.
    public let max: Double
    /// Number of values, those that are not finite included.
    public let count: Int
    /// Number of values that are infinite or not a number.
    public let nonFinite: Int

    /// Summarises any numbers, none included.
    public init(_ values: [Double]) {
        let finite = values.filter(\.isFinite).sorted()
        count = values.count
        nonFinite = values.count - finite.count
        let n = Double(finite.count)
        // Sums of sorted values: the order of the samples does not reach the result.
        let mean = finite.isEmpty ? .nan : finite.reduce(0, +) / n
        self.mean = mean
        let squares = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        sd = finite.count < 2 ? .nan : (squares / (n - 1)).squareRoot()
        median = Self.median(ofSorted: finite)
        min = finite.first ?? .nan
        max = finite.last ?? .nan
    }

    /// The same in another unit: every value divided by a positive number, counts unchanged.
    public func divided(by unit: Double) -> SampleStatistics {
        SampleStatistics(
            mean: mean / unit, sd: sd / unit, median: median / unit, min: min / unit, max: max / unit,
            count: count, nonFinite: nonFinite)
    }

    private init(
        mean: Double, sd: Double, median: Double, min: Double, max: Double, count: Int, nonFinite: Int
    ) {
        self.mean = mean
        self.sd = sd
        self.median = median
        self.min = min
        self.max = max
        self.count = count
        self.nonFinite = nonFinite
    }

    private static func median(ofSorted values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let middle = values.count / 2
        return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
    }
}
