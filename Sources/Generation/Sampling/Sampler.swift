import Networks
import Tensors

/// How a trained net turns draws of the source into codes.
public protocol Sampler: Sendable {
    /// Evaluations of the net for one sample (NFE); nil where they depend on the sample.
    var evaluations: Int? { get }

    /// x(0) [B, K] to x(1) [B, K].
    ///
    /// `noise(step)` gives fresh N(0, I) rows [B, K], each sample's its own; only stochastic samplers call it.
    func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor
    ) -> Tensor

    /// The same map for many calls with the same weights: what does not depend on the start may be done once here.
    func prepared(_ net: any VelocityNet, _ parameters: Parameters) -> PreparedSampler
}

/// A sampler bound to a net and its weights: start [B, K] and fresh noise by step to codes [B, K].
public typealias PreparedSampler = (_ start: Tensor, _ noise: (_ step: Int) -> Tensor) -> Tensor

extension Sampler {
    /// Nothing is prepared.
    public func prepared(_ net: any VelocityNet, _ parameters: Parameters) -> PreparedSampler {
        { start, noise in sample(net, parameters, from: start, noise: noise) }
    }
}
