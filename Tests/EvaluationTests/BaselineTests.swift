import Tensors
import Testing

@testable import Evaluation

@Suite struct BaselineTests {
    private let zoo: Tensor = {
        var stream = RandomStream(seed: 5, purpose: "test.zoo")
        return stream.normal([20, 400])
    }()
    private var baselines: BaselinePopulations { BaselinePopulations(zoo: zoo, seed: 7) }
    private static let all = Baseline.standard(zooCount: 20)

    private func members(_ baseline: Baseline, count: Int, seed: UInt64 = 7) -> Tensor {
        BaselinePopulations(zoo: zoo, seed: seed).members(
            of: baseline, count: count, codes: zoo, nearest: (0..<count).map { $0 % 20 }, decode: { $0 })
    }

    @Test(arguments: all) func memberDependsOnSeedAndIndexAlone(_ baseline: Baseline) {
        let whole = members(baseline, count: 70)
        #expect(whole.shape == [70, 400])
        for count in [1, 31, 33, 64] {
            #expect(members(baseline, count: count).floats == whole.sliced(axis: 0, 0..<count).floats)
        }
    }

    @Test(arguments: all) func membersDoNotDependOnThreads(_ baseline: Baseline) {
        let threads = Threads.count
        defer { Threads.count = threads }
        Threads.count = 1
        let one = members(baseline, count: 40).floats
        Threads.count = 2
        #expect(members(baseline, count: 40).floats == one)
    }

    @Test(arguments: all.filter { $0 != .nearestZoo }) func anotherSeedIsAnotherPopulation(_ baseline: Baseline) {
        #expect(members(baseline, count: 5, seed: 8).floats != members(baseline, count: 5).floats)
    }

    @Test(arguments: [0.01, 0.1]) func noiseLiesSigmaRootDAway(_ sigma: Double) {
        let noisy = baselines.noise(sigma: sigma, count: 40)
        let nearest = DistanceMatrix(from: noisy, to: zoo).nearestToRows()
        #expect(nearest.map(\.index) == (0..<40).map { $0 % 20 })
        let mean = SampleStatistics(nearest.map(\.distance)).mean
        #expect(abs(mean / (sigma * 20) - 1) < 0.02)
    }

    @Test func noiseLevelsShareTheirDraws() {
        let (small, large) = (baselines.noise(sigma: 0.5, count: 3), baselines.noise(sigma: 1, count: 3))
        let base = zoo.sliced(axis: 0, 0..<3)
        let difference = ((large - base) - (small - base) * 2).abs().doubles.max() ?? .nan
        #expect(difference < 1e-5)
    }

    @Test func noNoiseIsTheZoo() {
        #expect(baselines.noise(sigma: 0, count: 20).floats == zoo.floats)
    }

    /// Independent rows: the mean of k has 1/k of their variance (with k distinct rows of N, finite-population factor
    /// (N - k) / (N - 1) about the zoo's mean).
    @Test(arguments: [2, 4, 8]) func averagesShrinkBySquareRootOfK(_ k: Int) {
        let averages = baselines.averages(of: k, count: 400)
        let spread = CodeSpread(generated: averages, zoo: zoo)
        let expected = (1 / Double(k) * (1 - Double(k) / 20)).squareRoot()
        #expect(abs(spread.rmsRatio / expected - 1) < 0.03)
    }

    @Test func averageOfAllIsTheMean() {
        let averages = baselines.averages(of: 20, count: 2)
        let difference = (averages - zoo.mean(axes: [0])).abs().doubles.max() ?? .nan
        #expect(difference < 1e-6)
    }

    @Test func averagesDrawDistinctNetworks() {
        let indicator = BaselinePopulations(zoo: identity(6), seed: 3)
        for row in 0..<50 {
            let values = indicator.averages(of: 2, count: 50).selected(axis: 0, row).floats.sorted()
            #expect(values == [0, 0, 0, 0, 0.5, 0.5])
        }
    }

