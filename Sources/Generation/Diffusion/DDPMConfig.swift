import Basics
import Foundation

/// The settings of a variance-preserving diffusion; defaults are those of Ho et al. (2020), which p-diff (2024) uses on
/// weights as well. It wants codes of about unit standard deviation.
public struct DDPMConfig: DiffusionConfig {
    /// How noise rises.
    public enum Schedule: String, Codable, Sendable, CaseIterable {
        /// `steps` steps whose betas rise linearly from betaStart to betaEnd (Ho et al. 2020).
        case linear
        /// `steps` steps with cosine products (Nichol and Dhariwal 2021); betaStart and betaEnd are not used.
        case cosine
        /// Continuous time with beta from steps betaStart to steps betaEnd (Song et al. 2021).
        case continuous
    }

    /// How noise rises.
    public var schedule = Schedule.linear
    /// T.
    public var steps = 1000
    /// beta_1.
    public var betaStart = 1e-4
    /// beta_T.
    public var betaEnd = 0.02
    /// What the net says.
    public var parameterization = Parameterization.noise
    /// While sampling, predicted data are clamped to this magnitude; nil leaves them alone. With cosine steps and a
    /// net that says the noise some limit is needed: at the most noise its errors are divided by alpha = 5e-5.
    public var clip: Double?

    /// The settings of Ho et al.
    public init() {}

    /// What is wrong with the settings, or nil.
    public var problem: String? {
        if !(1...100_000).contains(steps) { return "steps must be 1 to 100000, they are \(steps)" }
        if !(betaStart >= 1e-8 && betaEnd >= betaStart && betaEnd < 1) {
            return "1e-8 <= betaStart <= betaEnd < 1, they are \(betaStart), \(betaEnd)"
        }
        // About the log of alpha^2 at the source: below it nothing of the data is left to divide by.
        if schedule != .cosine, Double(steps) * (log1p(-betaStart) + log1p(-betaEnd)) / 2 < Self.leastLogProduct {
            return "\(steps) steps with betas from \(betaStart) to \(betaEnd) leave alpha below 1e-7"
        }
        if let clip, !(clip > 0) { return "clip must be positive, it is \(clip)" }
        return nil
    }

    private static let leastLogProduct = 2 * log(1e-7)

    /// The schedule. Traps unless the config has no problem.
    func noiseSchedule() -> any NoiseSchedule {
        precondition(problem == nil, "DDPM: \(problem ?? "")")
        switch schedule {
        case .linear: return DiscreteSchedule.linear(steps: steps, from: betaStart, to: betaEnd)
        case .cosine: return DiscreteSchedule.cosine(steps: steps)
        case .continuous:
            return ContinuousSchedule(betaMin: betaStart * Double(steps), betaMax: betaEnd * Double(steps))
        }
    }
}

extension DDPMConfig {
    /// What can be set.
    public static let keys = [
        ConfigKey(
            "schedule", .choice(Schedule.allCases.map(\.rawValue)),
            "How noise rises: linear betas, cosine products, or linear betas in continuous time"),
        ConfigKey("steps", .integer(2...100_000), "Steps of the chain"),
        ConfigKey("betaStart", .number(above: 0, below: 1), "First beta"),
        ConfigKey("betaEnd", .number(above: 0, below: 1), "Last beta"),
        ConfigKey(
            "parameterization", .choice(Parameterization.allCases.map(\.rawValue)),
            "What the net says: the noise, the data, or v (Salimans and Ho)"),
        ConfigKey(
            "clip", .optional(.number(above: 0)), "While sampling, predicted codes are clamped to this; null: never"),
    ]

    /// What the schedule cannot be made of, betas that a cosine would not look at, and errors that it would blow up.
    public func problems() -> [ConfigProblem] {
        guard schedule == .cosine else { return ConfigProblem.own(problem) }
        var problems = [("betaStart", betaStart, DDPMConfig().betaStart), ("betaEnd", betaEnd, DDPMConfig().betaEnd)]
            .filter { $0.1 != $0.2 }
            .map { ConfigProblem($0.0, expected: "not to be set with schedule: cosine", found: "\($0.1)") }
        if parameterization == .noise, clip == nil {
            problems.append(
                ConfigProblem(
                    "clip", expected: "a limit of codes with schedule: cosine and parameterization: noise",
                    found: "null",
                    hint: "its first step divides errors by 5e-5; or parameterization: velocity"))
        }
        return problems
    }

    /// The reverse chain first.
    public var methods: [SamplingConfig.Method] {
        [.ancestral, .ddim, .heun, .rk4, .euler, .midpoint, .dormandPrince]
    }

    /// All steps of the chain, or fewer where the method needs fewer.
    public func usualSteps(of method: SamplingConfig.Method) -> Int? {
        switch method {
        case .ancestral: steps
        case .ddim: min(50, steps)
        case .solver(.heun): min(18, steps)
        case .solver(.dormandPrince): nil
        case .solver, .eulerMaruyama, .implicit: 100
        }
    }

    /// A chain has no more steps than it has.
    public func mostSteps(of method: SamplingConfig.Method) -> Int? {
        switch method {
        case .ancestral, .ddim, .solver(.heun): schedule == .continuous ? nil : steps
        case .solver, .eulerMaruyama, .implicit: nil
        }
    }

    /// The diffusion for codes of about unit standard deviation.
    public func diffusion(codeStd: Double) throws -> Diffusion { Diffusion(self) }

    /// Ho et al.'s chain ends in N(0, I) only for codes of unit width.
    public func problems(
        coordinates: any CoordinatesConfig, source: any SourceConfig, sampling: SamplingConfig
    ) -> [ConfigProblem] {
        guard !coordinates.isStandardized else { return [] }
        return [
            ConfigProblem(
                "coordinates.kind", expected: "codes of standard deviation 1 with process.kind: ddpm",
                found: coordinates.shortName,
                hint: "pca with standardize: true, or standardised weights; or process.kind: edm")
        ]
    }
}
