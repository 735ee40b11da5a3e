import Basics

/// Drawing new networks.
public struct SamplingConfig: ComponentConfig {
    /// How many.
    public var count = 100
    /// The method; nil is the process's usual one.
    public var method: Method?
    /// Intervals; nil is the method's usual number.
    public var steps: Int?
    /// Error tolerance of dopri5.
    public var tolerance: Double?
    /// Noise of ddim: 0 is deterministic, 1 ancestral.
    public var eta: Double?
    /// Noise of euler-maruyama.
    public var strength: Double?
    /// Variance of the ancestral chain's steps.
    public var variance: StepVariance?
    /// Noise that a diffusion's heun adds.
    public var churn: Double?
    /// Scale of guidance towards a condition; nil is 1, the conditional velocity.
    public var guidance: Double?
    /// How far samplers move away from what the net said after `training.guideStep` steps; nil: 1, not at all.
    public var autoguidance: Double?
    /// Training samples on which made networks get their running statistics, where the zoo's have any.
    public var calibrationCount = 2000

    /// 100 networks by the process's usual method.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey("count", .integer(2...1_000_000), "How many networks are generated and judged"),
        ConfigKey(
            "method", .optional(.choice(Method.allCases.map(\.rawValue))),
            "How the net is followed; null: rk4 of a flow, ancestral of ddpm, heun of edm, implicit of jko"),
        ConfigKey(
            "steps", .optional(.integer(1...100_000)),
            "Intervals; null: 100 of a solver, 50 of ddim, 18 of a diffusion's heun, all that there are of ancestral, "
                + "as many as the tolerance asks of dopri5, those between the checkpoints of implicit"),
        ConfigKey("tolerance", .optional(.number(atLeast: 1e-6, below: 1)), "Error tolerance of dopri5; null: 1e-5"),
        ConfigKey(
            "eta", .optional(.number(atLeast: 0, atMost: 1)), "Noise of ddim: null or 0 adds none, 1 is ancestral"),
        ConfigKey("strength", .optional(.number(atLeast: 0)), "Noise of euler-maruyama; null: 1, 0 is Euler's method"),
        ConfigKey(
            "variance", .optional(.choice(StepVariance.allCases.map(\.rawValue))),
            "Variance of ancestral steps; null: posterior"),
        ConfigKey("churn", .optional(.number(atLeast: 0)), "Noise that a diffusion's heun adds, S_churn; null: none"),
        ConfigKey(
            "guidance", .optional(.number(atLeast: 0)),
            "How far samples are driven towards what is asked; null or 1: as it was learned, 0: not at all"),
        ConfigKey(
            "autoguidance", .optional(.number(atLeast: 0, atMost: 100)),
            "w of v + (w - 1) (v - v_early), v_early that of the weights of training.guideStep; null: 1, none"),
        ConfigKey(
            "calibrationCount", .integer(2...10_000_000),
            "Training samples on which batch norms' running statistics are recomputed for generated networks and baselines, "
                + "where the zoo's networks have any"),
    ]
}

extension SamplingConfig {
    /// How the net is followed from the source to the data.
    public enum Method: RawRepresentable, Codable, Sendable, Hashable, CaseIterable {
        /// A flow's equation, or a diffusion's probability flow, by a solver; Heun's method of a diffusion is Karras et
        /// al.'s second-order sampler, Dormand and Prince's has tolerances or fixed steps.
        case solver(Solver.Method)
        /// A flow's stochastic equation.
        case eulerMaruyama
        /// A diffusion's reverse chain.
        case ancestral
        /// A diffusion's implicit sampler.
        case ddim
        /// Implicit steps of the velocity: proximal steps of a potential.
        case implicit

        /// The solvers, then the others.
        public static let allCases: [Method] =
            Solver.Method.allCases.map(Method.solver) + [.eulerMaruyama, .ancestral, .ddim, .implicit]

