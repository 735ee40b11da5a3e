import Networks
import TestSupport
import Tensors
import Testing

@testable import Generation

/// Every sampler follows a guided net as it follows any other.
@Suite("Samplers under guidance")
struct GuidedSamplersTests {
    private static let diffusion = Diffusion(DDPMConfig())
    private static let samplers: [(name: String, sampler: any Sampler)] = [
        ("rk4", FlowSampler(solver: Solver(.rk4, steps: 6))),
        ("dopri5", FlowSampler(solver: Solver(adaptive: Tolerance(relative: 1e-3, absolute: 1e-3)))),
        ("euler-maruyama", EulerMaruyama(path: Path(.linear, sigma: 0), steps: 6, std: 1)),
        ("ancestral", AncestralSampler(diffusion, steps: 6)), ("ddim", DDIMSampler(diffusion, steps: 6, eta: 0.5)),
        ("heun", HeunDiffusionSampler(diffusion, steps: 6)),
        ("probability flow", ProbabilityFlowSampler(diffusion, solver: Solver(.midpoint, steps: 6))),
    ]

    /// v_u + g (v_c - v_u), written out anew.
    private struct Plain: VelocityNet {
        let exact: GaussianConditions
        let condition: Condition
        let guidance: Double
        var layout: ParameterLayout { exact.net.layout }
        var dimension: Int { 1 }

        func initialParameters(seed: UInt64) -> Tensor { exact.parameters }

        func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
            let rows = input.x.shape[0]
            let free = exact.net(parameters, input, asking: Array(repeating: .none, count: rows), &pass)
            let asked = exact.net(parameters, input, asking: Array(repeating: condition, count: rows), &pass)
            return free + (asked - free) * guidance
        }
    }

    @Test("samples are those of the combined velocity, and paths end in them", arguments: samplers.indices)
    func samples(_ index: Int) throws {
        let (name, sampler) = Self.samplers[index], exact = try GaussianConditions()
        let start = normalDoubles([5, 1], seed: 41).converted(to: .single)
        func noise(_ step: Int) -> Tensor {
            normalDoubles([5, 1], seed: 42, index: UInt64(step)).converted(to: .single)
        }
        for guidance in [0.0, 1, 2] {
            let guided = GuidedNet(
                exact.net, exact.parameters, asking: GaussianConditions.askedHigh, guidance: guidance)
            let plain = Plain(exact: exact, condition: GaussianConditions.askedHigh, guidance: guidance)
            let found = sampler.sample(guided, exact.weights, from: start, noise: noise)
            let expected = sampler.sample(plain, exact.weights, from: start, noise: noise)
            #expect(relativeDifference(found, expected) < 1e-4, "\(name), \(guidance)")
            let path = sampler.path(guided, exact.weights, from: start, noise: noise)
            #expect(path.end.bits == found.bits && path.steps.last?.state.bits == found.bits, "\(name)")
        }
    }

    @Test("a generator that was asked hands out its (guided) velocity as any net does", arguments: [0.0, 1, 3])
    func velocity(_ guidance: Double) throws {
        let exact = try GaussianConditions()
        let generator = try exact.generator(Self.samplers[0].sampler).asked(
            GaussianConditions.askedLow, guidance: guidance)
        let weights = Parameters(layout: generator.net.layout, flat: generator.parameters)
        let x = normalDoubles([4, 1], seed: 43)
        let found = generator.net(weights, VelocityInput(x, at: 0.4))
        let t = Tensor.full([4, 1], 0.4, precision: .double)
        let (asked, free) = (exact.low.velocity(x, t), exact.unconditional(x, t))
        #expect(relativeDifference(found, free + (asked - free) * guidance) < 1e-12)
    }
}
