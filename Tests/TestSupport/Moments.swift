import Tensors

/// Sample moments of a list of numbers.
public struct Moments {
    /// Number of values.
    public let count: Int
    /// Mean.
    public let mean: Double
    /// Variance with divisor n - 1.
    public let variance: Double
    /// Third standardised moment, 0 for a symmetric distribution.
    public let skewness: Double
    /// Fourth standardised moment, 3 for a normal distribution.
    public let kurtosis: Double

    /// Moments of `values`, two at least.
    public init(_ values: [Double]) {
        precondition(values.count > 1, "moments of \(values.count) values")
        count = values.count
        let n = Double(values.count)
        let center = values.reduce(0, +) / n
        func central(_ power: Int) -> Double {
            values.reduce(0) { sum, value in sum + (0..<power).reduce(1) { product, _ in product * (value - center) } }
                / n
        }
        let second = central(2)
        mean = center
        variance = second * n / (n - 1)
        skewness = central(3) / (second * second.squareRoot())
        kurtosis = central(4) / (second * second)
    }

    /// How many standard errors the mean is from `expected`, for values of the given standard deviation.
    public func meanErrors(from expected: Double, std: Double) -> Double {
        abs(mean - expected) / (std / Double(count).squareRoot())
    }
}

/// Pearson's statistic against equal expected counts, as standard deviations above its mean (dof, sd sqrt(2 dof)).
public func chiSquareExcess(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    let statistic = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    let freedom = Double(counts.count - 1)
    return (statistic - freedom) / (2 * freedom).squareRoot()
}
