import Foundation
import Networks
import Tensors

/// EDM's sampler: Heun's method on the probability flow in y = x / alpha and r = sigma / alpha, where dy/dr = eps, with
/// noise churned in before a step if wished. Order 2; the last step, to r = 0, is Euler's.
///
/// A step that leaves most of the noise behind, such as the first of a cosine schedule (from r = 20,000 to 6 in 10
/// steps), is no short step in r: the mean of the two slopes then says nothing of what lies between them. Such a step is
/// Heun's in the angle phi, tan(phi) = r / s, in which the flow is a rotation at even pace (`ProbabilityFlowSampler`).
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
            y =
                isLeap(from: now, to: next)
                ? leap(net, parameters, y, from: now, to: next) : walk(net, parameters, y, from: now, to: next)
            observe?(SampleStep(time: next.time, state: y * next.alpha, noise: drawn))
        }
        return y * (levels.last?.alpha ?? 1)
    }

    /// Whether a step from noise far above the data's spread leaves less than an eighth of it.
    private func isLeap(from now: NoiseLevel, to next: NoiseLevel) -> Bool {
        now.ratio > 8 * diffusion.preconditioning.dataStd && next.ratio < now.ratio / 8 && next.sigma > 0
    }

    private func predict(
        _ net: any VelocityNet, _ parameters: Parameters, _ y: Tensor, _ level: NoiseLevel
    ) -> Prediction {
        diffusion.predict(net, parameters, y * level.alpha, level)
    }

    /// One step in r; Euler's where it ends without noise.
    private func walk(
        _ net: any VelocityNet, _ parameters: Parameters, _ y: Tensor, from now: NoiseLevel, to next: NoiseLevel
    ) -> Tensor {
        let h = next.ratio - now.ratio
        let first = predict(net, parameters, y, now).noise
        let end = y + first * h
        return next.sigma == 0 ? end : y + (first + predict(net, parameters, end, next).noise) * (h / 2)
    }

    /// One step in phi: z = cos(phi) y / s, dz/dphi = cos(phi) eps - sin(phi) x1 / s.
    private func leap(
        _ net: any VelocityNet, _ parameters: Parameters, _ y: Tensor, from now: NoiseLevel, to next: NoiseLevel
    ) -> Tensor {
        let std = diffusion.preconditioning.dataStd
        let (first, last) = (atan(now.ratio / std), atan(next.ratio / std))
        func turn(_ y: Tensor, _ level: NoiseLevel, _ angle: Double) -> Tensor {
            let found = predict(net, parameters, y, level)
            return found.noise * cos(angle) - found.data * (sin(angle) / std)
        }
        let z = y * (cos(first) / std), begin = turn(y, now, first)
        let end = turn((z + begin * (last - first)) * (std / cos(last)), next, last)
        return (z + (begin + end) * ((last - first) / 2)) * (std / cos(last))
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
