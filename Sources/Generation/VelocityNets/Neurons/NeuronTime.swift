import Foundation
import Networks
import Tensors

/// What the net is told of time: c = silu(W_2 silu(W_1 [cos(w_k t), sin(w_k t)] + b_1) + b_2), [B, 1] to [B, width].
///
/// The width / 2 frequencies w_k rise geometrically from 1 to 100. Peebles & Xie, Scalable diffusion models with
/// transformers, 2023, use 0.1 to 1000 (in a t of 0 to 1), whose fast ones say more than a smooth velocity needs.
struct NeuronTime: Sendable {
    private let first: Linear
    private let second: Linear
    private let frequencies: [Double]

    init(_ name: String, width: Int, layout: inout ParameterLayout.Builder) {
        first = Linear("\(name).0", in: width, out: width, layout: &layout)
        second = Linear("\(name).2", in: width, out: width, layout: &layout)
        let count = width / 2
        frequencies = (0..<count).map { pow(100, Double($0) / Double(max(count - 1, 1))) }
    }

    func callAsFunction(_ parameters: Parameters, _ t: Tensor) -> Tensor {
        let phase = t * Tensor(frequencies, shape: [1, frequencies.count], precision: t.precision)
        let waves = Tensor.concatenate([phase.cos(), phase.sin()], axis: 1)
        return second(parameters, first(parameters, waves).silu()).silu()
    }
}
