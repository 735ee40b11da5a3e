import Foundation
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

/// Sines and cosines of a time: f(t) = [cos(w_0 t), ..., cos(w_{n-1} t), sin(w_0 t), ..., sin(w_{n-1} t)], n = width /
/// 2, w_i = 1000 * 10000^(-i / n).
///
/// Reference: Vaswani et al., Attention is all you need, 2017, section 3.5, in the order and with the frequencies of
/// Peebles & Xie, Scalable diffusion models with transformers, 2023, whose 1000 steps are the unit of t here.
struct TimeFeatures: Sendable {
    /// Number of features.
    let width: Int
    private let frequencies: [Double]

    /// Traps unless the width is even and positive.
    init(width: Int) {
        precondition(width > 0 && width.isMultiple(of: 2), "time features: width \(width)")
        self.width = width
        let half = width / 2
        frequencies = (0..<half).map { 1000 * pow(10_000, -Double($0) / Double(half)) }
    }

    /// Times t [B, 1] to features [B, width].
    func callAsFunction(_ t: Tensor) -> Tensor {
        let angles = t * Tensor(frequencies, shape: [1, frequencies.count], precision: t.precision)
        return .concatenate([angles.cos(), angles.sin()], axis: -1)
    }
}

/// Layer normalisation whose shift and scale come from a condition: y = n(x) (1 + scale) + shift, n without parameters.
///
/// Source: Peebles & Xie, Scalable diffusion models with transformers, 2023 ("modulate").
enum AdaptiveLayerNorm {
    /// - x: [..., B, W]; shift, scale: what broadcasts to it. PyTorch's epsilon of 1e-5 (theirs is 1e-6).
    static func apply(_ x: Tensor, shift: Tensor, scale: Tensor) -> Tensor {
        let width = x.shape[x.rank - 1]
        let normal = x.layerNormalized(
            scale: .ones([width], precision: x.precision), shift: .zeros([width], precision: x.precision))
        return normal * (scale + 1) + shift
    }
}
