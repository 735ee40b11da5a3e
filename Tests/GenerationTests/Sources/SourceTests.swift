import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Sources")
struct SourceTests {
    private static let network = MLP(MLP.Config(widths: [6, 5, 3]))
    private static var layout: ParameterLayout { network.layout }

    private static func draws(_ source: some Source, _ count: Int) -> Tensor {
        var stream = RandomStream(seed: 1, purpose: "source")
        return source.sample(count, &stream)
    }

    /// Networks with another mean and spread in every slot.
    private static func population(_ count: Int) -> Tensor {
        var stream = RandomStream(seed: 2, purpose: "population")
        let parts = layout.slots.enumerated().map { index, slot in
            stream.normal([count, slot.count]) * (0.1 * Double(index + 1)) + Double(index)
        }
        return .concatenate(parts, axis: 1)
    }

    @Test("a Gaussian source has mean zero and its standard deviation in every element", arguments: [0.01, 1, 3])
    func gaussian(_ std: Double) {
        let draws = Self.draws(GaussianSource(dimension: 3, std: std), 20_000)
        #expect(draws.shape == [20_000, 3])
        for column in 0..<3 {
            let moments = Moments(draws.selected(axis: 1, column).doubles)
            #expect(moments.meanErrors(from: 0, std: std) < 5)
            #expect(abs(moments.variance / (std * std) - 1) < 5 * (2.0 / 20_000).squareRoot())
        }
    }

    @Test("a matched source has each slot's mean and standard deviation", arguments: [1, 0.5])
    func matched(_ scale: Double) {
        let raw = RawCoordinates(parameterCount: Self.layout.count)
        let source = MatchedSource(
            fitting: Self.population(400), layout: Self.layout, scale: scale, coordinates: raw)
        let draws = Self.draws(source, 2000)
        for (index, slot) in Self.layout.slots.enumerated() {
            let moments = Moments(draws.sliced(axis: 1, slot.range).doubles)
            let std = 0.1 * Double(index + 1)
            #expect(abs(moments.mean - Double(index)) < 0.02 * std + 5 * std / Double(400 * slot.count).squareRoot())
            #expect(abs(moments.variance.squareRoot() / (std * scale) - 1) < 0.1)
        }
        let back = MatchedSource(
            mean: source.tensors[0].value, std: source.tensors[1].value, coordinates: raw)
        #expect(Self.draws(back, 5).bits == Self.draws(source, 5).bits)
    }

    @Test("weight-space draws are encoded: the same stream gives the raw draws' codes")
    func encoded() throws {
        let population = Self.population(30)
        let principal = try #require(PrincipalCoordinates(fitting: population, components: 7))
        let raw = RawCoordinates(parameterCount: Self.layout.count)
        func sources(_ coordinates: any Coordinates) -> [any Source] {
            [
                MatchedSource(fitting: population, layout: Self.layout, coordinates: coordinates),
                InitializationSource(.heUniform, layout: Self.layout, coordinates: coordinates),
            ]
        }
        for (inCodes, inWeights) in zip(sources(principal), sources(raw)) {
            #expect(inCodes.dimension == 7)
            let expected = principal.encode(Self.draws(inWeights, 9))
            #expect(relativeDifference(Self.draws(inCodes, 9), expected) < 1e-6)
        }
    }

    @Test(
        "an initialisation source draws what training starts from: bounds, spread, biases",
        arguments: [(Initialization.heUniform, true), (.heNormal, false)])
    func initialization(_ initialization: Initialization, _ isBounded: Bool) {
        let source = InitializationSource(
            initialization, layout: Self.layout, coordinates: RawCoordinates(parameterCount: Self.layout.count))
        let draws = Self.draws(source, 500)
        for slot in Self.layout.slots {
            let moments = Moments(draws.sliced(axis: 1, slot.range).doubles)
            guard slot.role == .weight else {
                #expect(draws.sliced(axis: 1, slot.range).floats.allSatisfy { $0 == 0 })
                continue
            }
            let variance = 2 / Double(slot.shape[1])
            #expect(abs(moments.variance / variance - 1) < 0.08 && moments.meanErrors(from: 0, std: variance) < 5)
            let largest = draws.sliced(axis: 1, slot.range).abs().max().scalar
            #expect((largest <= (3 * variance).squareRoot() + 1e-6) == isBounded)
        }
        let rows = Set((0..<500).map { draws.selected(axis: 0, $0).bits })
        #expect(rows.count == 500)
    }

    @Test("a fitted Gaussian has the codes' mean and covariance, with few codes and with many", arguments: [4, 60])
    func fitted(_ count: Int) throws {
        let mixing = normalDoubles([5, 5], seed: 7)
        let codes = (matmul(normalDoubles([count, 5], seed: 8), mixing) + 2).converted(to: .single)
        let source = try #require(FittedGaussianSource(fitting: codes))
        func covariance(_ rows: Tensor) -> Tensor {
            let centred = rows.converted(to: .double) - rows.converted(to: .double).mean(axes: [0])
            return matmul(centred, centred, transposeA: true) / Double(rows.shape[0] - 1)
        }
        let expected = covariance(codes)
        let factor = source.factor.converted(to: .double)
        #expect(relativeDifference(matmul(factor, factor, transposeA: true), expected) < 1e-5)
        #expect(source.factor.shape == [count < 5 ? count : 5, 5])
        let draws = Self.draws(source, 20_000)
        #expect(relativeDifference(covariance(draws), expected) < 0.06)
        #expect(relativeDifference(draws.mean(axes: [0]), codes.mean(axes: [0])) < 0.05)
        let back = FittedGaussianSource(mean: source.tensors[0].value, factor: source.tensors[1].value)
        #expect(Self.draws(back, 5).bits == Self.draws(source, 5).bits)
        #expect(FittedGaussianSource(fitting: codes / 0) == nil)
    }

    @Test("a perturbed source is members plus noise, all members alike")
    func perturbed() {
        let members = Tensor([0, 10, 20, 30] as [Float], shape: [4, 1])
        let draws = Self.draws(PerturbedSource(members: members, std: 0.5), 8000).doubles
        let nearest = draws.map { Int(($0 / 10).rounded()) }
        #expect(chiSquareExcess((0..<4).map { index in nearest.filter { $0 == index }.count }) < 5)
        let noise = Moments(zip(draws, nearest).map { $0 - Double(10 * $1) })
        #expect(noise.meanErrors(from: 0, std: 0.5) < 5 && abs(noise.variance / 0.25 - 1) < 0.1)
        let plain = Self.draws(PerturbedSource(members: members, std: 0), 50).floats
        #expect(plain.allSatisfy { [0, 10, 20, 30].contains($0) })
    }
}
