/// Mean, deviation and range of numbers that come in pieces.
///
/// Pieces are merged by Chan, Golub and LeVeque's update (1979), equation 2.1: no cancellation of large sums.
struct Moments: Sendable {
    private(set) var count = 0
    private var average = 0.0
    private var squares = 0.0
    private(set) var minimum: Double?
    private(set) var maximum: Double?

    /// The mean, or nil of nothing.
    var mean: Double? { count > 0 ? average : nil }
    /// The standard deviation (divisor n), or nil of nothing.
    var deviation: Double? { count > 0 ? (squares / Double(count)).squareRoot() : nil }

    /// Takes finite numbers into account.
    mutating func add(_ values: ArraySlice<Float>) {
        guard let least = values.min(), let greatest = values.max() else { return }
        let size = Double(values.count)
        let mean = values.reduce(0.0) { $0 + Double($1) } / size
        let spread = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        let total = Double(count) + size
        let step = mean - average
        squares += spread + step * step * Double(count) * size / total
        average += step * size / total
        count += values.count
        minimum = Swift.min(minimum ?? .infinity, Double(least))
        maximum = Swift.max(maximum ?? -.infinity, Double(greatest))
    }
}
