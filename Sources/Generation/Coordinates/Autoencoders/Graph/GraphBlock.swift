import Networks
import Tensors

/// A norm-first transformer block over seeds, the network's token and its units, which also hear each other along the
/// weights that join them:
///
///     n = norm_1(h), h <- h + attention(n) + messages(n);   h <- h + W_2 gelu(W_1 norm_2(h) + b_1) + b_2
///
/// Nothing tells the units of a group apart but their weights, so reordering units reorders their tokens and leaves the
/// seeds as they are. `NeuronBlock` is the same with time, which an autoencoder has not.
struct GraphBlock: Sendable {
    private let norm1: LayerNorm
    private let attention: MultiHeadAttention
    private let messages: [EdgeMessages]
    private let norm2: LayerNorm
    private let expand: Linear
    private let contract: Linear
    private let parts: [PackedSlot]

    /// - parts: the seeds, the network's token and each group's units in a row of tokens [B, T W].
    init(
        _ name: String, _ tokens: NeuronTokens, _ config: GraphAutoencoder.Config, parts: [PackedSlot],
        layout: inout ParameterLayout.Builder
    ) {
        let width = config.width
        norm1 = LayerNorm("\(name).norm1", width: width, layout: &layout)
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
        norm2 = LayerNorm("\(name).norm2", width: width, layout: &layout)
        expand = Linear("\(name).mlp.0", in: width, out: 4 * width, layout: &layout)
        contract = Linear("\(name).mlp.2", in: 4 * width, out: width, layout: &layout)
        self.parts = parts
    }

    /// - h: [B, T, W]; matrices: for every edge slot its weights as seen from either side, [B, I, J F].
    func callAsFunction(_ parameters: Parameters, _ h: Tensor, _ matrices: [Tensor]) -> Tensor {
        let n = norm1(parameters, h)
        var middle = h + attention(parameters, n)
        if !messages.isEmpty { middle = middle + received(parameters, n, matrices) }
        return middle + contract.tokens(parameters, expand.tokens(parameters, norm2(parameters, middle)).gelu())
    }

    /// The messages to all tokens, [B, T, W]; seeds and the network's token get none.
    private func received(_ parameters: Parameters, _ n: Tensor, _ matrices: [Tensor]) -> Tensor {
        let tokens = n.reshaped([n.shape[0], -1]).unpacked(parts)
        let first = GraphEncoder.firstUnits
        var sums = [Tensor?](repeating: nil, count: parts.count)
        for (message, matrix) in zip(messages, matrices) {
            let heard = message(parameters, matrix, tokens[message.source + first])
            sums[message.target + first] = sums[message.target + first].map { $0 + heard } ?? heard
        }
        let all = zip(sums, tokens).map { sum, token in sum ?? .zeros(token.shape, precision: token.precision) }
        return Tensor.packed(all, parts).reshaped(n.shape)
    }
}
