import Basics
import Tensors

/// The settings of JKOnet*: which checkpoints are learned from, and how implicit steps are solved.
public struct TransitionConfig: ProcessConfig {
    /// The training step at t = 0.
    public var firstStep = 0
    /// The most knots of a run; nil is one for every checkpoint.
    public var marginals: Int?
    /// Exponent of the time of a step.
    public var clock = 1.0
    /// Which runs' knots belong together.
    public var coupling = RunCoupling.identity
    /// Residual of an implicit step that is allowed.
    public var tolerance = 1e-5
    /// Most evaluations of the net in an implicit step.
    public var iterations = 100

    /// Each run's own checkpoints from its initialisation on.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey(
            "firstStep", .integer(atLeast: 0),
            "Training step of the checkpoint at time 0, where samples start; 0 is the initialisation"),
        ConfigKey(
            "marginals", .optional(.integer(2...1_000_000)),
            "The most checkpoints of a run that are learned from, evenly chosen; null: all"),
        KnotRule.clockKey, KnotRule.couplingKey,
        ConfigKey(
            "tolerance", .number(atLeast: 1e-6, below: 1),
            "Residual of an implicit step that is allowed, relative to the point and how far it moved"),
        ConfigKey("iterations", .integer(1...100_000), "Most evaluations of the net in an implicit step"),
    ]
}

extension TransitionConfig {
    /// Implicit steps, and Euler's explicit ones to see what these cost.
    public var methods: [SamplingConfig.Method] { [.implicit, .euler] }

    /// As many implicit steps as runs have intervals between knots, a hundred others.
    public func usualSteps(of method: SamplingConfig.Method) -> Int? { method == .implicit ? nil : 100 }

    /// The checkpoints that are knots.
    public var knots: KnotRule? { KnotRule(start: Int64(firstStep), clock: clock, most: marginals) }

    /// The source draws what training had at the first step.
    public func startStd(codeStd: Double) throws -> Double? { nil }

    /// The regression of implicit steps.
    public func objective(_ source: any Source, codeStd: Double) throws -> any Objective {
        TransitionObjective(dimension: source.dimension, coupling: coupling)
    }

    /// Implicit steps of equal length, of a number that must be set, or Euler's. Throws for other methods.
    public func sampler(_ sampling: SamplingConfig, _ source: any Source, codeStd: Double) throws -> any Sampler {
        guard methods.contains(sampling.method(of: self)) else { throw sampling.notOf(self) }
        let step = ProximalStep(tolerance: tolerance, iterations: iterations)
        switch sampling.method(of: self) {
        case .implicit: return ImplicitSampler(steps: try sampling.fixedSteps(of: self), step: step)
        case .solver(let method): return FlowSampler(solver: sampling.solver(method, of: self))
        case .eulerMaruyama, .ancestral, .ddim: throw sampling.notOf(self)
        }
    }

    /// The same; where no number of steps is set, the steps end at the knots.
    public func sampler(
        _ sampling: SamplingConfig, _ source: any Source, codeStd: Double, knots: [Double]
    ) throws -> any Sampler {
        guard sampling.method(of: self) == .implicit, sampling.steps == nil, knots.count >= 2 else {
            return try sampler(sampling, source, codeStd: codeStd)
        }
        let times = Array(knots.dropFirst())
        guard times.last == 1, zip(knots, times).allSatisfy(<), knots[0] >= 0 else {
            throw DataError(
                .malformed, path: "coordinates", expected: "times of checkpoints that rise to 1", found: "\(knots)")
        }
        return ImplicitSampler(times: times, step: ProximalStep(tolerance: tolerance, iterations: iterations))
    }

    /// Samples start where the runs did.
    public func problems(
        coordinates: any CoordinatesConfig, source: any SourceConfig, sampling: SamplingConfig
    ) -> [ConfigProblem] { KnotRule.sourceProblems(source, step: firstStep) }
}
