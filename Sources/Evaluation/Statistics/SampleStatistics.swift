import Basics

/// The mean, deviation and range of one measured number over all samples, broken ones counted.
///
/// Mean, sd, median, min and max are over the finite values; `nonFinite` says how many of `count` were not, so that no
/// sample disappears unseen: files write the number, tables name it.
public struct SampleStatistics: Sendable, Equatable {
    /// Arithmetic mean; NaN where no value is finite.
    public var mean: Double
    /// Standard deviation, divisor n - 1; NaN for fewer than two finite values.
    public var sd: Double
    /// The middle value, or the mean of the two middle ones.
    public var median: Double
    /// The smallest of the finite values.
    public var min: Double
    /// The largest of the finite values.
    public var max: Double
    /// Number of values, those that are not finite included; 0 where a file does not say it.
    public var count: Int
    /// Number of values that are infinite or not a number.
    public var nonFinite: Int

    /// Summarises any numbers, none included. Sums run over sorted values: the order of the samples does not reach the
    /// result.
    public init(_ values: [Double]) {
        self.init(summing: values.filter(\.isFinite).sorted(), of: values.count)
    }

    /// The same, summed in the order in which the samples stand: the last bits of test accuracy and of the distance
    /// ratio in `summary.json` have always been those of this order.
    public init(inOrder values: [Double]) {
        self.init(summing: values.filter(\.isFinite), of: values.count)
    }

    /// Takes numbers that were measured elsewhere; what is not given is not known, which is NaN.
    public init(
        mean: Double, sd: Double, median: Double = .nan, min: Double = .nan, max: Double = .nan, count: Int = 0,
        nonFinite: Int = 0
    ) {
        self.mean = mean
        self.sd = sd
        self.median = median
        self.min = min
        self.max = max
        self.count = count
        self.nonFinite = nonFinite
    }

    private init(summing finite: [Double], of count: Int) {
        let n = Double(finite.count)
        let mean = finite.isEmpty ? .nan : finite.reduce(0, +) / n
        let squares = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let sorted = finite.sorted()
        self.init(
            mean: mean, sd: finite.count < 2 ? .nan : (squares / (n - 1)).squareRoot(),
            median: Self.median(ofSorted: sorted), min: sorted.first ?? .nan, max: sorted.last ?? .nan, count: count,
            nonFinite: count - finite.count)
    }

    /// The same in another unit: every value divided by a positive number, counts unchanged.
    public func divided(by unit: Double) -> SampleStatistics {
        SampleStatistics(
            mean: mean / unit, sd: sd / unit, median: median / unit, min: min / unit, max: max / unit,
            count: count, nonFinite: nonFinite)
    }

    /// The mean over all samples where those that are not finite count as 0; not finite where no sample is.
    public var meanOfAll: Double {
        guard nonFinite > 0, count >= nonFinite else { return mean }
        return mean * Double(count - nonFinite) / Double(count)
    }

    /// The median; the mean where no median is known.
    public var middle: Double { median.isNaN ? mean : median }

    private static func median(ofSorted values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let middle = values.count / 2
        return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
    }
}

extension SampleStatistics: Codable {
    private enum CodingKeys: String, CodingKey {
        case mean, sd, min, max, median, n
        case nonFinite = "non_finite"
    }

    /// Writes an object; numbers that are not finite become null, and `non_finite` stands where there are any.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeNumber(mean, forKey: .mean)
        try container.encodeNumber(sd, forKey: .sd)
        try container.encodeNumber(min, forKey: .min)
        try container.encodeNumber(max, forKey: .max)
        try container.encodeNumber(median, forKey: .median)
        try container.encode(count, forKey: .n)
        if nonFinite > 0 { try container.encode(nonFinite, forKey: .nonFinite) }
    }

    /// Reads an object with at least mean and deviation; null becomes NaN.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            mean: try container.decodeNumber(forKey: .mean), sd: try container.decodeNumber(forKey: .sd),
            median: try container.decodeNumberIfPresent(forKey: .median) ?? .nan,
            min: try container.decodeNumberIfPresent(forKey: .min) ?? .nan,
            max: try container.decodeNumberIfPresent(forKey: .max) ?? .nan,
            count: try container.decodeIfPresent(Int.self, forKey: .n) ?? 0,
            nonFinite: try container.decodeIfPresent(Int.self, forKey: .nonFinite) ?? 0)
    }
}
