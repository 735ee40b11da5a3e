import Networks
import Tensors

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
