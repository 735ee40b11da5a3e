import Basics
import Foundation
import Tensors

/// The settings of an EDM diffusion; defaults are those of Karras et al. (2022), for data of standard deviation 0.5.
public struct EDMConfig: DiffusionConfig {
    /// Standard deviation of the data, which preconditioning expects.
    public var dataStd = 0.5
    /// Least noise of a sampler before the last step, which leads to none.
    public var sigmaMin = 0.002
    /// Noise of the source.
    public var sigmaMax = 80.0
    /// How much denser a sampler's levels are at little noise; 1 spaces them evenly.
    public var rho = 7.0
    /// Mean of the log noise in training.
    public var logMean = -1.2
    /// Standard deviation of the log noise in training.
    public var logStd = 1.2
    /// Whether all noises are scaled from `dataStd` to the codes' measured standard deviation.
    public var rescale = true

    /// The published settings.
    public init() {}

    /// The same settings for data of another standard deviation: all noises grow with it.
    public func scaled(toDataStd std: Double) -> EDMConfig {
        let factor = std / dataStd
        var scaled = self
        scaled.dataStd = std
        scaled.sigmaMin *= factor
        scaled.sigmaMax *= factor
        scaled.logMean += log(factor)
        return scaled
    }

    /// The root mean square of codes [N, K], 1 where they are all zero: what `dataStd` stands for.
    public static func dataStd(of codes: Tensor) -> Double {
        let std = codes.square().mean().scalar.squareRoot()
        return std > 0 ? std : 1
    }

    /// What is wrong with the settings, or nil.
    public var problem: String? {
        // Within these bounds no noise level leaves the range of single precision.
        if !(1e-9...1e9).contains(dataStd) { return "dataStd must be 1e-9 to 1e9, it is \(dataStd)" }
        if !(sigmaMin >= 1e-9 && sigmaMax > sigmaMin && sigmaMax <= 1e9) {
            return "1e-9 <= sigmaMin < sigmaMax <= 1e9, they are \(sigmaMin), \(sigmaMax)"
        }
        if !(1...100).contains(rho) { return "rho must be 1 to 100, it is \(rho)" }
        if !(-20...20).contains(logMean) { return "logMean must be -20 to 20, it is \(logMean)" }
        return (0...5).contains(logStd) ? nil : "logStd must be 0 to 5, it is \(logStd)"
    }
}

extension EDMConfig {
    /// What can be set.
    public static let keys = [
        ConfigKey("dataStd", .number(above: 0), "Standard deviation of the data that the noises are meant for"),
        ConfigKey("sigmaMin", .number(above: 0), "Least noise of a sampler before the predicted codes"),
        ConfigKey("sigmaMax", .number(above: 0), "Noise of the source"),
        ConfigKey(
            "rho", .number(above: 0), "How much denser the levels of heun, ancestral and ddim are at little noise"),
        ConfigKey("logMean", .number(), "Mean of the log noise in training"),
        ConfigKey("logStd", .number(atLeast: 0), "Standard deviation of the log noise in training"),
        ConfigKey("rescale", .flag, "Scale all noises from dataStd to the codes' own standard deviation"),
    ]

    /// What no noise can be made of.
    public func problems() -> [ConfigProblem] { ConfigProblem.own(problem) }

    /// Karras et al.'s sampler first.
    public var methods: [SamplingConfig.Method] {
        [.heun, .ancestral, .ddim, .rk4, .euler, .midpoint, .dormandPrince]
    }

    /// As many as the method needs.
    public func usualSteps(of method: SamplingConfig.Method) -> Int? {
        switch method {
        case .ancestral: 1000
        case .ddim: 50
        case .solver(.heun): 18
        case .solver(.dormandPrince): nil
        case .solver, .eulerMaruyama, .implicit: 100
        }
    }

    /// Throws `DataError` where noises that follow the codes' root mean square leave the range of single precision.
    public func check(codeStd: Double) throws {
        guard let problem = config(codeStd: codeStd).problem else { return }
        throw DataError(
            .configuration, path: "process",
            expected: "noises that can be scaled to codes of root mean square \(NumberText.significant(codeStd))",
            found: problem, hint: "set process.sigmaMin, sigmaMax or logMean nearer to dataStd, or rescale: false")
    }