    @Test func fullGaussianHasTheSampleCovariance() {
        let codes = Tensor([0, 0, 2, 1, 4, 5, 6, 2, -2, -3] as [Float], shape: [5, 2])
        let draws = BaselinePopulations(zoo: codes, seed: 1).gaussianFull(codes: codes, count: 20000)
        let (expected, measured) = (covariance(codes), covariance(draws))
        for (a, b) in zip(expected, measured) { #expect(abs(a - b) < 0.03 * expected[0]) }
        let mean = draws.mean(axes: [0]).doubles
        #expect(abs(mean[0] - 2) < 0.1 && abs(mean[1] - 1) < 0.1)
    }

    @Test func diagonalGaussianForgetsCorrelation() {
        let codes = Tensor([0, 0, 2, 1, 4, 5, 6, 2, -2, -3] as [Float], shape: [5, 2])
        let draws = BaselinePopulations(zoo: codes, seed: 1).gaussianDiagonal(codes: codes, count: 20000)
        let (expected, measured) = (covariance(codes), covariance(draws))
        #expect(abs(measured[0] - expected[0]) < 0.3)
        #expect(abs(measured[3] - expected[3]) < 0.3)
        #expect(abs(measured[1]) < 0.3 && abs(expected[1]) > 5)
    }

    /// Combinations of N rows never leave their affine hull: a coordinate on which all agree stays.
    @Test func fullGaussianStaysInTheHull() {
        let codes = Tensor([1, 7, 2, 7, 5, 7] as [Float], shape: [3, 2])
        let draws = BaselinePopulations(zoo: codes, seed: 1).gaussianFull(codes: codes, count: 10)
        #expect(draws.sliced(axis: 1, 1..<2).floats.allSatisfy { $0 == 7 })
    }

    @Test func nearestZooIsRetrieval() {
        let retrieved = baselines.members(
            of: .nearestZoo, count: 3, codes: zoo, nearest: [4, nil, 0], decode: { $0 })
        #expect(retrieved.floats == zoo.gathered(axis: 0, [4, 0]).floats)
    }

    @Test func gaussiansAreDecoded() {
        let decoded = baselines.members(of: .gaussianFull, count: 2, codes: identity(3)) { $0 + 100 }
        #expect(decoded.shape == [2, 3] && decoded.floats.allSatisfy { $0 > 50 })
    }

    @Test func noMembersAreAnEmptyPopulation() {
        #expect(baselines.noise(sigma: 1, count: 0).shape == [0, 400])
        #expect(baselines.gaussianFull(codes: zoo, count: 0).shape == [0, 400])
        #expect(baselines.gaussianDiagonal(codes: zoo, count: 0).shape == [0, 400])
    }

    @Test func names() {
        #expect(
            Self.all.map(\.what) == [
                "noise-0.001", "noise-0.003", "noise-0.01", "noise-0.03", "noise-0.1", "average-2", "average-4",
                "average-8", "average-16", "gaussian-diagonal", "gaussian-full", "nearest-zoo",
            ])
        #expect(Set(Self.all.map(\.label)).count == Self.all.count)
    }

    @Test func aSmallZooAllowsFewer() {
        #expect(Baseline.standard(zooCount: 3).map(\.what).filter { $0.hasPrefix("average") } == ["average-2"])
        #expect(Baseline.standard(zooCount: 1).contains(.nearestZoo))
        #expect(!Baseline.standard(zooCount: 1).contains(.gaussianFull))
        #expect(Baseline.standard(zooCount: 0).isEmpty)
        #expect(!Baseline.noise(sigma: -1).isPossible(zooCount: 5))
        #expect(!Baseline.average(of: 0).isPossible(zooCount: 5))
    }

    private func identity(_ count: Int) -> Tensor {
        Tensor.oneHot((0..<Int32(count)).map { $0 }, classes: count)
    }

    private func covariance(_ rows: Tensor) -> [Double] {
        let centred = (rows - rows.mean(axes: [0])).converted(to: .double)
        return (matmul(centred, centred, transposeA: true) / Double(rows.shape[0] - 1)).doubles
    }
}
