import Basics
import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Guidance by the weights of an earlier step")
struct AutoguidedNetTests {
    private static let net = GeneratorTests.GaussianVelocity(source: 0.8)

    private static func weights(mean: Float, std: Float = 0.25) -> Tensor { Tensor([mean, std], shape: [2]) }

    private static func generator(_ net: any VelocityNet, mean: Float, steps: Int = 40) -> Generator {
        Generator(
            coordinates: RawCoordinates(parameterCount: 1), net: net, parameters: weights(mean: mean),
            source: GaussianSource(dimension: 1, std: 0.8), sampler: FlowSampler(solver: Solver(.rk4, steps: steps)))
    }

    /// The exact velocity between Gaussians of one width is linear in the mean, so that guidance moves the mean alone.
    @Test("away from an earlier mean: samples are those of m + (w - 1) (m - m_early)", arguments: [0, 0.5, 2, 3.5])
    func mean(_ weight: Double) {
        let guided = AutoguidedNet(Self.net, early: Self.weights(mean: 2.5), weight: weight)
        let moved = Float(3 + (weight - 1) * 0.5)
        let found = Self.generator(guided, mean: 3).samples(0..<50, seed: 4).codes.doubles
        let expected = Self.generator(Self.net, mean: moved).samples(0..<50, seed: 4).codes.doubles
        #expect(relativeDifference(found, expected) < 1e-5)
    }

    @Test("a weight of 1 is the net itself, bit for bit, at one evaluation; any other takes two")
    func one() {
        let plain = Self.generator(Self.net, mean: 3)
        let same = Self.generator(AutoguidedNet(Self.net, early: Self.weights(mean: 9), weight: 1), mean: 3)
        #expect(same.samples(0..<5, seed: 1).codes.bits == plain.samples(0..<5, seed: 1).codes.bits)
        #expect(plain.evaluations == 160 && same.evaluations == 160 && plain.guide == nil)
        let guided = Self.generator(AutoguidedNet(Self.net, early: Self.weights(mean: 9), weight: 1.5), mean: 3)
        #expect(guided.evaluations == 320 && guided.guide?.floats == [9, 0.25])
    }

    @Test("in double precision too")
    func precision() {
        let guided = AutoguidedNet(Self.net, early: Self.weights(mean: 1), weight: 3)
        let input = VelocityInput(Tensor([0.3, -1.2] as [Double], shape: [2, 1]), at: 0.4)
        func said(_ net: any VelocityNet, _ mean: Double) -> [Double] {
            net(Parameters(layout: net.layout, flat: Tensor([mean, 0.25] as [Double], shape: [2])), input).doubles
        }
        let expected = zip(said(Self.net, 2), said(Self.net, 1)).map { 3 * $0 - 2 * $1 }
        #expect(relativeDifference(said(guided, 2), expected) < 1e-12)
        #expect(guided.layout.count == 2 && guided.dimension == 1)
        #expect(guided.initialParameters(seed: 1).bits == Self.net.initialParameters(seed: 1).bits)
    }

    @Test("weights of another net are refused")
    func shape() async {
        await #expect(processExitsWith: .failure) {
            _ = AutoguidedNet(GeneratorTests.GaussianVelocity(source: 1), early: .zeros([3]), weight: 2)
        }
    }
}

@Suite("Guidance of diffusions by the weights of an earlier step")
struct AutoguidedDiffusionTests {
    /// The exact net of N(mean, 0.4^2), with the mean as its weight.
    private struct MeanNet: VelocityNet {
        let diffusion: Diffusion
        let dimension = 1
        var layout: ParameterLayout { GaussianDenoiser(diffusion, mean: 0, std: 1).layout }

        func initialParameters(seed: UInt64) -> Tensor { Tensor([0.7] as [Double], shape: [1]) }

