/// The spread of one measured number over all samples: nothing is left out, so one bad sample shows.
public struct Spread: Sendable, Equatable {
    /// The arithmetic mean.
    public var mean: Double
    /// The standard deviation with `n - 1` in the denominator; not a number for fewer than two samples.
    public var sd: Double
    /// The smallest value, where known.
    public var min: Double?
    /// The largest value, where known.
    public var max: Double?
    /// The middle value, where known.
    public var median: Double?

    /// Takes numbers that were computed elsewhere.
    public init(
        mean: Double, sd: Double, min: Double? = nil, max: Double? = nil, median: Double? = nil
    ) {
        self.mean = mean
        self.sd = sd
        self.min = min
        self.max = max
        self.median = median
    }

    /// Summarises `values`; a value that is not a number makes everything not a number, an empty list too.
    public init(of values: [Double]) {
        guard !values.isEmpty, values.allSatisfy({ !$0.isNaN }) else {
            self.init(mean: .nan, sd: .nan, min: .nan, max: .nan, median: .nan)
            return
        }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        self.init(
            mean: mean, sd: values.count > 1 ? (squares / (count - 1)).squareRoot() : .nan,
            min: sorted[0], max: sorted[sorted.count - 1], median: median)
    }
}

extension Spread: Codable {
    private enum CodingKeys: String, CodingKey { case mean, sd, min, max, median }

    /// Writes an object; numbers that are not finite become null, facts that are not known are left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeNumber(mean, forKey: .mean)
        try container.encodeNumber(sd, forKey: .sd)
        try container.encodeNumberIfPresent(min, forKey: .min)
        try container.encodeNumberIfPresent(max, forKey: .max)
        try container.encodeNumberIfPresent(median, forKey: .median)
    }

    /// Reads an object; null becomes not a number.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        mean = try container.decodeNumber(forKey: .mean)
        sd = try container.decodeNumber(forKey: .sd)
        min = try container.decodeNumberIfPresent(forKey: .min)
        max = try container.decodeNumberIfPresent(forKey: .max)
        median = try container.decodeNumberIfPresent(forKey: .median)
    }
}
