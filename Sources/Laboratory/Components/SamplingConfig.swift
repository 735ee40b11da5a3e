import Basics
import Generation

/// Drawing new networks.
public struct SamplingConfig: ComponentConfig {
    /// How the net is followed from the source to the data.
    public enum Method: String, Codable, Sendable, CaseIterable {
        /// A flow's equation, or a diffusion's probability flow, by Euler's method.
        case euler
        /// By the midpoint rule.
        case midpoint
        /// By Heun's method; of a diffusion, Karras et al.'s second-order sampler.
        case heun
        /// By the classical Runge-Kutta method.
        case rk4
        /// By Dormand and Prince's method, with tolerances or in fixed steps.
        case dormandPrince = "dopri5"
        /// A flow's stochastic equation.
        case eulerMaruyama = "euler-maruyama"
        /// A diffusion's reverse chain.
        case ancestral
        /// A diffusion's implicit sampler.
        case ddim
    }

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
    public var variance: AncestralSampler.Variance?
    /// Noise that a diffusion's heun adds.
    public var churn: Double?
    /// Training samples on which made networks get their running statistics, where the zoo's have any.
    public var calibrationCount = 2000

    /// 100 networks by the process's usual method.
    public init() {}

    /// Nine keys.
    public static let keys = [
        ConfigKey("count", .integer(2...1_000_000), "How many networks are generated and judged"),
        ConfigKey(
            "method", .optional(.choice(Method.allCases.map(\.rawValue))),
            "How the net is followed; null: rk4 of a flow, ancestral of ddpm, heun of edm"),
        ConfigKey(
            "steps", .optional(.integer(1...100_000)),
            "Intervals; null: 100 of a solver, 50 of ddim, 18 of a diffusion's heun, all that there are of ancestral, "
                + "as many as the tolerance asks of dopri5"),
        ConfigKey("tolerance", .optional(.number(atLeast: 1e-6, below: 1)), "Error tolerance of dopri5; null: 1e-5"),
        ConfigKey(
            "eta", .optional(.number(atLeast: 0, atMost: 1)), "Noise of ddim: null or 0 adds none, 1 is ancestral"),
        ConfigKey("strength", .optional(.number(atLeast: 0)), "Noise of euler-maruyama; null: 1, 0 is Euler's method"),
        ConfigKey(
            "variance", .optional(.choice(AncestralSampler.Variance.allCases.map(\.rawValue))),
            "Variance of ancestral steps; null: posterior"),
        ConfigKey("churn", .optional(.number(atLeast: 0)), "Noise that a diffusion's heun adds, S_churn; null: none"),
        ConfigKey(
            "calibrationCount", .integer(2...10_000_000),
            "Training samples on which batch norms' running statistics are recomputed for generated networks and baselines, "
                + "where the zoo's networks have any"),
    ]
}

extension SamplingConfig {
    /// The methods that can follow a process, its usual one first.
    static func methods(of process: ProcessConfig) -> [Method] {
        switch process {
        case .flow: [.rk4, .euler, .midpoint, .heun, .dormandPrince, .eulerMaruyama]
        case .ddpm: [.ancestral, .ddim, .heun, .rk4, .euler, .midpoint, .dormandPrince]
        case .edm: [.heun, .ancestral, .ddim, .rk4, .euler, .midpoint, .dormandPrince]
        }
    }

    /// The method in force.
    func method(of process: ProcessConfig) -> Method { method ?? Self.methods(of: process)[0] }

    /// The number of steps in force; of an adaptive method nil.
    func steps(of process: ProcessConfig) -> Int? {
        if let steps { return steps }
        switch (method(of: process), process) {
        case (.dormandPrince, _): return nil
        case (.ancestral, .ddpm(let ddpm)): return ddpm.steps
        case (.ancestral, _): return 1000
        case (.ddim, .ddpm(let ddpm)): return min(50, ddpm.steps)
        case (.ddim, _): return 50
        case (.heun, .ddpm(let ddpm)): return min(18, ddpm.steps)
        case (.heun, .edm): return 18
        default: return 100
        }
    }

    /// What does not go with the process or the method.
    func problems(with process: ProcessConfig) -> [ConfigProblem] {
        let method = method(of: process)
        let known = Self.methods(of: process)
        guard known.contains(method) else {
            let names = known.map(\.rawValue).joined(separator: ", ")
            return [
                ConfigProblem(
                    "method", expected: "one of \(names) with process.kind: \(process.kind)", found: method.rawValue)
            ]
        }
        var problems: [ConfigProblem] = []
        func only(_ key: String, _ value: Any?, with wanted: Method, _ more: Bool = true) {
            guard let value, method != wanted || !more else { return }
            problems.append(
                ConfigProblem(key, expected: "null with method: \(method.rawValue)", found: "\(value)"))
        }
        only("tolerance", tolerance, with: .dormandPrince, steps == nil)
        only("eta", eta, with: .ddim)
        only("strength", strength, with: .eulerMaruyama)
        only("variance", variance?.rawValue, with: .ancestral)
        only("churn", churn, with: .heun, process.kind != "flow")
        let isChain = method == .ancestral || method == .ddim || method == .heun
        if isChain, case .ddpm(let ddpm) = process, ddpm.schedule != .continuous, let steps, steps > ddpm.steps {
            problems.append(
                ConfigProblem("steps", expected: "at most process.steps, \(ddpm.steps)", found: "\(steps)"))
        }
        return problems
    }
}
