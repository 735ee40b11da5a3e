/// How numbers are spread, in equal bins from the least to the greatest: what TensorBoard draws as a histogram.
public struct EventHistogram: Sendable, Equatable {
    /// The least and the greatest number.
    public let minimum, maximum: Double
    /// How many numbers, their sum and the sum of their squares.
    public let count, sum, sumOfSquares: Double
    /// The upper end of each bin; the last is the greatest number.
    public let limits: [Double]
    /// How many numbers lie in each bin.
    public let counts: [Double]

    /// Counts the finite ones of some numbers in at most `bins` bins; nil where there is none. Equal numbers have one bin.
    /// `bins` is 1 or more.
    public init?(_ values: some Sequence<Float>, bins: Int = 60) {
        precondition(bins >= 1, "histogram: \(bins) bins")
        let values = values.filter(\.isFinite)
        guard let least = values.min(), let greatest = values.max() else { return nil }
        let (low, high) = (Double(least), Double(greatest))
        let number = low == high ? 1 : bins
        let width = (high - low) / Double(number)
        var counts = [Double](repeating: 0, count: number)
        var (sum, squares) = (0.0, 0.0)
        for value in values {
            let value = Double(value)
            sum += value
            squares += value * value
            counts[width > 0 ? min(number - 1, Int((value - low) / width)) : 0] += 1
        }
        (minimum, maximum, count, self.sum, sumOfSquares) = (low, high, Double(values.count), sum, squares)
        limits = (1..<number).map { low + Double($0) * width } + [high]
        self.counts = counts
    }
}
