import Foundation

/// How far two samples of real numbers lie apart as distributions.
public enum SampleDistance {
    /// Bins of the histograms behind the Jensen-Shannon distance.
    static let binCount = 100
    /// Added to every bin's density, so that logarithms stay finite.
    static let smoothing = 1e-12

    /// The 1-Wasserstein distance: the integral of |F(x) - G(x)| over x, F and G the empirical distribution functions.
    ///
    /// The samples may differ in size. NaN where one is empty or holds a value that is not finite.
    public static func wasserstein(_ a: [Double], _ b: [Double]) -> Double {
        guard isUsable(a), isUsable(b) else { return .nan }
        let (a, b) = (a.sorted(), b.sorted())
        let points = (a + b).sorted()
        var (below, other, sum) = (0, 0, 0.0)
        for (left, right) in zip(points, points.dropFirst()) where right > left {
            while below < a.count, a[below] <= left { below += 1 }
            while other < b.count, b[other] <= left { other += 1 }
            sum += abs(Double(below) / Double(a.count) - Double(other) / Double(b.count)) * (right - left)
        }
        return sum
    }

    /// The Jensen-Shannon distance: sqrt((KL(p, m) + KL(q, m)) / 2) with m = (p + q) / 2 and the natural logarithm.
    ///
    /// p and q are density histograms of 100 equal bins over the joint range, 1e-12 added to each, normalised to sum
    /// to one. Between 0 and sqrt(ln 2); 0 where all values are equal; NaN where a sample is empty or not finite, or
    /// where the range of both together is not.
    public static func jensenShannon(_ a: [Double], _ b: [Double]) -> Double {
        guard isUsable(a), isUsable(b), let low = (a + b).min(), let high = (a + b).max() else { return .nan }
        guard high > low else { return 0 }
        guard (high - low).isFinite else { return .nan }
        let (p, q) = (histogram(a, low, high), histogram(b, low, high))
        var sum = 0.0
        for (x, y) in zip(p, q) {
            let middle = (x + y) / 2
            sum += x * log(x / middle) + y * log(y / middle)
        }
        return max(0, sum / 2).squareRoot()
    }

    private static func isUsable(_ values: [Double]) -> Bool { !values.isEmpty && values.allSatisfy(\.isFinite) }

    /// Smoothed bin probabilities; the last bin is closed.
    private static func histogram(_ values: [Double], _ low: Double, _ high: Double) -> [Double] {
        let width = (high - low) / Double(binCount)
        var density = [Double](repeating: 0, count: binCount)
        for value in values {
            let bin = min(binCount - 1, Int((value - low) / (high - low) * Double(binCount)))
            density[bin] += 1 / (Double(values.count) * width)
        }
        let total = density.reduce(0) { $0 + $1 + smoothing }
        return density.map { ($0 + smoothing) / total }
    }
}

/// The Mann-Whitney comparison of two samples, as a z score.
///
/// U counts the pairs in which the first sample's value is the larger, ties as one half. Under equal distributions its
/// mean is m n / 2 and its variance m n / 12 * (N + 1 - sum(t^3 - t) / (N (N - 1))), N = m + n, t the sizes of the
/// groups of tied values; z = (U - mean) / sd, without continuity correction, 0 where all values are tied.
///
/// Over distances to the training set, of generated samples against unseen ones, z is the data-copying statistic Z_U:
/// far below 0 means that samples lie nearer to the training data than unseen data does. Meehan, Chaudhuri and
/// Dasgupta, A non-parametric test to detect data-copying in generative models, AISTATS 2020.
public struct MannWhitney: Sendable, Equatable {
    /// Pairs in which the first sample is the larger; ties count one half.
    public let u: Double
    /// U minus its mean without a difference, in its standard deviations.
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
