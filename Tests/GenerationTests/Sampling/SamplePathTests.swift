import Foundation
import Networks
import TestSupport
import Tensors
import Testing

@testable import Generation

@Suite("The path of samples")
struct SamplePathTests {
    private static let net = FlowMLP(dimension: 100, config: .init(width: 16, timeWidth: 4))
    private static let parameters: Parameters = {
        var stream = RandomStream(seed: 4, purpose: "weights")
        return Parameters(layout: net.layout, flat: stream.normal([net.layout.count]) * 0.1)
    }()
    private static let start = normalDoubles([3, 100]).converted(to: .single)

    private static func noise(_ step: Int) -> Tensor {
        var stream = RandomStream(seed: 9, purpose: "noise", index: UInt64(step))
        return stream.normal([3, 100])
    }

    /// Every sampler, with the number of its steps and whether it draws noise.
    private static let samplers: [(any Sampler, Int?, Bool)] = {
        let chain = Diffusion(DDPMConfig())
        var churn = Churn()
        churn.strength = 3
        return [
            (FlowSampler(solver: Solver(.rk4, steps: 5)), 5, false),
            (FlowSampler(solver: Solver(adaptive: .init())), nil, false),
            (EulerMaruyama(path: Path(.linear, sigma: 0), steps: 6, std: 1.0), 6, true),
            (EulerMaruyama(path: Path(.linear, sigma: 0), steps: 6, strength: 0, std: 1.0), 6, false),
            (AncestralSampler(chain, steps: 7), 7, true), (DDIMSampler(chain, steps: 7), 7, false),
            (DDIMSampler(chain, steps: 7, eta: 0.5), 7, true),
            (HeunDiffusionSampler(Diffusion(EDMConfig()), steps: 4, churn: churn), 4, true),
            (ProbabilityFlowSampler(chain, solver: Solver(.midpoint, steps: 4)), 5, false),
        ]
    }()

    @Test(
        "ends in the sample, bit for bit, after as many steps, with times that never fall up to 1",
        arguments: samplers.indices)
    func ends(_ index: Int) throws {
        let (sampler, count, isStochastic) = Self.samplers[index]
        let sample = sampler.sample(Self.net, Self.parameters, from: Self.start, noise: Self.noise)
        let prepared = sampler.prepared(Self.net, Self.parameters)(Self.start, Self.noise)
        let path = sampler.path(Self.net, Self.parameters, from: Self.start, noise: Self.noise)
        #expect(path.end.bits == sample.bits && prepared.bits == sample.bits && path.start.bits == Self.start.bits)
        #expect(path.steps.last?.state.bits == sample.bits)
        #expect(path.steps.count == count ?? path.steps.count)
        #expect(zip(path.steps, path.steps.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(abs(try #require(path.steps.last).time - 1) < 1e-9)
        #expect(path.steps.contains { $0.noise != nil } == isStochastic)
        for (step, item) in path.steps.enumerated() {
            if let drawn = item.noise { #expect(drawn.bits == Self.noise(step).bits) }
        }
    }

    @Test("states between the ends are those of the net itself, also where a reduced flow is integrated")
    func reduced() {
        #expect(Self.net.reduced(Self.parameters) != nil)
        let solver = Solver(.heun, steps: 4)
        let path = FlowSampler(solver: solver).path(Self.net, Self.parameters, from: Self.start, noise: Self.noise)
        var states: [Tensor] = []
        _ = solver.integrate(Self.start) { x, t in
            Self.net(Self.parameters, VelocityInput(x, at: t))
        } observe: { x, _ in
            states.append(x)
        }
        for (step, state) in zip(path.steps, states) { #expect(relativeDifference(step.state, state) < 1e-5) }
    }

    @Test("the noises reproduce the states of the stochastic equation")
    func eulerMaruyama() {
        let (steps, strength) = (6, 0.7)
        let line = Path(.linear, sigma: 0)
        let sampler = EulerMaruyama(path: line, steps: steps, strength: strength, std: 1.0)
        let path = sampler.path(Self.net, Self.parameters, from: Self.start, noise: Self.noise)
        var x = path.start
        let h = 1 / Double(steps)
        for (index, step) in path.steps.enumerated() {
            let t = Double(index) * h
            let v = Self.net(Self.parameters, VelocityInput(x, at: t))
            let share = line.sourceShare(at: t)
            let source = x * share.ofPoint + v * share.ofVelocity
            let factor = (2 * strength * share.scale * h).squareRoot()
            x = x + (v - source * strength) * h + (step.noise ?? x * 0) * factor
            #expect(relativeDifference(x, step.state) < 1e-6)
            x = step.state
        }
    }

    @Test("the noises reproduce the states of the reverse chain")
    func ancestral() {
        let diffusion = Diffusion(DDPMConfig())
        let path = AncestralSampler(diffusion, steps: 7).path(
            Self.net, Self.parameters, from: Self.start, noise: Self.noise)
        let levels = diffusion.schedule.levels(steps: 7)
        var x = path.start
        for (step, (level, next)) in zip(path.steps, zip(levels, levels.dropFirst())) {
            let prediction = diffusion.predict(Self.net, Self.parameters, x, level)
            let move = Transition(from: level, to: next, eta: 1)
            x = prediction.data * next.alpha + prediction.noise * move.noise
            if let drawn = step.noise { x = x + drawn * move.fresh }
            #expect(relativeDifference(x, step.state) < 1e-6 && step.time == next.time)
            x = step.state
        }
        #expect(path.steps.last?.noise == nil, "the last step adds none")
    }
}
