import Basics
import Foundation
import Tensors

/// A flow's settings: its path, which start goes to which code, and which times training looks at.
public struct FlowConfig: ProcessConfig {
    /// Shape of the path.
    public var path = Path.Kind.linear
    /// Noise around it.
    public var sigma = 1e-3
    /// Which start belongs to which code.
    public var coupling = Coupling.independent
    /// Which times are looked at how often.
    public var times = TimeDistribution.uniform

    /// DeepWeightFlow's (2026): straight paths with noise 0.001, independent ends, uniform times.
    public init() {}

    /// What can be set.
    public static let keys =
        [
            ConfigKey(
                "path", .choice(Path.Kind.allCases.map(\.rawValue)),
                "Shape of the path from source to data; schrodinger-bridge wants coupling: {kind: sinkhorn}"),
            ConfigKey("sigma", .number(atLeast: 0), "Noise around the path, as its shape has it"),
        ] + .section("coupling", Coupling.self) + .section("times", TimeDistribution.self)

    /// What the coupling says of itself, and a bridge without noise, or between other pairs than an entropic plan's.
    public func problems() -> [ConfigProblem] {
        var problems = coupling.problems().under("coupling")
        guard path == .schrodingerBridge else { return problems }
        if sigma == 0 {
            problems.append(ConfigProblem("sigma", expected: "above 0 with path: \(path.rawValue)", found: "0"))
        }
        if case .sinkhorn = coupling {
        } else {
            problems.append(
                ConfigProblem(
                    "coupling.kind", expected: "sinkhorn with path: \(path.rawValue)", found: coupling.kind,
                    hint: "only bridges between the pairs of an entropic plan make up a Schrodinger bridge; its "
                        + "regularization follows sigma where it is null"))
        }
        return problems
    }
}

extension FlowConfig {
    /// The solvers, rk4 first, and the stochastic equation.
    public var methods: [SamplingConfig.Method] { [.rk4, .euler, .midpoint, .heun, .dormandPrince, .eulerMaruyama] }

    /// A source of any kind.
    public func startStd(codeStd: Double) throws -> Double? { nil }

    /// Starts are exchanged among networks with the same condition only.
    public func check(_ conditions: TrainingConditions) throws { try conditions.check(coupling) }

    /// The regression of the path's velocity.
    public func objective(_ source: any Source, codeStd: Double) throws -> any Objective {
        let path = line
        return FlowObjective(source: source, path: path, coupling: coupling.along(path), times: times)
    }

    /// The flow's equation by a solver, or its stochastic equation. Throws for a diffusion's methods, and where the
    /// stochastic equation's source is not Gaussian.
    public func sampler(_ sampling: SamplingConfig, _ source: any Source, codeStd: Double) throws -> any Sampler {
        switch sampling.method(of: self) {
        case .solver(let method): return FlowSampler(solver: sampling.solver(method, of: self))
        case .eulerMaruyama:
            guard let gaussian = source as? GaussianSource else { throw SamplingConfig.noGaussian }
            return EulerMaruyama(
                path: line, steps: try sampling.fixedSteps(of: self), strength: sampling.strength ?? 1,
                std: gaussian.std)
        case .ancestral, .ddim, .implicit: throw sampling.notOf(self)
        }
    }

    /// The flow's stochastic equation with so much noise that it forgets its start, in even angles of a / b seen at the
    /// data's and the source's deviations. Throws where the source is not Gaussian and independent of the data.
    public func chain(_ source: any Source, codeStd: Double, steps: Int) throws -> MemorylessChain {
        guard coupling == .independent, path != .schrodingerBridge else {
            throw DataError(
                .configuration, path: "process.coupling.kind", expected: "independent, to tune the flow to a reward",
                found: path == .schrodingerBridge ? "a Schrodinger bridge" : coupling.kind,
                hint: "only then does the velocity say where data are denser")
        }
        let gaussian = try source.gaussian()
        let typical = gaussian.std.square().mean().scalar.squareRoot()
        let line = line
        let levels = (0...steps).map { index -> MemorylessChain.Level in
            let angle = Double.pi / 2 * (1 - Double(index) / Double(steps))
            let ratio = tan(angle) * codeStd / typical
            let t = index == 0 ? 0 : index == steps ? 1 : line.time(ofRatio: ratio)
            let at = line.factors(at: t)
            return .init(alpha: at.b, sigma: at.a, time: t, input: 1, data: at.bRate, noise: at.aRate)
        }
        return MemorylessChain(levels, source: gaussian, dataStd: codeStd)
    }

    private var line: Path { Path(path, sigma: sigma) }

    /// A flow's velocity says what its score is only where an independent Gaussian starts it.
    public func problems(
        coordinates: any CoordinatesConfig, source: any SourceConfig, sampling: SamplingConfig
    ) -> [ConfigProblem] {
        guard sampling.method(of: self) == .eulerMaruyama else { return [] }
        var problems: [ConfigProblem] = []
        if !source.isGaussian {
            problems.append(
                ConfigProblem("source.kind", expected: "gaussian with method: euler-maruyama", found: "another source"))
        }
        if path == .schrodingerBridge {
            problems.append(
                ConfigProblem(
                    "process.path", expected: "another path with method: euler-maruyama", found: path.rawValue,
                    hint: "and process.coupling: {kind: independent}"))
        } else if coupling != .independent {
            problems.append(
                ConfigProblem(
                    "process.coupling.kind", expected: "independent with method: euler-maruyama", found: "another"))
        }
        return problems
    }
}
