/// The Mann-Whitney comparison of two samples, as a z score.
///
/// U counts the pairs in which the first sample's value is the larger, ties as one half. Under equal distributions its
/// mean is m n / 2 and its variance m n / 12 * (N + 1 - sum(t^3 - t) / (N (N - 1))), N = m + n, t the sizes of the
/// groups of tied values; z = (U - mean) / sd, without continuity correction, 0 where all values are tied.
///
/// Over distances to the training set, of generated samples against held-out ones, z is the data-copying statistic Z_U:
/// far below 0 means that samples lie nearer to the training data than unseen data does. Meehan, Chaudhuri and
/// Dasgupta, A non-parametric test to detect data-copying in generative models, AISTATS 2020.
public struct MannWhitney: Sendable, Equatable {
    /// Pairs in which the first sample is the larger; ties count one half.
    public let u: Double
    /// The standardised U.
    public let z: Double

    /// Compares two samples; nil where one is empty or holds a value that is not finite.
    public init?(_ first: [Double], against second: [Double]) {
        guard !first.isEmpty, !second.isEmpty, (first + second).allSatisfy(\.isFinite) else { return nil }
        let (m, n) = (Double(first.count), Double(second.count))
        let pooled = (first.map { (value: $0, isFirst: true) } + second.map { (value: $0, isFirst: false) })
            .sorted { $0.value < $1.value }
        var (rankSum, tieSum, start) = (0.0, 0.0, 0)
        while start < pooled.count {
            var end = start + 1
            while end < pooled.count, pooled[end].value == pooled[start].value { end += 1 }
            let ties = Double(end - start)
            let rank = Double(start + end + 1) / 2
            rankSum += rank * Double(pooled[start..<end].filter(\.isFirst).count)
            tieSum += ties * ties * ties - ties
            start = end
        }
        let total = m + n
        u = rankSum - m * (m + 1) / 2
        let variance = m * n / 12 * (total + 1 - tieSum / (total * (total - 1)))
        z = variance > 0 ? (u - m * n / 2) / variance.squareRoot() : 0
    }
}
