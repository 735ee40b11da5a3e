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
