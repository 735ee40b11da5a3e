import Tensors

/// Sets each element to zero with probability p and scales the others by 1 / (1 - p) (Srivastava et al., 2014).
public struct Dropout: Sendable {
    /// Probability of zero, in [0, 1).
    public let probability: Double

    /// Traps unless 0 <= probability < 1.
    public init(_ probability: Double) {
        precondition(probability >= 0 && probability < 1, "dropout: probability \(probability)")
        self.probability = probability
    }

    /// The identity without a stream (evaluation); otherwise draws the mask from it.
    public func callAsFunction(_ x: Tensor, _ stream: inout RandomStream?) -> Tensor {
        guard probability > 0, stream != nil, let draw = stream?.uniform(x.shape) else { return x }
        let kept = draw.isGreater(than: .full([], probability, precision: draw.precision))
        return x * kept.scaled(by: 1 / (1 - probability))
    }
}
