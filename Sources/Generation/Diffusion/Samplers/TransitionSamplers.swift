import Networks
import Tensors

/// A sampler's step from a level to one with less noise: x' = alpha' x1 + noise eps + fresh z, z ~ N(0, I).
///
/// With the data and noise that the net has of x. Whatever the split, given the true ones x' has variance
/// noise^2 + fresh^2 = sigma'^2 around alpha' x1, unless `fresh` is the forward one.
struct Transition: Equatable {
    /// Of the predicted noise.
    let noise: Double
    /// Of new noise.
    let fresh: Double

    /// The share eta of the posterior's noise is fresh; 0 is a deterministic step.
    ///
    /// The posterior q(x' | x, x1) has variance (sigma_step sigma' / sigma)^2,
    /// sigma_step^2 = sigma^2 - (alpha / alpha')^2 sigma'^2. Reference: Song, Meng, Ermon, Denoising diffusion implicit models, 2021, eq. 12 and 16;
    /// eta = 1 is the DDPM posterior (Ho et al. 2020, eq. 6-7) for any steps.
    init(from level: NoiseLevel, to next: NoiseLevel, eta: Double) {
        let fresh = eta * Self.stepStd(from: level, to: next) * next.sigma / level.sigma
        (noise, self.fresh) = (max(0, next.sigma * next.sigma - fresh * fresh).squareRoot(), fresh)
    }

    /// The posterior's mean with the forward step's noise, beta in DDPM's terms: its larger choice of variance. No
    /// noise in a step to the data.
    init(forwardNoiseFrom level: NoiseLevel, to next: NoiseLevel) {
        noise = Transition(from: level, to: next, eta: 1).noise
        fresh = next.sigma == 0 ? 0 : Self.stepStd(from: level, to: next)
    }

    /// The standard deviation that the diffusion itself adds from `next` to `level`.
    private static func stepStd(from level: NoiseLevel, to next: NoiseLevel) -> Double {
        let kept = level.alpha / next.alpha * next.sigma
        return max(0, level.sigma * level.sigma - kept * kept).squareRoot()
    }
}

extension Diffusion {
    /// Walks from x(0) [B, K] down the levels of `steps` steps.
    func walk(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, steps: Int, noise: (Int) -> Tensor,
        observe: ((SampleStep) -> Void)?,
        _ transition: (_ from: NoiseLevel, _ to: NoiseLevel) -> Transition
    ) -> Tensor {
        let levels = schedule.levels(steps: steps)
        var x = start
        for (step, (level, next)) in zip(levels, levels.dropFirst()).enumerated() {
            let prediction = predict(net, parameters, x, level)
            let move = transition(level, next)
            x = prediction.data * next.alpha + prediction.noise * move.noise
            let drawn = move.fresh > 0 ? noise(step) : nil
            if let drawn { x = x + drawn * move.fresh }
            observe?(SampleStep(time: next.time, state: x, noise: drawn))
        }
        return x
    }
}

/// DDPM's sampler: every step draws from the Gaussian q(x' | x, x1) with the predicted x1.
///
/// Reference: Ho, Jain, Abbeel, Denoising diffusion probabilistic models, 2020, algorithm 2; fewer steps than the
/// diffusion has are evenly spaced (Nichol and Dhariwal 2021). Start: N(0, I).
public struct AncestralSampler: Sampler {
    /// The diffusion that the net was trained on.
    public let diffusion: Diffusion
    /// Number of steps, at most the diffusion's own where it has such.
    public let steps: Int
    /// The noise of a step.
    public let variance: StepVariance

    /// Traps unless steps >= 1.
    public init(_ diffusion: Diffusion, steps: Int, variance: StepVariance = .posterior) {
        precondition(steps >= 1, "ancestral sampler: \(steps) steps")
        (self.diffusion, self.steps, self.variance) = (diffusion, steps, variance)
    }

    /// One a step.
    public var evaluations: Int? { steps }

    /// x(0) [B, K] to x(1) [B, K]; the last step adds no noise.
    public func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor,
        observe: ((SampleStep) -> Void)?
    ) -> Tensor {
        diffusion.walk(net, parameters, from: start, steps: steps, noise: noise, observe: observe) { level, next in
            switch variance {
            case .posterior: Transition(from: level, to: next, eta: 1)
            case .forward: Transition(forwardNoiseFrom: level, to: next)
            }
        }
    }
}

/// DDIM: x' = alpha' x1 + sqrt(sigma'^2 - c^2) eps + c z with predicted x1 and eps, c = eta times the posterior's
/// standard deviation. eta = 0 is deterministic (order 1 in the steps), eta = 1 the ancestral sampler.
///
/// Reference: Song, Meng, Ermon, Denoising diffusion implicit models, 2021, eq. 12 and 16. Steps are evenly spaced and
/// include the noisiest one; the authors' own code leaves that one out.
public struct DDIMSampler: Sampler {
    /// The diffusion that the net was trained on.
    public let diffusion: Diffusion
    /// Number of steps, at most the diffusion's own where it has such.
    public let steps: Int
    /// How much of the posterior's noise is drawn afresh, in [0, 1].
    public let eta: Double

    /// Traps unless steps >= 1 and eta is in [0, 1].
    public init(_ diffusion: Diffusion, steps: Int, eta: Double = 0) {
        precondition(steps >= 1 && eta >= 0 && eta <= 1, "DDIM: \(steps) steps, eta \(eta)")
        (self.diffusion, self.steps, self.eta) = (diffusion, steps, eta)
    }

    /// One a step.
    public var evaluations: Int? { steps }

    /// x(0) [B, K] to x(1) [B, K].
    public func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor,
        observe: ((SampleStep) -> Void)?
    ) -> Tensor {
        diffusion.walk(net, parameters, from: start, steps: steps, noise: noise, observe: observe) {
            Transition(from: $0, to: $1, eta: eta)
        }
    }
}
