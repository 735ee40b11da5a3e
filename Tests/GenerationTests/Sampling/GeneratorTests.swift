import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Generator")
struct GeneratorTests {
    /// The exact velocity between N(0, source^2) and N(mean, std^2) on the straight path, with both as its parameters.
    struct GaussianVelocity: VelocityNet {
        let layout: ParameterLayout
        let dimension = 1
        let source: Double

        init(source: Double) {
            var builder = ParameterLayout.Builder()
            for name in ["mean", "std"] { _ = builder.addSlot(name, shape: [1], role: .bias) }
            layout = builder.layout()
            self.source = source
        }

        func initialParameters(seed: UInt64) -> Tensor { .zeros([2]) }

        /// x_t ~ N(t mean, a^2), a^2 = t^2 std^2 + (1 - t)^2 source^2; v = mean + (a^2)' / (2 a^2) (x - t mean).
        func callAsFunction(
            _ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass
        ) -> Tensor {
            let (x, t) = (input.x, input.t)
            let mean = parameters[layout.slots[0]]
            let std = parameters[layout.slots[1]]
            let variance = (t * std).square() + ((1 - t) * source).square()
            return mean + (t * std.square() - (1 - t) * (source * source)) / variance * (x - t * mean)
        }
    }

    private static func gaussian(_ solver: Solver) -> Generator {
        Generator(
            coordinates: RawCoordinates(parameterCount: 1), net: GaussianVelocity(source: 0.8),
            parameters: Tensor([3, 0.25] as [Float], shape: [2]), source: GaussianSource(dimension: 1, std: 0.8),
            sampler: FlowSampler(solver: solver))
    }

    @Test("from normal to normal: every sample is carried to mean + std / source x0, and the moments follow")
    func moments() {
        let count = 4000
        let samples = Self.gaussian(Solver(.rk4, steps: 40)).samples(0..<count, seed: 1).codes.doubles
        let starts = (0..<count).map { index in
            var stream = RandomStream(seed: 1, purpose: "sample.source", index: UInt64(index))
            return stream.normal([1]).scalar * 0.8
        }
        let expected = starts.map { 3 + 0.25 / 0.8 * $0 }
        #expect(relativeDifference(samples, expected) < 1e-4)
        let moments = Moments(samples)
        #expect(moments.meanErrors(from: 3, std: 0.25) < 5)
        #expect(abs(moments.variance / 0.0625 - 1) < 5 * (2 / Double(count)).squareRoot())
        #expect(abs(moments.skewness) < 5 * (6 / Double(count)).squareRoot())
        #expect(abs(moments.kurtosis - 3) < 5 * (24 / Double(count)).squareRoot())
    }

    @Test("a coarse Euler integration is visibly worse than Runge and Kutta's")
    func solvers() {
        func error(_ method: Solver.Method) -> Double {
            let samples = Self.gaussian(Solver(method, steps: 5)).samples(0..<500, seed: 1).codes
            return abs(Moments(samples.doubles).variance.squareRoot() - 0.25)
        }
        #expect(error(.rk4) < error(.euler) / 3)
    }

    /// A net with weights large enough to move the samples, and coordinates that are not the identity.
    private static func generator(width: Int = 32) -> Generator {
        let rows = normalDoubles([9, 50]).converted(to: .single)
        guard let coordinates = PrincipalCoordinates(fitting: rows, components: 8) else {
            preconditionFailure("nine random rows have eight principal components")
        }
        let net = FlowMLP(dimension: coordinates.dimension, config: .init(width: width, timeWidth: 8))
        var stream = RandomStream(seed: 4, purpose: "weights")
        return Generator(
            coordinates: coordinates, net: net, parameters: stream.normal([net.layout.count]) * 0.3,
            source: GaussianSource(dimension: coordinates.dimension, std: 0.5),
            sampler: FlowSampler(solver: Solver(.rk4, steps: 10)))
    }

