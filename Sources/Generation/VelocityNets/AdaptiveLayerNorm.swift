import Tensors

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
