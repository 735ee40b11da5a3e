import Basics
import Networks
import Tensors

/// What networks compute: their logits on rows of training data, which do not depend on the order of their units.
public struct NetworkBehaviour: Sendable {
    /// The network, without weights.
    public let network: any Network
    /// Rows of data, [R, features].
    public let inputs: Tensor

    /// Watches a network on rows [R, features]. Traps without rows, or on a network with running statistics, which
    /// weights alone do not say.
    public init(_ network: any Network, inputs: Tensor) {
        precondition(
            inputs.rank >= 2 && inputs.shape[0] > 0 && network.layout.bufferCount == 0,
            "NetworkBehaviour: rows \(inputs.shape), \(network.layout.bufferCount) running statistics")
        (self.network, self.inputs) = (network, inputs)
    }

    /// The logits of networks [B, D] on rows by index, [B, R, C], with their mean over the classes taken out: no
    /// probability depends on that.
    func logits(_ weights: Tensor, rows: [Int32]) -> Tensor {
        let logits = network(
            Parameters(layout: network.layout, flat: weights), inputs.gathered(axis: 0, rows))
        return logits - logits.mean(axes: [-1], keepingDims: true)
    }

    /// How much centred logits differ between networks [N, D]: their variance over networks, averaged over all rows and
    /// classes. Looks at no more than the first 100 networks.
    func variance(of weights: Tensor) -> Double {
        let few = weights.sliced(axis: 0, 0..<min(weights.shape[0], 100))
        let all = (0..<inputs.shape[0]).map { Int32(truncatingIfNeeded: $0) }
        return logits(few, rows: all).variance(axes: [0]).mean().scalar
    }
}

/// How far the functions of two networks are apart, as a share of how far those of the zoo's are:
///
/// mean over B, R, C of (f(w)_c - f(v)_c)^2 / variance, f the centred logits; 1 is what the mean function reaches.
struct BehaviourError: Sendable {
    let behaviour: NetworkBehaviour
    /// Of the logits between training networks.
    let variance: Double
    /// From the numbers that an autoencoder sees to weights.
    let weights: @Sendable (Tensor) -> Tensor
    /// Rows that one step looks at.
    let rowCount: Int

    /// [] of decoded and original networks [B, D], on rows drawn from the stream.
    func callAsFunction(_ decoded: Tensor, _ original: Tensor, _ stream: inout RandomStream) -> Tensor {
        let rows = (0..<rowCount).map { _ in
            Int32(truncatingIfNeeded: stream.integer(below: behaviour.inputs.shape[0]))
        }
        let target = behaviour.logits(weights(original), rows: rows)
        return (behaviour.logits(weights(decoded), rows: rows) - target).square().mean() / variance
    }
}
