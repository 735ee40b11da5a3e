import Networks
import Tensors

/// Weights to a code that does not depend on the order of units: S learned seeds attend to the tokens of a network's
/// units, and only the seeds are read.
///
///     h_0 = [seeds; W_in x + b by kind],  h_l = block_l(h_(l-1)),  n = norm(h_L)
///     s = seeds of h_L + attention(seeds of n, n),  code = W_out norm(s) + b_out, [B, S, k]
///
/// Attention is a sum over a set and messages are sums over units, so the seeds see the same whatever the order; in
/// floating point up to rounding. Pooling by seeds: Lee et al., Set Transformer, 2019, section 3.2; here the seeds take
/// part in the blocks too, and pool once more what the last block's messages said.
struct GraphEncoder: Sendable {
    /// Position of the first group of units among the parts: after the seeds and the network's token.
    static let firstUnits = 2

    private let tokens: NeuronTokens
    private let seeds: Slot
    private let entries: [Linear?]
    private let starts: [Slot?]
    private let blocks: [GraphBlock]
    private let poolNorm: LayerNorm
    private let pool: MultiHeadAttention
    private let norm: LayerNorm
    private let head: Linear

    /// - outputs: numbers a seed.
    init(
        _ name: String, _ tokens: NeuronTokens, out outputs: Int, config: GraphAutoencoder.Config,
        layout: inout ParameterLayout.Builder
    ) {
        let width = config.width
        self.tokens = tokens
        seeds = layout.addSlot("\(name).seeds", shape: [config.slots, width], role: .embedding)
        var entries: [Linear?] = [], starts: [Slot?] = []
        for (kind, features) in zip(["network"] + tokens.units.map { "units.\($0.name)" }, tokens.features) {
            // A kind without weights of its own (units that only edges know) starts as a learned vector.
            entries.append(
                features > 0 ? Linear("\(name).\(kind).entry", in: features, out: width, layout: &layout) : nil)
            starts.append(
                features > 0 ? nil : layout.addSlot("\(name).\(kind).start", shape: [1, width], role: .embedding))
        }
        (self.entries, self.starts) = (entries, starts)
        let parts =
            [PackedSlot(offset: 0, shape: [config.slots, width])]
            + tokens.parts(width: width).map {
                PackedSlot(offset: $0.offset + config.slots * width, shape: $0.shape)
            }
        blocks = (0..<config.layers).map {
            GraphBlock("\(name).blocks.\($0)", tokens, config, parts: parts, layout: &layout)
        }
        poolNorm = LayerNorm("\(name).pool.norm", width: width, layout: &layout)
        pool = MultiHeadAttention("\(name).pool.attention", width: width, heads: config.heads, layout: &layout)
        norm = LayerNorm("\(name).norm", width: width, layout: &layout)
        head = Linear("\(name).head", in: width, out: outputs, layout: &layout)
    }

    /// [B, D] to [B, S, outputs].
    func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        let batch = x.shape[0]
        let (values, edges) = tokens.read(x)
        let counts = [1] + tokens.units.map(\.count)
        let slots = seeds.shape[0], width = seeds.shape[1]
        var parts = [parameters[seeds].broadcast(to: [batch, slots, width])]
        for (kind, value) in values.enumerated() {
            if let entry = entries[kind], let value {
                parts.append(entry.tokens(parameters, value))
            } else if let start = starts[kind] {
                parts.append(parameters[start].broadcast(to: [batch, counts[kind], width]))
            }
        }
        let matrices = NeuronTokens.matrices(edges)
        var h = Tensor.concatenate(parts, axis: 1)
        for block in blocks { h = block(parameters, h, matrices) }
        let n = poolNorm(parameters, h)
        let pooled = h.sliced(axis: 1, 0..<slots) + pool(parameters, query: n.sliced(axis: 1, 0..<slots), memory: n)
        return head.tokens(parameters, norm(parameters, pooled))
    }
}
