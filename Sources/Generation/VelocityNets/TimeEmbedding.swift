import Networks
import Tensors

/// A learned embedding of times: e(t) = W_2 silu(W_1 f(t) + b_1) + b_2, f the `TimeFeatures`.
///
/// Source: Peebles & Xie, Scalable diffusion models with transformers, 2023.
struct TimeEmbedding: Sendable {
    private let features: TimeFeatures
    private let first: Linear
    private let second: Linear

    /// Declares `name.0` and `name.2`; `width` features and as many outputs.
    init(_ name: String, width: Int, layout: inout ParameterLayout.Builder) {
        features = TimeFeatures(width: width)
        first = Linear("\(name).0", in: width, out: width, layout: &layout)
        second = Linear("\(name).2", in: width, out: width, layout: &layout)
    }

    /// t [B, 1] to [B, width].
    func callAsFunction(_ parameters: Parameters, _ t: Tensor) -> Tensor {
        second(parameters, first(parameters, features(t)).silu())
    }
}
