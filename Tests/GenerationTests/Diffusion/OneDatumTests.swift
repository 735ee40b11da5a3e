import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

/// A net that says the same of every point: what the best net says of the data where there is a single datum.
private struct DatumNet: VelocityNet {
    let layout: ParameterLayout
    let dimension = 2
    static let datum = Tensor([0.7, -1.2] as [Double], shape: [1, 2])

    init() {
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("none", shape: [1], role: .bias)
        layout = builder.layout()
    }

    var parameters: Parameters { Parameters(layout: layout, flat: .zeros([1])) }
    func initialParameters(seed: UInt64) -> Tensor { .zeros([1]) }
    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        input.x * 0 + Self.datum
    }
}

/// Where the data are one point c, all samplers are known in closed form: noise against signal falls in a straight line.
@Suite("Samplers of a single datum")
struct OneDatumTests {
    private static let net = DatumNet()
    private static let schedules: [any NoiseSchedule] = [
        DiscreteSchedule.linear(steps: 50, from: 1e-3, to: 0.2), ContinuousSchedule(), EDMSchedule(EDMConfig()),
    ]

    private static func diffusion(_ index: Int) -> Diffusion {
        Diffusion(schedule: schedules[index], preconditioning: Preconditioning(.data))
    }

    private static func start(_ diffusion: Diffusion) -> Tensor { normalDoubles([5, 2], seed: 9) * diffusion.startStd }

    private static func noise(_ step: Int) -> Tensor { normalDoubles([5, 2], seed: 100, index: UInt64(step)) }

    private static func path(_ sampler: any Sampler, _ diffusion: Diffusion) -> SamplePath {
        sampler.path(net, net.parameters, from: start(diffusion), noise: noise)
    }

    @Test("all of them end in it, after any number of steps", arguments: schedules.indices, [1, 2, 9])
    func end(_ index: Int, _ steps: Int) {
        let diffusion = Self.diffusion(index)
        let samplers: [any Sampler] = [
            AncestralSampler(diffusion, steps: steps), AncestralSampler(diffusion, steps: steps, variance: .forward),
            DDIMSampler(diffusion, steps: steps), DDIMSampler(diffusion, steps: steps, eta: 0.7),
            HeunDiffusionSampler(diffusion, steps: steps),
            HeunDiffusionSampler(diffusion, steps: steps, churn: .strong),
            ProbabilityFlowSampler(diffusion, solver: Solver(.rk4, steps: steps)),
        ]
        for sampler in samplers {
            let end = Self.path(sampler, diffusion).end
            #expect(relativeDifference(end, DatumNet.datum + .zeros([5, 2], precision: .double)) < 1e-9)
        }
    }

    @Test("without fresh noise (x - alpha c) / sigma stays what it was", arguments: schedules.indices)
    func straight(_ index: Int) throws {
        let diffusion = Self.diffusion(index)
        let levels = diffusion.schedule.levels(steps: 8)
        for sampler in [DDIMSampler(diffusion, steps: 8) as any Sampler, HeunDiffusionSampler(diffusion, steps: 8)] {
            let path = Self.path(sampler, diffusion)
            let eps = (path.start - DatumNet.datum * levels[0].alpha) / levels[0].sigma
            for (step, level) in zip(path.steps, levels.dropFirst()) {
                let expected = DatumNet.datum * level.alpha + eps * level.sigma
                #expect(relativeDifference(step.state, expected) < 1e-9)
                #expect(step.time == level.time && step.noise == nil)
            }
        }
    }

    @Test("with posterior noise every state is alpha c plus noise of the level's own variance")
    func ancestral() {
        let diffusion = Self.diffusion(0)
        let net = Self.net
        let levels = diffusion.schedule.levels(steps: 10)
        let start = normalDoubles([8000, 2], seed: 4) * levels[0].sigma + DatumNet.datum * levels[0].alpha
        let path = AncestralSampler(diffusion, steps: 10).path(net, net.parameters, from: start) {
            normalDoubles([8000, 2], seed: 5, index: UInt64($0))
        }
        for (step, level) in zip(path.steps, levels.dropFirst()).dropLast() {
            let noise = Moments(((step.state - DatumNet.datum * level.alpha) / level.sigma).doubles)
            #expect(noise.meanErrors(from: 0, std: 1) < 5 && abs(noise.variance - 1) < 0.06)
            #expect(step.noise != nil)
        }
    }
}
