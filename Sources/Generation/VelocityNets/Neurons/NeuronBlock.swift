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
    private let messages: [EdgeMessages]
    private let expand: Linear
    private let contract: Linear
    private let parts: [PackedSlot]

    init(
        _ name: String, _ tokens: NeuronTokens, _ config: NeuronTransformer.Config,
        layout: inout ParameterLayout.Builder
    ) {
        let width = config.width
        modulation = Linear("\(name).modulation", in: width, out: 6 * width, layout: &layout)
        attention = MultiHeadAttention("\(name).attention", width: width, heads: config.heads, layout: &layout)
        var messages: [EdgeMessages] = []
        for edge in tokens.edges {
            for (target, source, side) in [
                (edge.ends.first, edge.ends.second, "in"), (edge.ends.second, edge.ends.first, "out"),
            ] {
                messages.append(
                    EdgeMessages(
                        "\(name).messages.\(edge.name).\(side)", target: target, source: source,
                        features: edge.slot.features, width: width, edgeWidth: config.edgeWidth, layout: &layout))
            }
        }
        self.messages = messages
        expand = Linear("\(name).mlp.0", in: width, out: config.hidden, layout: &layout)
        contract = Linear("\(name).mlp.2", in: config.hidden, out: width, layout: &layout)
        parts = tokens.parts(width: width)
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
        if !messages.isEmpty { heard = heard + told(parameters, n, matrices) }
        let middle = h + heard * gate(m[2])
        n = middle.layerNormalized(scale: m[4] + 1, shift: m[3])
        let answer = contract.tokens(parameters, expand.tokens(parameters, n).gelu())
        return middle + answer * gate(m[5])
    }

    /// The messages to all tokens, [B, T, W].
    private func told(_ parameters: Parameters, _ n: Tensor, _ matrices: [Tensor]) -> Tensor {
        let flat = n.reshaped([n.shape[0], -1])
        let tokens = flat.unpacked(parts)
        var sums = [Tensor?](repeating: nil, count: parts.count)
        for (message, matrix) in zip(messages, matrices) {
            let heard = message(parameters, matrix, tokens[message.source + 1])
            sums[message.target + 1] = sums[message.target + 1].map { $0 + heard } ?? heard
        }
        let all = zip(sums, tokens).map { sum, token in sum ?? .zeros(token.shape, precision: token.precision) }
        return Tensor.packed(all, parts).reshaped(n.shape)
    }
}