        /// The method of a name, if there is one.
        public init?(rawValue name: String) {
            guard let method = Self.allCases.first(where: { $0.rawValue == name }) else { return nil }
            self = method
        }

        /// The name.
        public var rawValue: String {
            switch self {
            case .solver(let method): method.rawValue
            case .eulerMaruyama: "euler-maruyama"
            case .ancestral: "ancestral"
            case .ddim: "ddim"
            case .implicit: "implicit"
            }
        }

        /// Euler's method.
        public static let euler = Method.solver(.euler)
        /// The midpoint rule.
        public static let midpoint = Method.solver(.midpoint)
        /// Heun's method.
        public static let heun = Method.solver(.heun)
        /// The classical Runge-Kutta method.
        public static let rk4 = Method.solver(.rk4)
        /// Dormand and Prince's method.
        public static let dormandPrince = Method.solver(.dormandPrince)
    }

    /// The method in force.
    public func method(of process: any ProcessConfig) -> Method { method ?? process.methods[0] }

    /// The number of intervals in force; nil: as many as the tolerance asks for.
    public func steps(of process: any ProcessConfig) -> Int? {
        steps ?? process.usualSteps(of: method(of: process))
    }

    /// The same for a method whose steps nothing adapts. Throws `DataError` where there is no number of them.
    func fixedSteps(of process: any ProcessConfig) throws -> Int {
        if let steps = steps(of: process) { return steps }
        throw DataError(
            .configuration, path: "sampling.steps",
            expected: "a number of intervals with method: \(method(of: process).rawValue)", found: "null")
    }

    /// A solver with the steps or the tolerance in force.
    func solver(_ method: Solver.Method, of process: any ProcessConfig) -> Solver {
        if let steps = steps(of: process) { return Solver(method, steps: steps) }
        let tolerance = tolerance ?? Tolerance().relative
        return Solver(adaptive: Tolerance(relative: tolerance, absolute: tolerance))
    }

    /// The error for a method that cannot follow the process.
    func notOf(_ process: any ProcessConfig) -> DataError {
        DataError(
            .configuration, path: "sampling.method", expected: "one of \(Self.names(process.methods))",
            found: method(of: process).rawValue)
    }

    /// The error for a stochastic equation that does not start from a Gaussian.
    static let noGaussian = DataError(
        .configuration, path: "source.kind", expected: "gaussian with method: euler-maruyama", found: "another source")

    private static func names(_ methods: [Method]) -> String { methods.map(\.rawValue).joined(separator: ", ") }

    /// What does not go with the process, whose kind is called `kind`, or with the method.
    public func problems(with process: any ProcessConfig, kind: String) -> [ConfigProblem] {
        let method = method(of: process)
        guard process.methods.contains(method) else {
            let names = Self.names(process.methods)
            return [
                ConfigProblem("method", expected: "one of \(names) with process.kind: \(kind)", found: method.rawValue)
            ]
        }
        var problems: [ConfigProblem] = []
        func only(_ key: String, _ value: Any?, with owner: Method, _ more: Bool = true) {
            guard let value, method != owner || !more else { return }
            problems.append(ConfigProblem(key, expected: "null with method: \(method.rawValue)", found: "\(value)"))
        }
        only("tolerance", tolerance, with: .dormandPrince, steps == nil)
        only("eta", eta, with: .ddim)
        only("strength", strength, with: .eulerMaruyama)
        only("variance", variance?.rawValue, with: .ancestral)
        only("churn", churn, with: .heun, process.isDiffusion)
        if let most = process.mostSteps(of: method), let steps, steps > most {
            problems.append(
                ConfigProblem("steps", expected: "at most process.steps, \(most)", found: "\(steps)"))
        }
        return problems
    }
}

/// The noise of a step of a diffusion's reverse chain.
public enum StepVariance: String, Codable, Sendable, CaseIterable {
    /// The posterior's given x1, beta~: right where the data are one point.
    case posterior
    /// The forward step's, beta: right where the data are N(0, I).
    case forward
}
