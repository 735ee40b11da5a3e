import Networks
import Tensors

/// EDM's sampler: Heun's method on the probability flow in y = x / alpha and r = sigma / alpha, where dy/dr = eps, with
/// noise churned in before a step if wished. Order 2; the last step, to r = 0, is Euler's.
///
/// Reference: Karras, Aittala, Aila, Laine, Elucidating the design space of diffusion-based generative models, 2022,
/// algorithms 1 and 2. Start: N(0, startStd^2 I).
public struct HeunDiffusionSampler: Sampler {
    /// The diffusion that the net was trained on.
    public let diffusion: Diffusion
    /// Number of steps.
    public let steps: Int
    /// Noise added before a step.
    public let churn: Churn

    /// Traps unless steps >= 1.
    public init(_ diffusion: Diffusion, steps: Int, churn: Churn = Churn()) {
        precondition(steps >= 1, "Heun sampler: \(steps) steps")
        (self.diffusion, self.steps, self.churn) = (diffusion, steps, churn)
    }

    /// Two a step, one for the last.
    public var evaluations: Int? { 2 * steps - 1 }

    /// x(0) [B, K] to x(1) [B, K].
    public func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor,
        observe: ((SampleStep) -> Void)?
    ) -> Tensor {
        let levels = diffusion.schedule.levels(steps: steps)
        func slope(_ y: Tensor, _ level: NoiseLevel) -> Tensor {
            diffusion.predict(net, parameters, y * level.alpha, level).noise
        }
        var y = start / levels[0].alpha
        for (step, (level, next)) in zip(levels, levels.dropFirst()).enumerated() {
            var now = level
            var drawn: Tensor?
            let growth = churn.growth(at: level.ratio, steps: steps)
            if growth > 1 {
                now = diffusion.schedule.level(ratio: level.ratio * growth)
                let added = (now.ratio * now.ratio - level.ratio * level.ratio).squareRoot()
                let fresh = noise(step)
                y = y + fresh * (added * churn.noise)
                drawn = fresh
            }
            let h = next.ratio - now.ratio
            let first = slope(y, now)
            let end = y + first * h
            y = next.sigma == 0 ? end : y + (first + slope(end, next)) * (h / 2)
            observe?(SampleStep(time: next.time, state: y * next.alpha, noise: drawn))
        }
        return y * (levels.last?.alpha ?? 1)
    }
}

/// How much noise EDM's stochastic sampler adds before a step (S_churn, S_tmin, S_tmax, S_noise).
///
/// Reference: Karras, Aittala, Aila, Laine, Elucidating the design space of diffusion-based generative models, 2022,
/// algorithm 2.
public struct Churn: Codable, Sendable, Equatable {
    /// Over all steps; 0 makes the sampler deterministic.
    public var strength = 0.0
    /// Least sigma / alpha at which noise is added.
    public var from = 0.0
    /// Largest; nil for no bound.
    public var to: Double?
    /// Standard deviation of what is added, relative to what would keep the noise right.
    public var noise = 1.0

    /// None.
    public init() {}

    /// By what the noise at a ratio grows, in a sampler of `steps` steps: 1 + min(strength / steps, sqrt(2) - 1).
    func growth(at ratio: Double, steps: Int) -> Double {
        guard ratio >= from, ratio <= to ?? .infinity else { return 1 }
        return 1 + min(strength / Double(steps), 2.0.squareRoot() - 1)
    }
}