    /// The diffusion, its noises scaled to the codes where `rescale`.
    public func diffusion(codeStd: Double) throws -> Diffusion {
        try check(codeStd: codeStd)
        return Diffusion(config(codeStd: codeStd))
    }

    private func config(codeStd: Double) -> EDMConfig { rescale ? scaled(toDataStd: codeStd) : self }

    /// Solvers walk a diffusion's probability flow in even angles, whatever `rho` is.
    public func problems(
        coordinates: any CoordinatesConfig, source: any SourceConfig, sampling: SamplingConfig
    ) -> [ConfigProblem] {
        guard rho != EDMConfig().rho else { return [] }
        let method = sampling.method(of: self)
        guard ![.heun, .ancestral, .ddim].contains(method) else { return [] }
        return [
            ConfigProblem(
                "process.rho", expected: "not to be set with sampling.method: \(method.rawValue)", found: "\(rho)",
                hint: "it spaces the levels of heun, ancestral and ddim")
        ]
    }
}

/// The noise levels of EDM: x = x1 + sigma eps, log sigma ~ N(logMean, logStd^2) in training, and
/// sigma_i = (sigmaMax^(1/rho) + i / (N - 1) (sigmaMin^(1/rho) - sigmaMax^(1/rho)))^rho, sigma_N = 0 in sampling.
///
/// The net is given t = log(sigmaMax / sigma) / log(sigmaMax / sigmaMin), in [0, 1] between the bounds: a linear
/// function of EDM's c_noise = log(sigma) / 4, so that nets are given times of one kind by flows and diffusions.
/// Reference: Karras, Aittala, Aila, Laine, Elucidating the design space of diffusion-based generative models, 2022,
/// eq. 5 and table 1.
public struct EDMSchedule: NoiseSchedule, Equatable {
    /// Bounds, spacing and training distribution.
    public let config: EDMConfig

    /// Traps unless the config has no problem.
    public init(_ config: EDMConfig) {
        precondition(config.problem == nil, "EDM: \(config.problem ?? "")")
        self.config = config
    }

    /// sigmaMax.
    public var startStd: Double { config.sigmaMax }

    private var range: Double { log(config.sigmaMax / config.sigmaMin) }

    /// Log sigma falls linearly in t; sigmaMin at t = 1.
    public func level(at time: Double) -> NoiseLevel {
        NoiseLevel(alpha: 1, sigma: config.sigmaMax * exp(-range * time), time: time)
    }

    /// sigma = ratio; beyond the bounds the time of the nearer one.
    public func level(ratio: Double) -> NoiseLevel {
        NoiseLevel(alpha: 1, sigma: ratio, time: min(max(time(of: ratio), 0), 1))
    }

    private func time(of sigma: Double) -> Double { sigma > 0 ? log(config.sigmaMax / sigma) / range : 1 }

    /// sigma_0 ... sigma_N. Traps unless steps >= 1.
    public func levels(steps: Int) -> [NoiseLevel] {
        precondition(steps >= 1, "EDM: \(steps) sampling steps")
        let (first, last) = (pow(config.sigmaMax, 1 / config.rho), pow(config.sigmaMin, 1 / config.rho))
        let span = Double(max(steps - 1, 1))
        let sigmas = (0..<steps).map { pow(first + Double($0) / span * (last - first), config.rho) } + [0]
        return sigmas.map(level(ratio:))
    }

    /// Log-normal sigmas. The few beyond the bounds are given as what they are, by times a little outside [0, 1].
    public func draw(_ count: Int, _ stream: inout RandomStream) -> [NoiseLevel] {
        stream.normal([count]).doubles.map {
            let sigma = exp(config.logMean + config.logStd * $0)
            return NoiseLevel(alpha: 1, sigma: sigma, time: time(of: sigma))
        }
    }
}
