import Tensors
import Testing

@testable import ShiftDetection

/// Distances of clouds of rows: equal to NumPy, and to the closed forms between Gaussians.
@Suite struct CloudStatisticsTests {
    private struct Clouds: Decodable {
        struct Sample: Decodable {
            let x, y: [[Double]]
            let median_distance, mmd_squared_biased, mmd_squared_unbiased, energy_statistic: Double
        }
        struct Gaussians: Decodable {
            let mean_x, mean_y: [Double]
            let covariance_x, covariance_y: [[Double]]
            let bandwidth, kernel_xx, kernel_yy, mmd_squared: Double
        }

        let samples: [Sample]
        let gaussians: [Gaussians]
    }

    private let clouds: Clouds

    init() throws { clouds = try ShiftFixtures.read("clouds", as: Clouds.self) }

    private func points(_ rows: [[Double]]) -> Points {
        Points(Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count]))
    }

    /// Samples of different sizes need no pairing, and the diagonal is out of the unbiased estimate.
    @Test func samplesEqualNumPy() {
        for known in clouds.samples {
            let pool = points(known.y + known.x)
            #expect(near(pool.medianDistance, known.median_distance))
            let sample = Array(known.y.count..<pool.count)
            let kernel = PairSums(pool, .gaussian(bandwidth: known.median_distance)).sums(of: sample)
            #expect(abs(kernel.biasedDiscrepancy - known.mmd_squared_biased) < 1e-12)
            #expect(abs(kernel.unbiasedDiscrepancy - known.mmd_squared_unbiased) < 1e-12)
            let distance = PairSums(pool, .distance).sums(of: sample)
            #expect(abs(distance.energy - known.energy_statistic) < 1e-12)
        }
    }

    /// The mean over many draws is the closed form; the biased estimate is higher by the diagonals' share, exactly.
    @Test func discrepancyIsThatOfTheGaussians() throws {
        let (m, n, draws) = (30, 50, 150)
        for (place, known) in clouds.gaussians.enumerated() {
            let found = parallelMap(draws) { draw -> (unbiased: Double, biased: Double) in
                var stream = RandomStream(seed: UInt64(place), purpose: "test.gaussians", index: UInt64(draw))
                let y = gaussian(n, known.mean_y, known.covariance_y, &stream)
                let x = gaussian(m, known.mean_x, known.covariance_x, &stream)
                let sums = PairSums(points(y + x), .gaussian(bandwidth: known.bandwidth)).sums(of: Array(n..<(n + m)))
                return (sums.unbiasedDiscrepancy, sums.biasedDiscrepancy)
            }
            let lift = (1 - known.kernel_xx) / Double(m) + (1 - known.kernel_yy) / Double(n)
            for (values, wanted) in [
                (found.map(\.unbiased), known.mmd_squared), (found.map(\.biased), known.mmd_squared + lift),
            ] {
                let mean = values.reduce(0, +) / Double(draws)
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws - 1)
                #expect(abs(mean - wanted) < 4 * (variance / Double(draws)).squareRoot(), "case \(place): \(mean)")
            }
        }
    }

    /// Rows of a Gaussian of one or two dimensions.
    private func gaussian(
        _ count: Int, _ mean: [Double], _ covariance: [[Double]], _ stream: inout RandomStream
    ) -> [[Double]] {
        let draws = stream.normal([count, mean.count]).doubles
        let first = covariance[0][0].squareRoot()
        return (0..<count).map { row in
            let z = draws[(row * mean.count)..<((row + 1) * mean.count)].map { $0 }
            guard mean.count == 2 else { return [mean[0] + first * z[0]] }
            let slant = covariance[1][0] / first
            let rest = (covariance[1][1] - slant * slant).squareRoot()
            return [mean[0] + first * z[0], mean[1] + slant * z[0] + rest * z[1]]
        }
    }

    @Test func theMedianOfCopiesIsNoWidth() {
        #expect(points([[1, 2], [1, 2], [1, 2]]).medianDistance == 1)
        #expect(points([[0], [0], [0], [0], [3]]).medianDistance == 3)
        #expect(points([[5]]).medianDistance == 1)
    }

    /// Pools too large for a matrix give the same sums, pair by pair.
    @Test func sumsWithoutAMatrixAreThoseWithOne() {
        let count = PairSums.largestMatrix + 1
        let values = (0..<count).map { Double($0 * 7 % 101) }
        let large = PairSums(Points(values), .distance).sums(of: [0, 5, 9])
        let chosen = [values[0], values[5], values[9]]
        let within = chosen.reduce(0) { sum, x in sum + chosen.reduce(0) { $0 + abs($1 - x) } }
        let all = chosen.reduce(0) { sum, x in sum + values.reduce(0) { $0 + abs($1 - x) } }
        #expect(large.within == within && large.between == all - within)
        let wide = Points(Tensor(values.flatMap { [$0, 0] }, shape: [count, 2]))
        let pairs = PairSums(wide, .distance).sums(of: [0, 5, 9])
        #expect(near(pairs.between, large.between) && near(pairs.outside, large.outside))
    }
}
