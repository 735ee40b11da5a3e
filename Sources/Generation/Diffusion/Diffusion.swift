import Basics
import Foundation
import Networks
import Tensors

/// A diffusion: how noise comes in, and what a net learns to say about it.
///
/// x(t) = alpha x1 + sigma eps, eps ~ N(0, I), x1 a code; t = 0 is noise, t = 1 the data.
/// The net is a `VelocityNet` that is given (in x, t) and says eps, x1 or v (`Preconditioning`).
public struct Diffusion: Sendable {
    /// Alpha and sigma over time.
    public let schedule: any NoiseSchedule
    /// What the net is given and says.
    public let preconditioning: Preconditioning
    /// Largest magnitude of predicted data in sampling; nil for none.
    public let clip: Double?

    /// Puts the parts together; traps unless clip > 0.
    public init(schedule: any NoiseSchedule, preconditioning: Preconditioning, clip: Double? = nil) {
        precondition((clip ?? 1) > 0, "diffusion: clip \(clip ?? 0)")
        (self.schedule, self.preconditioning, self.clip) = (schedule, preconditioning, clip)
    }

    /// A variance-preserving diffusion. Traps unless `config.problem` is nil.
    public init(_ config: DDPMConfig) {
        self.init(
            schedule: config.noiseSchedule(), preconditioning: Preconditioning(config.parameterization),
            clip: config.clip)
    }

    /// An EDM diffusion. Traps unless `config.problem` is nil.
    public init(_ config: EDMConfig) {
        self.init(
            schedule: EDMSchedule(config), preconditioning: Preconditioning(.velocity, dataStd: config.dataStd))
    }

    /// Standard deviation of the Gaussian source x(0).
    public var startStd: Double { schedule.startStd }

    /// What `net` has of a point x [B, K] at a level: predicted data and noise.
    func predict(_ net: any VelocityNet, _ parameters: Parameters, _ x: Tensor, _ level: NoiseLevel) -> Prediction {
        let factors = preconditioning.factors(at: level)
        let prediction = factors.prediction(
            at: x, net(parameters, VelocityInput(x * factors.input, at: level.time)))
        return clip.map { prediction.clamped(to: $0, at: x, level) } ?? prediction
    }
}

extension Diffusion {
    /// The levels of a memoryless chain of `steps` steps; the last one has no noise.
    func levels(steps: Int, codeStd: Double) -> [MemorylessChain.Level] {
        let first = atan(schedule.level(at: 0).ratio / codeStd)
        return (0...steps).map { index in
            let ratio = index == steps ? 0 : codeStd * tan(first * (1 - Double(index) / Double(steps)))
            let level = schedule.level(ratio: ratio)
            guard level.sigma > 0 else {
                return .init(alpha: level.alpha, sigma: 0, time: level.time, input: 1, data: 0, noise: 1)
            }
            let factors = preconditioning.factors(at: level)
            return .init(
                alpha: level.alpha, sigma: level.sigma, time: level.time, input: factors.input, data: factors.data,
                noise: factors.noise)
        }
    }
}

extension Diffusion: Objective {
    /// A minibatch: every code at a level of its own, x = in (alpha x1 + sigma eps), target a x1 + b eps, no weights.
    public func draw(_ codes: Tensor, _ stream: inout RandomStream) -> Regression {
        let factors = schedule.draw(codes.shape[0], &stream).map(preconditioning.factors(at:))
        let eps = stream.normal(codes.shape).converted(to: codes.precision)
        func column(_ value: (Preconditioning.Factors) -> Double) -> Tensor {
            Tensor(factors.map(value), shape: [factors.count, 1], precision: codes.precision)
        }
        let point = codes * column { $0.input * $0.level.alpha } + eps * column { $0.input * $0.level.sigma }
        let target = codes * column(\.data) + eps * column(\.noise)
        return Regression(x: point, t: column(\.level.time), target: target, weight: nil)
    }
}

/// The settings of a diffusion; all kinds share their samplers.
public protocol DiffusionConfig: ProcessConfig {
    /// The diffusion for codes of a root mean square. Throws where `check` does.
    func diffusion(codeStd: Double) throws -> Diffusion
}

extension DiffusionConfig {
    /// It is.
    public var isDiffusion: Bool { true }

    /// Where the noise ends.
    public func startStd(codeStd: Double) throws -> Double? { try diffusion(codeStd: codeStd).startStd }

    /// The diffusion itself, whatever the source.
    public func objective(_ source: any Source, codeStd: Double) throws -> any Objective {
        try diffusion(codeStd: codeStd)
    }

    /// The reverse chain, the implicit sampler, Karras et al.'s, or the probability flow by a solver.
    public func sampler(_ sampling: SamplingConfig, _ source: any Source, codeStd: Double) throws -> any Sampler {
        try sampler(sampling, of: try diffusion(codeStd: codeStd))
    }

    /// The reverse chain in even angles of sigma / alpha seen at the data's deviation. Throws for predicted data that are
    /// clamped, whose derivative is none of the net's.
    public func chain(_ source: any Source, codeStd: Double, steps: Int) throws -> MemorylessChain {
        let diffusion = try diffusion(codeStd: codeStd)
        if let clip = diffusion.clip {
            throw DataError(
                .configuration, path: "process.clip", expected: "null, to tune the diffusion to a reward",
                found: "\(clip)")
        }
        return MemorylessChain(
            diffusion.levels(steps: steps, codeStd: codeStd), source: DiagonalGaussian(std: Tensor(1.0)),
            dataStd: codeStd)
    }

    /// The sampler of a given diffusion.
    func sampler(_ sampling: SamplingConfig, of diffusion: Diffusion) throws -> any Sampler {
        switch sampling.method(of: self) {
        case .ancestral:
            return AncestralSampler(
                diffusion, steps: try sampling.fixedSteps(of: self), variance: sampling.variance ?? .posterior)
        case .ddim:
            return DDIMSampler(diffusion, steps: try sampling.fixedSteps(of: self), eta: sampling.eta ?? 0)
        case .solver(.heun):
            var churn = Churn()
            churn.strength = sampling.churn ?? 0
            return HeunDiffusionSampler(diffusion, steps: try sampling.fixedSteps(of: self), churn: churn)
        case .solver(let method):
            return ProbabilityFlowSampler(diffusion, solver: sampling.solver(method, of: self))
        case .eulerMaruyama, .implicit: throw sampling.notOf(self)
        }
    }
}
