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
    private let messages: MessagePassing
    private let norm2: LayerNorm
    private let expand: Linear
    private let contract: Linear

    /// - parts: the seeds, the network's token and each group's units in a row of tokens [B, T W].
    init(
        _ name: String, _ tokens: NeuronTokens, _ config: GraphAutoencoder.Config, parts: [PackedSlot],
        layout: inout ParameterLayout.Builder
    ) {
        let width = config.width
        norm1 = LayerNorm("\(name).norm1", width: width, layout: &layout)
        attention = MultiHeadAttention("\(name).attention", width: width, heads: config.heads, layout: &layout)
        messages = MessagePassing(
            "\(name).messages", tokens, parts: parts, firstUnits: GraphEncoder.firstUnits, width: width,
            edgeWidth: config.edgeWidth, layout: &layout)
        norm2 = LayerNorm("\(name).norm2", width: width, layout: &layout)
        expand = Linear("\(name).mlp.0", in: width, out: 4 * width, layout: &layout)
        contract = Linear("\(name).mlp.2", in: 4 * width, out: width, layout: &layout)
    }

    /// - h: [B, T, W]; matrices: for every edge slot its weights as seen from either side, [B, I, J F].
    func callAsFunction(_ parameters: Parameters, _ h: Tensor, _ matrices: [Tensor]) -> Tensor {
        let n = norm1(parameters, h)
        var middle = h + attention(parameters, n)
        if let received = messages(parameters, n, matrices) { middle = middle + received }
        return middle + contract.tokens(parameters, expand.tokens(parameters, norm2(parameters, middle)).gelu())
    }
}
