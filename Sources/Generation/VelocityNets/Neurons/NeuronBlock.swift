import Foundation
import Networks
import Tensors

/// A transformer block that time modulates (adaLN-zero): with (s, r, g, s', r', g') = W c + b of the time's features c,
///
///     n = layer_norm(h) (1 + r) + s,   h <- h + g (attention(n) + messages(n)),
///     n = layer_norm(h) (1 + r') + s', h <- h + g' W_2 gelu(W_1 n + b_1) + b_2,
///
/// W and b are zero at the start, so that the block is the identity. Peebles & Xie, Scalable diffusion models with
/// transformers, 2023, section 3.2; messages along edges are ours.
struct NeuronBlock: Sendable {
    private let modulation: Linear
    private let attention: MultiHeadAttention
    private let messages: MessagePassing
    private let expand: Linear
    private let contract: Linear

    init(
        _ name: String, _ tokens: NeuronTokens, _ config: NeuronTransformer.Config,
        layout: inout ParameterLayout.Builder
    ) {
        let width = config.width
        modulation = Linear("\(name).modulation", in: width, out: 6 * width, layout: &layout)
        attention = MultiHeadAttention("\(name).attention", width: width, heads: config.heads, layout: &layout)
        messages = MessagePassing(
            "\(name).messages", tokens, parts: tokens.parts(width: width), firstUnits: 1, width: width,
            edgeWidth: config.edgeWidth, layout: &layout)
        expand = Linear("\(name).mlp.0", in: width, out: config.hidden, layout: &layout)
        contract = Linear("\(name).mlp.2", in: config.hidden, out: width, layout: &layout)
    }

    /// The layer that is zero at the start.
    var closed: [Linear] { [modulation] }

    /// - h: [B, T, W]; c: [B, W]; matrices: for every edge slot its weights as seen from either side.
    func callAsFunction(_ parameters: Parameters, _ h: Tensor, _ c: Tensor, _ matrices: [Tensor]) -> Tensor {
        let (batch, width) = (h.shape[0], h.shape[2])
        let slots = (0..<6).map { PackedSlot(offset: $0 * width, shape: [width]) }
        let m = modulation(parameters, c).unpacked(slots)
        func gate(_ x: Tensor) -> Tensor { x.reshaped([batch, 1, width]) }
        var n = h.layerNormalized(scale: m[1] + 1, shift: m[0])
        var heard = attention(parameters, n)
        if let received = messages(parameters, n, matrices) { heard = heard + received }
        let middle = h + heard * gate(m[2])
        n = middle.layerNormalized(scale: m[4] + 1, shift: m[3])
        let answer = contract.tokens(parameters, expand.tokens(parameters, n).gelu())
        return middle + answer * gate(m[5])
    }
}

/// What the net is given of time, [B, 1] to [B, width]: e = W_2 silu(W_1 [cos(w_k t), sin(w_k t)] + b_1) + b_2.
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
        return second(parameters, first(parameters, waves).silu())
    }
}
