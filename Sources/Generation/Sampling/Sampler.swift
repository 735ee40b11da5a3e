import Networks
import Tensors

/// How a trained net turns draws of the source into codes.
public protocol Sampler: Sendable {
    /// Evaluations of the net for one sample (NFE); nil where they depend on the sample.
    var evaluations: Int? { get }

    /// x(0) [B, K] to x(1) [B, K].
    ///
    /// - noise: gives fresh N(0, I) rows [B, K] for a step, each sample's own; only stochastic samplers call it.
    /// - observe: is handed the state after every step, the last of which is what is returned; nil looks at none.
    func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor,
        observe: ((SampleStep) -> Void)?
    ) -> Tensor

    /// The same map for many calls with the same weights: what does not depend on the start may be done once here.
    func prepared(_ net: any VelocityNet, _ parameters: Parameters) -> PreparedSampler
}

/// A sampler bound to a net and its weights: start [B, K] and fresh noise by step to codes [B, K].
public typealias PreparedSampler = (_ start: Tensor, _ noise: (_ step: Int) -> Tensor) -> Tensor

/// Where samples are after one step of a sampler.
public struct SampleStep: Sendable {
    /// The time reached, in (0, 1].
    public let time: Double
    /// x there, [B, K].
    public let state: Tensor
    /// The N(0, I) rows that the step drew, [B, K], before any factor; nil where it drew none.
    public let noise: Tensor?
}

/// The way of samples from the source to the data.
public struct SamplePath: Sendable {
    /// x(0), [B, K].
    public let start: Tensor
    /// The steps in order; the last one's state is the sample.
    public let steps: [SampleStep]
    /// x(1), [B, K]; not finite where adaptive steps could not reach it.
    public let end: Tensor
}

extension Sampler {
    /// x(0) [B, K] to x(1) [B, K], without a look at the states between.
    public func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor
    ) -> Tensor {
        sample(net, parameters, from: start, noise: noise, observe: nil)
    }

    /// The states and noises of the way to the same samples, bit for bit.
    public func path(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor
    ) -> SamplePath {
        var steps: [SampleStep] = []
        let end = sample(net, parameters, from: start, noise: noise) { steps.append($0) }
        return SamplePath(start: start, steps: steps, end: end)
    }

    /// Nothing is prepared.
    public func prepared(_ net: any VelocityNet, _ parameters: Parameters) -> PreparedSampler {
        { start, noise in sample(net, parameters, from: start, noise: noise, observe: nil) }
    }
}
