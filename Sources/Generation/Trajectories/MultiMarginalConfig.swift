import Basics
import Tensors

/// The settings of multi-marginal flow matching: which checkpoints are knots, and how curves run through them.
public struct MultiMarginalConfig: ProcessConfig {
    /// Where curves begin.
    public enum Start: String, Codable, Sendable, CaseIterable {
        /// In each run's own checkpoint at `firstStep`.
        case recorded
        /// In a draw of the source, which the checkpoints behind step 0 follow.
        case source
    }

    /// Where curves begin.
    public var start = Start.recorded
    /// The training step at t = 0 of curves that begin in a checkpoint.
    public var firstStep = 0
    /// The most knots of a run, its start among them; nil is one for every checkpoint.
    public var marginals: Int?
    /// Exponent of the time of a step.
    public var clock = 1.0
    /// How curves run between knots.
    public var interpolation = Interpolation.notAKnot
    /// Scale of the noise around them.
    public var sigma = 0.0
    /// How the noise runs between knots.
    public var sigmaLaw = SigmaLaw.Kind.bridge
    /// Its least width.
    public var sigmaFloor = 0.0
    /// Which runs' knots a curve joins.
    public var coupling = RunCoupling.identity
    /// Which times training looks at how often.
    public var times = TimeDistribution.uniform

    /// Cubic splines through each run's own checkpoints from its initialisation on, without noise.
    public init() {}

    /// What can be set.
    public static let keys =
        [
            ConfigKey(
                "start", .choice(Start.allCases.map(\.rawValue)),
                "Where curves begin: in each run's own checkpoint, or in a draw of the source that its checkpoints follow"
            ),
            ConfigKey(
                "firstStep", .integer(atLeast: 0),
                "Training step of the checkpoint at time 0, with start: recorded; 0 is the initialisation"),
            ConfigKey(
                "marginals", .optional(.integer(2...1_000_000)),
                "The most knots of a run with its start, evenly chosen among its checkpoints; null: all"),
            KnotRule.clockKey,
            ConfigKey(
                "interpolation", .choice(Interpolation.allCases.map(\.rawValue)), "How curves run between checkpoints"),
            ConfigKey("sigma", .number(atLeast: 0, atMost: 1000), "Scale of the noise around the curves"),
            ConfigKey(
                "sigmaLaw", .choice(SigmaLaw.Kind.allCases.map(\.rawValue)),
                "How the noise runs between checkpoints; all but constant vanish at them"),
            ConfigKey("sigmaFloor", .number(atLeast: 0, atMost: 1000), "Least width of the noise"),
            KnotRule.couplingKey,
        ] + .section("times", TimeDistribution.self)

    /// A first step beside a source at time 0, and noise that has no scale.
    public func problems() -> [ConfigProblem] {
        guard start == .source, firstStep != 0 else { return [] }
        return [ConfigProblem("firstStep", expected: "0 with start: source", found: "\(firstStep)")]
    }
}

extension MultiMarginalConfig {
    /// The solvers, rk4 first.
    public var methods: [SamplingConfig.Method] { [.rk4, .euler, .midpoint, .heun, .dormandPrince] }

    /// The checkpoints that are knots.
    public var knots: KnotRule? {
        switch start {
        case .recorded: KnotRule(start: Int64(firstStep), clock: clock, most: marginals)
        case .source: KnotRule(start: nil, clock: clock, most: marginals.map { $0 - 1 })
        }
    }

    /// A source of any kind; where curves begin in checkpoints, one that draws such.
    public func startStd(codeStd: Double) throws -> Double? { nil }

    /// The regression of the curves' velocity.
    public func objective(_ source: any Source, codeStd: Double) throws -> any Objective {
        MultiMarginalObjective(
            source: start == .source ? source : nil, dimension: source.dimension, interpolation: interpolation,
            sigma: SigmaLaw(sigmaLaw, scale: sigma, floor: sigmaFloor), coupling: coupling, times: times)
    }

    /// The flow's equation by a solver. Throws for other methods.
    public func sampler(_ sampling: SamplingConfig, _ source: any Source, codeStd: Double) throws -> any Sampler {
        guard case .solver(let method) = sampling.method(of: self) else { throw sampling.notOf(self) }
        return FlowSampler(solver: sampling.solver(method, of: self))
    }

    /// Samples start where curves do.
    public func problems(
        coordinates: any CoordinatesConfig, source: any SourceConfig, sampling: SamplingConfig
    ) -> [ConfigProblem] {
        start == .source ? [] : KnotRule.sourceProblems(source, step: firstStep, or: "or set process.start: source")
    }
}

extension KnotRule {
    /// The exponent of time.
    static let clockKey = ConfigKey(
        "clock", .number(above: 0, atMost: 10),
        "Time of a checkpoint is its share of the run's steps to this power; below 1, early steps take more of it")
    /// Which runs' knots belong together.
    static let couplingKey = ConfigKey(
        "coupling", .choice(RunCoupling.allCases.map(\.rawValue)),
        "Whose checkpoints follow each other: a run's own, or those of least squared distance in the minibatch")

    /// What is wrong with a source where samples must start in what training had at a step.
    static func sourceProblems(_ source: any SourceConfig, step: Int, or hint: String = "") -> [ConfigProblem] {
        guard source.startStep != Int64(step) else { return [] }
        let wanted = step == 0 ? "initialization, or checkpoint with step: 0," : "checkpoint with step: \(step)"
        return [
            ConfigProblem(
                "source.kind", expected: "\(wanted) where process.firstStep is \(step)", found: "another source",
                hint: "samples start where the curves do" + (hint.isEmpty ? "" : "; \(hint)"))
        ]
    }
}
