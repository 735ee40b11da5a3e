import Foundation
import Tensors

/// A number for each pair of a pool's rows, made once, and its sums within and between any sample and the other rows.
///
/// Sums of the other rows follow from those of the whole pool, so that a sample of m rows costs m^2 look-ups. The
/// matrix is kept for up to 4,096 rows; of larger pools the pairs of a sample are computed when they are needed, and
/// distances of one column are summed in the order of its values, without looking at pairs.
struct PairSums: Sendable {
    private let points: Points
    private let kernel: Kernel
    private let matrix: [Double]?
    /// Of each row, the sum over all others.
    private let sums: [Double]
    private let total: Double

    /// What a pair's number is.
    enum Kernel: Sendable {
        /// The Euclidean distance.
        case distance
        /// exp(-distance^2 / (2 bandwidth^2)).
        case gaussian(bandwidth: Double)
    }

    /// The sums over ordered pairs of different rows.
    struct Sums: Sendable {
        /// m and n rows.
        let m, n: Double
        /// Both in the sample; one in each; both outside.
        let within, between, outside: Double
    }

    /// Rows above which no matrix is kept.
    static let largestMatrix = 4096

    /// Computes every pair of a pool once.
    init(_ points: Points, _ kernel: Kernel) {
        (self.points, self.kernel) = (points, kernel)
        let count = points.count
        if count > Self.largestMatrix, points.width == 1, case .distance = kernel {
            (matrix, sums) = (nil, Self.sumsOfDistances(points.values))
        } else {
            let isKept = count <= Self.largestMatrix
            let rows = parallelMap(count) { i in
                let row = (0..<count).map { $0 == i ? 0 : kernel.value(points.distance(i, $0)) }
                return (row: isKept ? row : [], sum: row.reduce(0, +))
            }
            matrix = isKept ? rows.flatMap(\.row) : nil
            sums = rows.map(\.sum)
        }
        total = sums.reduce(0, +)
    }

    /// Of each value, the sum of its distances to all others, in one pass over the values in order.
    private static func sumsOfDistances(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        let total = values.reduce(0, +)
        var (result, below) = (values, 0.0)
        for (rank, place) in order.enumerated() {
            let value = values[place]
            result[place] = value * Double(2 * rank - values.count) + total - 2 * below
            below += value
        }
        return result
    }

    /// The sums for the rows at `sample`, which stand in order, against all others.
    func sums(of sample: [Int]) -> Sums {
        var (within, rows) = (0.0, 0.0)
        for (place, i) in sample.enumerated() {
            rows += sums[i]
            for j in sample[..<place] { within += 2 * value(i, j) }
        }
        let between = rows - within
        return Sums(
            m: Double(sample.count), n: Double(points.count - sample.count), within: within, between: between,
            outside: total - 2 * between - within)
    }

    private func value(_ i: Int, _ j: Int) -> Double {
        matrix.map { $0[i * points.count + j] } ?? kernel.value(points.distance(i, j))
    }
}

extension PairSums.Kernel {
    func value(_ distance: Double) -> Double {
        switch self {
        case .distance: distance
        case .gaussian(let bandwidth): exp(-distance * distance / (2 * bandwidth * bandwidth))
        }
    }
}

extension PairSums.Sums {
    /// The energy statistic of distances, 2 E|X - Y| - E|X - X'| - E|Y - Y'| over all pairs: at least 0, and 0 in the
    /// limit only for equal laws. SciPy's `energy_distance` is its root.
    ///
    /// Source: Szekely and Rizzo, Energy statistics, 2013.
    var energy: Double { 2 * between / (m * n) - within / (m * m) - outside / (n * n) }

    /// The squared maximum mean discrepancy of kernels that are 1 on the diagonal, the diagonal included: biased
    /// upwards, at least 0.
    ///
    /// Source: Gretton, Borgwardt, Rasch, Schoelkopf and Smola, A kernel two-sample test, 2012, equation 5.
    var biasedDiscrepancy: Double { (within + m) / (m * m) + (outside + n) / (n * n) - 2 * between / (m * n) }

    /// The same without the diagonal (equation 3): its mean is the laws' own, and it may be below 0. A sample of one row
    /// has no pairs, which then count as 0.
    var unbiasedDiscrepancy: Double {
        (m > 1 ? within / (m * (m - 1)) : 0) + (n > 1 ? outside / (n * (n - 1)) : 0) - 2 * between / (m * n)
    }
}
