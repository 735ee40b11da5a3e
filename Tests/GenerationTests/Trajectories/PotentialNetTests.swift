import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("A perceptron's potential")
struct PotentialNetTests {
    private static func config(timed: Bool) -> PotentialNet.Config {
        var config = PotentialNet.Config()
        (config.width, config.depth, config.timed, config.timeWidth) = (6, 2, timed, 4)
        return config
    }

    /// A net with weights of all kinds, and points.
    private static func sample(
        timed: Bool
    ) -> (net: PotentialNet, weights: Tensor, x: Tensor, t: Tensor) {
        let net = PotentialNet(dimension: 3, config: config(timed: timed))
        let weights = normalDoubles([net.layout.count], seed: 2) * 0.5
        return (net, weights, normalDoubles([4, 3], seed: 3), Tensor([0, 0.01, 0.02, 0.03], shape: [4, 1]))
    }

    @Test("untrained it says nothing", arguments: [true, false])
    func start(_ timed: Bool) {
        let net = PotentialNet(dimension: 3, config: Self.config(timed: timed))
        let weights = Parameters(layout: net.layout, flat: net.initialParameters(seed: 1))
        let x = normalDoubles([5, 3]).converted(to: .single)
        #expect(net(weights, VelocityInput(x, at: 0.4)).floats.allSatisfy { $0 == 0 })
    }

    @Test("the velocity is minus the potential's slope, by central differences", arguments: [true, false])
    func slope(_ timed: Bool) {
        let (net, flat, x, t) = Self.sample(timed: timed)
        let weights = Parameters(layout: net.layout, flat: flat)
        let v = net(weights, VelocityInput(x, t))
        let direction = normalDoubles([4, 3], seed: 4), step = 1e-5
        let up = net.potential(weights, x + direction * step, t), down = net.potential(weights, x - direction * step, t)
        let slope = (up - down) / (2 * step)
        #expect(relativeDifference((v * direction).sum(axes: [1]), -slope) < 1e-8)
        let other = net(weights, VelocityInput(x, t + 0.3))
        #expect((relativeDifference(v, other) > 1e-3) == timed, "only a timed potential changes with time")
    }

    @Test("a loss of the velocity has its derivatives by weights: nested ones", arguments: [true, false])
    func nested(_ timed: Bool) {
        let (net, flat, x, t) = Self.sample(timed: timed)
        let target = normalDoubles([4, 3], seed: 5)
        func loss(_ flat: Tensor) -> Tensor {
            (net(Parameters(layout: net.layout, flat: flat), VelocityInput(x, t)) - target).square().mean()
        }
        let found = flatGradient(at: flat, of: loss).gradient.formed
        let direction = normalDoubles([net.layout.count], seed: 6), step = 1e-5
        let slope = (loss(flat + direction * step).scalar - loss(flat - direction * step).scalar) / (2 * step)
        #expect(abs((found * direction).sum().scalar - slope) < 1e-7 * (1 + abs(slope)))
    }

    @Test("it learns a bowl from implicit steps, and its implicit samples follow the bowl")
    func learned() throws {
        // Proximal steps of V = 2 |x - 1|^2 with tau = 1/4: y = (x + 1) / 2 in each coordinate.
        let count = 200, times = [0, 0.25, 0.5, 0.75, 1]
        let start = normalDoubles([count, 2], seed: 1)
        var states = [start]
        for _ in 0..<4 { states.append((states[states.count - 1] + 1) / 2) }
        let rows = (0..<count).flatMap { run in (0..<5).map { Int32($0 * count + run) } }
        let codes = Tensor.concatenate(states, axis: 0).gathered(axis: 0, rows).converted(to: .single)
        let runs = Trajectories(times: Array(repeating: times, count: count), codes: codes)
        var config = PotentialNet.Config()
        (config.width, config.timed) = (16, false)
        let net = PotentialNet(dimension: 2, config: config)
        var settings = TrainingConfig()
        (settings.steps, settings.batch, settings.rate) = (1500, 32, 1e-2)
        let training = GeneratorTraining(
            config: settings, net: net, objective: TransitionObjective(dimension: 2), seed: 1)
        var state = training.start()
        #expect(training.run(&state, codes: runs.packed) { _ in true } == .finished)
        let weights = Parameters(layout: net.layout, flat: state.samplingParameters)
        let sampler = ImplicitSampler(steps: 4)
        let x = start.converted(to: .single)
        let end = sampler.sample(net, weights, from: x, noise: { _ in x })
        let truth = states[4].converted(to: .single)
        let error = (end - truth).square().mean().scalar.squareRoot()
        #expect(error < 0.03, "root mean square error \(error)")
        let trace = sampler.trace(net, weights, from: x)
        #expect(
            trace.count == 4 && trace.allSatisfy { $0.isConverged && $0.iterations > 1 && $0.residuals.count == count })
        // One evaluation a step is too few: the samples are NaN, and the trace says by how much they missed.
        let hasty = ImplicitSampler(steps: 4, step: ProximalStep(tolerance: 1e-6, iterations: 1))
        #expect(hasty.sample(net, weights, from: x, noise: { _ in x }).floats.allSatisfy { $0.isNaN })
        #expect(hasty.trace(net, weights, from: x)[0].residuals.allSatisfy { $0 > 1e-6 })
    }

    @Test("impossible settings", arguments: [(0, 2, 64), (8, 0, 64), (8, 2, 3)])
    func impossible(_ width: Int, _ depth: Int, _ timeWidth: Int) {
        var config = PotentialNet.Config()
        (config.width, config.depth, config.timeWidth) = (width, depth, timeWidth)
        #expect(config.problem != nil && config.problems().count == 1)
    }
}