        func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
            GaussianDenoiser(diffusion, mean: parameters.flat.doubles[0], std: 0.4)(parameters, input, &pass)
        }
    }

    /// What the exact net says is linear in the mean, whatever it says.
    @Test("every kind and parameterization goes to m + (w - 1) (m - m_early), as wide as before")
    func mean() {
        for diffusion in Diffusion.all {
            let guided = AutoguidedNet(
                MeanNet(diffusion: diffusion), early: Tensor([0.5] as [Double], shape: [1]), weight: 2.5)
            for sampler in [HeunDiffusionSampler(diffusion, steps: 12), DDIMSampler(diffusion, steps: 12)]
                as [any Sampler]
            {
                let found = sampler.moments(guided, startStd: diffusion.startStd, steps: 12)
                let expected = sampler.moments(
                    GaussianDenoiser(diffusion, mean: 1, std: 0.4), startStd: diffusion.startStd, steps: 12)
                #expect(abs(found.mean - expected.mean) < 1e-8 * max(1, abs(expected.mean)), "\(diffusion) \(found)")
                #expect(abs(found.variance / expected.variance - 1) < 1e-6, "\(diffusion) \(found)")
            }
        }
    }

    @Test("samples of an EDM generator move by (w - 1) (m - m_early)")
    func samples() {
        let diffusion = Diffusion(EDMConfig())
        func drawn(_ net: any VelocityNet, _ mean: Float) -> [Double] {
            Generator(
                coordinates: RawCoordinates(parameterCount: 1), net: net,
                parameters: Tensor([mean], shape: [1]), source: GaussianSource(dimension: 1, std: diffusion.startStd),
                sampler: HeunDiffusionSampler(diffusion, steps: 12)
            ).samples(0..<30, seed: 3).codes.doubles
        }
        let net = MeanNet(diffusion: diffusion)
        let early = Tensor([0.5] as [Float], shape: [1])
        let (plain, guided) = (drawn(net, 0.7), drawn(AutoguidedNet(net, early: early, weight: 3), 0.7))
        for (moved, own) in zip(guided, plain) { #expect(abs(moved - own - 0.4) < 0.02, "\(moved) \(own)") }
    }
}

@Suite("Training that puts a guide aside")
struct GuideTests {
    private static let codes = normalDoubles([11, 3]).converted(to: .single)

    private static func flow(_ emaDecay: Double?, guide: Int?) -> GeneratorTraining {
        FlowMatchingTests.flow(dimension: 3, steps: 40, dropout: 0.2, seed: 1) {
            ($0.emaDecay, $0.batch, $0.guideStep) = (emaDecay, 6, guide)
        }
    }

    private static func run(_ flow: GeneratorTraining, _ state: inout TrainingState, to last: Int = 40) {
        _ = flow.run(&state, codes: codes) { $0.step < last }
    }

    @Test("it is what samples would be drawn with after that step, and nothing else changes", arguments: [nil, 0.9])
    func kept(_ emaDecay: Double?) {
        let (flow, plain) = (Self.flow(emaDecay, guide: 7), Self.flow(emaDecay, guide: nil))
        var (early, whole, other) = (flow.start(), flow.start(), plain.start())
        Self.run(flow, &early, to: 6)
        #expect(early.guide == nil)
        Self.run(flow, &early, to: 7)
        Self.run(flow, &whole)
        Self.run(plain, &other)
        #expect(early.guide?.bits == early.samplingParameters.bits && whole.guide?.bits == early.guide?.bits)
        #expect(whole.samplingParameters.bits == other.samplingParameters.bits && other.guide == nil)
        #expect(whole.samplingParameters.bits != whole.guide?.bits)
    }

    @Test("a resumed training has the same guide; a record without it is refused once it should be there")
    func resumed() throws {
        let flow = Self.flow(0.9, guide: 7)
        var (state, whole) = (flow.start(), flow.start())
        Self.run(flow, &whole)
        for stop in [5, 12] {
            Self.run(flow, &state, to: stop)
            state = try TrainingState(
                tensors: state.tensors, counters: state.counters, step: stop, count: flow.net.layout.count,
                config: flow.config)
        }
        let without = state.tensors.filter { $0.name != "guide" }
        Self.run(flow, &state)
        #expect(state.guide?.bits == whole.guide?.bits && state.parameters.bits == whole.parameters.bits)
        func read(step: Int) throws -> TrainingState {
            try TrainingState(
                tensors: without, counters: state.counters, step: step, count: flow.net.layout.count,
                config: flow.config)
        }
        #expect(try requireDataError { _ = try read(step: 12) }.expected.contains("guide"))
        #expect(try read(step: 6).guide == nil)
    }

    @Test("it guides the samples of a description that asks for it")
    func description() throws {
        func generator(_ weight: Double?) throws -> Generator {
            var description = GeneratorDescription()
            description.coordinates = Described(RawCoordinates.Config())
            description.net = Described(ResidualMLP.Config())
            (description.training.steps, description.training.guideStep) = (6, 2)
            (description.sampling.steps, description.sampling.autoguidance) = (3, weight)
            var layout = ParameterLayout.Builder()
            _ = layout.addSlot("w", shape: [3], role: .weight)
            return try description.train(on: Self.codes, layout: layout.layout(), seed: 3)
        }
        let (plain, guided, one) = try (generator(nil), generator(2), generator(1))
        #expect(plain.guide?.bits == guided.guide?.bits && plain.parameters.bits == guided.parameters.bits)
        func drawn(_ generator: Generator) -> [UInt64] { generator.samples(0..<4, seed: 1).weights.bits }
        #expect(drawn(plain) == drawn(one) && drawn(plain) != drawn(guided))
    }
}
