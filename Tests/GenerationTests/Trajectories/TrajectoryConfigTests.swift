import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

/// What the settings of processes that learn from whole runs become.
@Suite("Settings of processes that learn from runs")
struct TrajectoryConfigTests {
    private static let source = GaussianSource(dimension: 3, std: 2)

    private static func curves(_ change: (inout MultiMarginalConfig) -> Void) -> MultiMarginalConfig {
        var config = MultiMarginalConfig()
        change(&config)
        return config
    }

    @Test("which checkpoints are knots")
    func knots() {
        #expect(Self.curves { _ in }.knots == KnotRule(start: 0, clock: 1, most: nil))
        #expect(
            Self.curves { ($0.firstStep, $0.clock, $0.marginals) = (30, 0.5, 4) }.knots
                == KnotRule(start: 30, clock: 0.5, most: 4))
        // The source's draw is one of the marginals.
        #expect(Self.curves { ($0.start, $0.marginals) = (.source, 2) }.knots == KnotRule(start: nil, most: 1))
        var steps = TransitionConfig()
        (steps.firstStep, steps.marginals) = (5, 3)
        #expect(steps.knots == KnotRule(start: 5, most: 3))
        #expect(FlowConfig().knots == nil && DDPMConfig().knots == nil)
    }

    @Test("every setting of curves reaches the objective")
    func objective() throws {
        let config = Self.curves {
            ($0.start, $0.interpolation, $0.coupling) = (.source, .natural, .optimalTransport)
            ($0.sigma, $0.sigmaLaw, $0.sigmaFloor) = (0.3, .arch, 0.01)
            $0.times = .logitNormal(mean: 0, std: 1)
        }
        let made = try #require(config.objective(Self.source, codeStd: 1) as? MultiMarginalObjective)
        #expect(made.interpolation == .natural && made.coupling == .optimalTransport && made.dimension == 3)
        #expect(made.sigma == SigmaLaw(.arch, scale: 0.3, floor: 0.01) && made.times == config.times)
        #expect(made.source is GaussianSource)
        let recorded = try #require(
            Self.curves { _ in }.objective(Self.source, codeStd: 1) as? MultiMarginalObjective)
        #expect(recorded.source == nil && recorded.sigma.kind == .bridge && recorded.sigma.scale == 0)
        var steps = TransitionConfig()
        steps.coupling = .optimalTransport
        let transitions = try #require(steps.objective(Self.source, codeStd: 1) as? TransitionObjective)
        #expect(transitions.coupling == .optimalTransport && transitions.dimension == 3)
    }

    @Test("samplers: solvers along curves, implicit steps with the settings' search; others are refused")
    func samplers() throws {
        var sampling = SamplingConfig()
        let curves = Self.curves { _ in }
        #expect(
            (try curves.sampler(sampling, Self.source, codeStd: 1) as? FlowSampler)?.solver == Solver(.rk4, steps: 100))
        sampling.steps = 5
        var steps = TransitionConfig()
        (steps.tolerance, steps.iterations) = (1e-3, 7)
        let implicit = try #require(steps.sampler(sampling, Self.source, codeStd: 1) as? ImplicitSampler)
        #expect(implicit.times.count == 5 && implicit.step == ProximalStep(tolerance: 1e-3, iterations: 7))
        for method in SamplingConfig.Method.allCases {
            sampling.method = method
            for process in [curves, steps] as [any ProcessConfig] where !process.methods.contains(method) {
                #expect(throws: DataError.self) { try process.sampler(sampling, Self.source, codeStd: 1) }
                #expect(sampling.problems(with: process, kind: "this").map(\.path) == ["method"])
            }
        }
        #expect(throws: DataError.self) {
            sampling.method = .implicit
            return try FlowConfig().sampler(sampling, Self.source, codeStd: 1)
        }
    }

    @Test("noise around curves: what is drawn is the curve with its own noise and the noise's own rate")
    func noise() {
        let runs = Trajectories(times: Array(repeating: [0, 1], count: 6), codes: normalDoubles([12, 3], seed: 2))
        let law = SigmaLaw(.arch, scale: 0.4)
        let plain = MultiMarginalObjective(dimension: 3, interpolation: .linear)
        let noisy = MultiMarginalObjective(dimension: 3, interpolation: .linear, sigma: law)
        var (one, two) = (RandomStream(seed: 3, purpose: "minibatch"), RandomStream(seed: 3, purpose: "minibatch"))
        let (curve, drawn) = (plain.draw(runs.packed, &one), noisy.draw(runs.packed, &two))
        #expect(curve.t.doubles == drawn.t.doubles)
        // sigma' / sigma = (1 - 2 t) / (t (1 - t)) is what the velocity has of the distance to the curve.
        let t = drawn.t.converted(to: .double)
        let ratio = (1 - 2 * t) / (t * (1 - t))
        let expected = curve.target + (drawn.x - curve.x) * ratio
        #expect(relativeDifference(drawn.target, expected) < 1e-9)
        #expect(relativeDifference(drawn.x, curve.x) > 1e-2)
    }
}
