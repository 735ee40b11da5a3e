import Foundation
import Tensors

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
