import Networks
import Tensors
import Testing

@testable import Evaluation

@Suite struct BaselineTests {
    private let zoo: Tensor = {
        var stream = RandomStream(seed: 5, purpose: "test.zoo")
        return stream.normal([20, 400])
    }()
    /// A layout of as many weights: all baselines can be made.
    private static let network = MLP(.init(widths: [17, 18, 4]))
    private static let all = Baseline.families.flatMap { $0.members(Baseline.Settings()) }.filter { $0.leastZoo <= 20 }

    private func members(_ baseline: Baseline, count: Int, seed: UInt64 = 7) -> Tensor {
        members(baseline, count: count, of: zoo, seed: seed)
    }

    /// Members over a zoo whose codes are its weights.
    private func members(_ baseline: Baseline, count: Int, of zoo: Tensor, seed: UInt64 = 7) -> Tensor {
        let nearest = (0..<count).map { $0 % zoo.shape[0] }
        let source = self.source(zoo, seed: seed, nearest: nearest, isKnown: baseline.needs != .nothing)
        switch baseline.members(of: source, count: count) {
        case .weights(let weights), .averages(let weights, _): return weights
        case .codes(let codes): return codes
        case .zooRows(let rows): return zoo.gathered(axis: 0, rows.map(Int32.init))
        }
    }

    /// A source of which everything is known, unless told, where its rows are as wide as the network.
    private func source(
        _ zoo: Tensor, seed: UInt64 = 7, nearest: [Int] = [], isKnown: Bool = true
    ) -> BaselineSource {
        var source = BaselineSource(weights: zoo, codes: zoo, seed: seed, nearest: nearest)
        guard isKnown, zoo.shape[1] == 400 else { return source }
        source.layout = Self.network.layout
        var stream = RandomStream(seed: 1, purpose: "test.rows")
        source.repair = try? AverageRepair(Self.network, zoo: zoo, inputs: stream.normal([30, 17]))
        return source
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
        let noisy = members(.noise(sigma: sigma), count: 40)
        let nearest = DistanceMatrix(from: noisy, to: zoo).nearestToRows()
        #expect(nearest.map(\.index) == (0..<40).map { $0 % 20 })
        let mean = SampleStatistics(nearest.map(\.distance)).mean
        #expect(abs(mean / (sigma * 20) - 1) < 0.02)
    }

    @Test func noiseLevelsShareTheirDraws() {
        let (small, large) = (members(.noise(sigma: 0.5), count: 3), members(.noise(sigma: 1), count: 3))
        let base = zoo.sliced(axis: 0, 0..<3)
        let difference = ((large - base) - (small - base) * 2).abs().doubles.max() ?? .nan
        #expect(difference < 1e-5)
    }

    @Test func noNoiseIsTheZoo() {
        #expect(members(.noise(sigma: 0), count: 20).floats == zoo.floats)
    }

    /// Independent rows: the mean of k has 1/k of their variance (with k distinct rows of N, finite-population factor
    /// (N - k) / (N - 1) about the zoo's mean).
    @Test(arguments: [2, 4, 8]) func averagesShrinkBySquareRootOfK(_ k: Int) {
        let averages = members(.average(of: k), count: 400)
        let spread = CodeSpread(generated: averages, zoo: zoo)
        let expected = (1 / Double(k) * (1 - Double(k) / 20)).squareRoot()
        #expect(abs(spread.rmsRatio / expected - 1) < 0.03)
    }

    @Test func averageOfAllIsTheMean() {
        let averages = members(.average(of: 20), count: 2)
        let difference = (averages - zoo.mean(axes: [0])).abs().doubles.max() ?? .nan
        #expect(difference < 1e-6)
    }

    @Test func averagesDrawDistinctNetworks() {
        for row in 0..<50 {
            let values = members(.average(of: 2), count: 50, of: identity(6), seed: 3).selected(axis: 0, row).floats
                .sorted()
            #expect(values == [0, 0, 0, 0, 0.5, 0.5])
        }
    }