    @Test(
        "sample i is the same bytes whatever the range",
        arguments: [0..<1, 0..<10, 0..<25, 3..<60, 24..<26, 75..<76, 99..<100])
    func ranges(_ range: Range<Int>) {
        let generator = Self.generator()
        let all = generator.samples(0..<100, seed: 7)
        let part = generator.samples(range, seed: 7)
        #expect(part.codes.bits == all.codes.sliced(axis: 0, range).bits)
        #expect(part.weights.bits == all.weights.sliced(axis: 0, range).bits)
        #expect(part.codes.shape == [range.count, 8] && part.weights.shape == [range.count, 50])
    }

    @Test("samples differ from each other and between seeds")
    func differences() {
        let generator = Self.generator()
        let one = generator.samples(0..<60, seed: 7).codes
        let other = generator.samples(0..<60, seed: 8).codes
        let rows = (0..<60).flatMap { [one.selected(axis: 0, $0).floats, other.selected(axis: 0, $0).floats] }
        #expect(Set(rows).count == 120)
    }

    @Test("weights are the decoded codes; nothing is sampled for an empty range")
    func decoding() {
        let generator = Self.generator()
        let samples = generator.samples(0..<30, seed: 1)
        #expect(relativeDifference(samples.weights, generator.coordinates.decode(samples.codes)) < 1e-6)
        let none = generator.samples(5..<5, seed: 1)
        #expect(none.codes.shape == [0, 8] && none.weights.shape == [0, 50])
    }

    @Test(
        "progress tells how many are done", arguments: [(0..<60, [25, 50, 60]), (20..<30, [5, 10]), (0..<25, [25])])
    func progress(_ range: Range<Int>, _ expected: [Int]) {
        var told: [Int] = []
        _ = Self.generator().sample(range, seed: 1) { told.append($0) }
        #expect(told == expected)
    }

    @Test("the same bytes at any number of threads")
    func threads() {
        let generator = Self.generator(width: 512)
        let results = ThreadCounts.results { generator.samples(0..<30, seed: 7).weights.bits }
        let isSame = results.allSatisfy { $0 == results[0] }
        #expect(isSame)
    }
}

@Suite("Generator with a sampler that draws noise")
struct StochasticGeneratorTests {
    /// start + 10 noise(0) + 100 noise(3).
    private struct Noisy: Sampler {
        var evaluations: Int? { 0 }
        func sample(
            _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor,
            observe: ((SampleStep) -> Void)?
        ) -> Tensor { start + noise(0) * 10 + noise(3) * 100 }
    }

    private static let generator: Generator = {
        let net = FlowMLP(dimension: 2, config: .init(width: 4, timeWidth: 2))
        return Generator(
            coordinates: RawCoordinates(parameterCount: 2), net: net, parameters: net.initialParameters(seed: 1),
            source: GaussianSource(dimension: 2, std: 1), sampler: Noisy())
    }()

    @Test("each sample has noise of its own, fresh at every step")
    func noise() {
        let values = Self.generator.samples(0..<3000, seed: 1).codes.doubles
        let moments = Moments(values)
        let std = (1.0 + 100 + 10_000).squareRoot()
        #expect(moments.meanErrors(from: 0, std: std) < 5)
        // Were the two steps' noise one and the same, the variance would be 1 + 110^2.
        #expect(abs(moments.variance / (std * std) - 1) < 5 * (2.0 / 6000).squareRoot())
        #expect(abs(moments.kurtosis - 3) < 5 * (24.0 / 6000).squareRoot())
    }

    @Test("sample i is the same bytes whatever the range and the number of threads")
    func determinism() {
        let all = Self.generator.samples(0..<60, seed: 1).codes
        for range in [0..<1, 24..<26, 59..<60] {
            #expect(Self.generator.samples(range, seed: 1).codes.bits == all.sliced(axis: 0, range).bits)
        }
        let bits = ThreadCounts.results { Self.generator.samples(0..<60, seed: 1).codes.bits }
        let isSame = bits.allSatisfy { $0 == all.bits }
        #expect(isSame)
    }
}
