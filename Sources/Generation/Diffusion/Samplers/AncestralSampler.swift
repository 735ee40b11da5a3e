import Networks
import Tensors

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