    @Test func fullGaussianHasTheSampleCovariance() {
        let codes = Tensor([0, 0, 2, 1, 4, 5, 6, 2, -2, -3] as [Float], shape: [5, 2])
        let draws = members(.gaussianFull, count: 20000, of: codes, seed: 1)
        let (expected, measured) = (covariance(codes), covariance(draws))
        for (a, b) in zip(expected, measured) { #expect(abs(a - b) < 0.03 * expected[0]) }
        let mean = draws.mean(axes: [0]).doubles
        #expect(abs(mean[0] - 2) < 0.1 && abs(mean[1] - 1) < 0.1)
    }

    @Test func diagonalGaussianForgetsCorrelation() {
        let codes = Tensor([0, 0, 2, 1, 4, 5, 6, 2, -2, -3] as [Float], shape: [5, 2])
        let draws = members(.gaussianDiagonal, count: 20000, of: codes, seed: 1)
        let (expected, measured) = (covariance(codes), covariance(draws))
        #expect(abs(measured[0] - expected[0]) < 0.3)
        #expect(abs(measured[3] - expected[3]) < 0.3)
        #expect(abs(measured[1]) < 0.3 && abs(expected[1]) > 5)
    }

    /// Combinations of N rows never leave their affine hull: a coordinate on which all agree stays.
    @Test func fullGaussianStaysInTheHull() {
        let codes = Tensor([1, 7, 2, 7, 5, 7] as [Float], shape: [3, 2])
        let draws = members(.gaussianFull, count: 10, of: codes, seed: 1)
        #expect(draws.sliced(axis: 1, 1..<2).floats.allSatisfy { $0 == 7 })
    }

    @Test func nearestZooIsRetrieval() {
        let source = BaselineSource(weights: zoo, codes: zoo, seed: 7, nearest: [4, 0])
        guard case .zooRows(let rows) = Baseline.nearestZoo.members(of: source, count: 3) else {
            Issue.record("retrieval copies zoo networks")
            return
        }
        #expect(rows == [4, 0], "as many as were looked up")
    }

    @Test(arguments: [Baseline.gaussianDiagonal, .gaussianFull]) func gaussiansAreDrawnAsCodes(_ baseline: Baseline) {
        let source = BaselineSource(weights: zoo.sliced(axis: 0, 0..<3), codes: identity(3) + 100, seed: 7)
        guard case .codes(let codes) = baseline.members(of: source, count: 2) else {
            Issue.record("a Gaussian over codes gives codes")
            return
        }
        #expect(codes.shape == [2, 3] && codes.floats.allSatisfy { $0 > 50 })
    }

    @Test func noMembersAreAnEmptyPopulation() {
        #expect(members(.noise(sigma: 1), count: 0).shape == [0, 400])
        #expect(members(.gaussianFull, count: 0).shape == [0, 400])
        #expect(members(.gaussianDiagonal, count: 0).shape == [0, 400])
    }

    @Test func names() {
        #expect(
            Self.all.map(\.what) == [
                "noise-0.001", "noise-0.01", "noise-0.03", "noise-0.1", "average-2", "average-4", "average-8",
                "average-16", "repaired-average-2", "repaired-average-4", "repaired-average-8", "repaired-average-16",
                "gaussian-diagonal", "gaussian-full", "recombined-16", "initialization", "nearest-zoo",
                "retrieval-noise-0.1",
            ])
        #expect(Set(Self.all.map(\.label)).count == Self.all.count)
    }

    @Test func aSmallZooAllowsFewer() {
        func all(_ count: Int) -> [Baseline] { Baseline.all(from: source(zoo.sliced(axis: 0, 0..<count))) }
        #expect(all(3).map(\.what).filter { $0.contains("average") } == ["average-2", "repaired-average-2"])
        #expect(all(1).contains(.nearestZoo) && !all(1).contains(.gaussianFull))
    }

    @Test func whatIsNotKnownOfTheNetworksLeavesBaselinesOut() {
        var plain = source(zoo)
        #expect(Baseline.all(from: plain) == Self.all)
        plain.repair = nil
        #expect(Baseline.all(from: plain) == Self.all.filter { !$0.what.hasPrefix("repaired") })
        plain.layout = nil
        let needing = ["repaired", "recombined", "initialization"]
        #expect(Baseline.all(from: plain) == Self.all.filter { one in !needing.contains { one.what.hasPrefix($0) } })
    }

    @Test func aNameOfAnImpossibleBaselineIsRefused() {
        #expect(Baseline(what: "noise--1.0") == nil && Baseline(what: "noise-nan") == nil)
        for what in ["average-0", "repaired-average-0", "recombined-0", "retrieval-noise--1.0", "repaired-average"] {
            #expect(Baseline(what: what) == nil, "\(what)")
        }
    }

    @Test func impossibleSettingsTrap() async {
        await #expect(processExitsWith: .failure) { _ = Baseline.noise(sigma: -1) }
        await #expect(processExitsWith: .failure) { _ = Baseline.average(of: 0) }
        await #expect(processExitsWith: .failure) { _ = Baseline.repairedAverage(of: 0) }
        await #expect(processExitsWith: .failure) { _ = Baseline.recombined(from: 0) }
        await #expect(processExitsWith: .failure) { _ = Baseline.retrievalNoise(sigma: -1) }
    }

    @Test(arguments: all + [.noise(sigma: 1e-5), .noise(sigma: 2), .average(of: 3)])
    func aNameInFilesIsReadBack(_ baseline: Baseline) {
        let read = Baseline(what: baseline.what)
        #expect(read == baseline && read?.label == baseline.label && read?.isRival == baseline.isRival)
    }

    @Test(arguments: ["", "noise", "noise-", "noise--1", "noise-nan", "average-0", "average-2.5", "gaussian", "zoo"])
    func otherNamesAreNone(_ what: String) {
        #expect(Baseline(what: what) == nil)
    }

    @Test func settingsAreFollowedInTheirOrder() {
        let settings = Baseline.Settings(
            noise: [0.5, 2], averages: [2, 30], recombinations: [3], retrievalNoise: [0.2])
        #expect(
            Baseline.all(settings, from: source(zoo)).map(\.what) == [
                "noise-0.5", "noise-2.0", "average-2", "repaired-average-2", "gaussian-diagonal", "gaussian-full",
                "recombined-3", "initialization", "nearest-zoo", "retrieval-noise-0.2",
            ])
        let none = Baseline.Settings(noise: [], averages: [], recombinations: [], retrievalNoise: [])
        #expect(Baseline.all(none, from: source(zoo)).count == 4)
    }

    @Test func onlyWhatIsMadeAnewIsARival() {
        #expect(Self.all.filter { !$0.isRival } == [.nearestZoo])
    }

    private func identity(_ count: Int) -> Tensor {
        Tensor.oneHot((0..<Int32(count)).map { $0 }, classes: count)
    }

    private func covariance(_ rows: Tensor) -> [Double] {
        let centred = (rows - rows.mean(axes: [0])).converted(to: .double)
        return (matmul(centred, centred, transposeA: true) / Double(rows.shape[0] - 1)).doubles
    }
}
