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
