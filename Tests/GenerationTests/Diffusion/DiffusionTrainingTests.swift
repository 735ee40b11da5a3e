import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Diffusion training")
struct DiffusionTrainingTests {
    /// A quarter of the codes around -c, the others around c = (1.5, 1) / 1.3.
    private static let codes: Tensor = {
        var stream = RandomStream(seed: 3, purpose: "clusters")
        let signs = Tensor((0..<400).map { $0 % 4 == 0 ? -1 : 1 } as [Float], shape: [400, 1])
        return (stream.normal([400, 2]) * 0.15 + signs * Tensor([1.5, 1] as [Float], shape: [2])) / 1.3
    }()

    private static func trained(_ diffusion: Diffusion) -> (net: FlowMLP, weights: Tensor) {
        var config = TrainingConfig()
        (config.steps, config.batch, config.rate) = (1500, 64, 5e-3)
        let net = FlowMLP(dimension: 2, config: .init(width: 48, timeWidth: 16, dropout: 0))
        let training = GeneratorTraining(config: config, net: net, objective: diffusion, seed: 1)
        var state = training.start()
        let outcome = training.run(&state, codes: codes) { _ in true }
        #expect(outcome == .finished)
        return (net, state.samplingParameters)
    }

    private static func check(_ samplers: [any Sampler], _ diffusion: Diffusion) {
        let (net, weights) = trained(diffusion)
        for sampler in samplers {
            let generator = Generator(
                coordinates: RawCoordinates(parameterCount: 2), net: net, parameters: weights,
                source: GaussianSource(dimension: 2, std: diffusion.startStd), sampler: sampler)
            let samples = generator.samples(0..<300, seed: 5).codes.doubles
            let sides = (0..<300).map { (i: Int) -> Double in samples[2 * i] * 1.5 + samples[2 * i + 1] }
            let low = Double(sides.filter { $0 < -1.5 }.count), high = Double(sides.filter { $0 > 1.5 }.count)
            #expect(low + high > 255, "\(sampler): \(low) and \(high) of 300")
            #expect(abs(low / (low + high) - 0.25) < 0.1, "\(sampler): in the proportion of the data")
        }
    }

    @Test("two clusters are both found by a DDPM, in the proportion of the data")
    func preserving() {
        let diffusion = Diffusion(DDPMConfig())
        Self.check(
            [
                AncestralSampler(diffusion, steps: 100), DDIMSampler(diffusion, steps: 50),
                ProbabilityFlowSampler(diffusion, solver: Solver(.rk4, steps: 20), least: 0.01),
            ], diffusion)
    }

    @Test("two clusters are both found by EDM, in the proportion of the data")
    func edm() {
        let diffusion = Diffusion(EDMConfig().scaled(toDataStd: EDMConfig.dataStd(of: Self.codes)))
        var churn = Churn()
        churn.strength = 10
        Self.check(
            [
                HeunDiffusionSampler(diffusion, steps: 25), HeunDiffusionSampler(diffusion, steps: 25, churn: churn),
                ProbabilityFlowSampler(diffusion, solver: Solver(adaptive: Tolerance(relative: 1e-4, absolute: 1e-4))),
            ], diffusion)
    }

    @Test("sample i of a stochastic sampler is the same bytes whatever the range")
    func ranges() {
        let diffusion = Diffusion(DDPMConfig())
        let net = FlowMLP(dimension: 2, config: .init(width: 16, timeWidth: 8, dropout: 0))
        let generator = Generator(
            coordinates: RawCoordinates(parameterCount: 2), net: net, parameters: net.initialParameters(seed: 1),
            source: GaussianSource(dimension: 2, std: 1), sampler: AncestralSampler(diffusion, steps: 10))
        let all = generator.samples(0..<60, seed: 2).codes
        #expect(generator.samples(20..<51, seed: 2).codes.bits == all.sliced(axis: 0, 20..<51).bits)
        #expect(generator.samples(0..<60, seed: 3).codes.bits != all.bits)
    }
}
