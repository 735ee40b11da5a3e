import Networks
import Tensors

/// A code to a network whose units stand in an order of the decoder's own: every unit has a learned query, which tells it
/// from the others of its group.
///
///     h_0 = [W_z z + positions; queries],  h_l = transformer block(h_(l-1)),  u = norm(queries of h_L)
///     x   = mean + W_out u + b_out per unit, by kind;  of weights between units as `GraphEdges`
///
/// The queries take the place of object queries in Carion et al., End-to-end object detection with transformers, 2020.
struct GraphDecoder: Sendable {
    private let tokens: NeuronTokens
    private let entry: Linear
    private let positions: Slot
    private let queries: Slot
    private let blocks: [TransformerBlock]
    private let norm: LayerNorm
    private let heads: [Linear?]
    private let edges: [GraphEdges]
    /// What is written where the rest says nothing, [D]: the mean of the training networks at the start.
    let mean: Slot

    /// - count: D.
    init(
        _ name: String, _ tokens: NeuronTokens, parameterCount count: Int, config: GraphAutoencoder.Config,
        layout: inout ParameterLayout.Builder
    ) {
        let width = config.width
        self.tokens = tokens
        entry = Linear("\(name).entry", in: config.latent, out: width, layout: &layout)
        positions = layout.addSlot("\(name).positions", shape: [config.slots, width], role: .embedding)
        queries = layout.addSlot("\(name).queries", shape: [tokens.count, width], role: .embedding)
        let block = TransformerBlock.Config(width: width, heads: config.heads)
        blocks = (0..<config.layers).map { TransformerBlock("\(name).blocks.\($0)", block, layout: &layout) }
        norm = LayerNorm("\(name).norm", width: width, layout: &layout)
        var heads: [Linear?] = []
        for (kind, features) in zip(["network"] + tokens.units.map { "units.\($0.name)" }, tokens.features) {
            heads.append(
                features > 0 ? Linear("\(name).\(kind).head", in: width, out: features, layout: &layout) : nil)
        }
        self.heads = heads
        edges = tokens.edges.map { edge in
            GraphEdges(
                "\(name).edges.\(edge.name)", features: edge.slot.features, width: width, edgeWidth: config.edgeWidth,
                layout: &layout)
        }
        mean = layout.addSlot("\(name).mean", shape: [count], role: .shift)
    }

    /// The layers that are near zero at the start.
    var closed: [Linear] { heads.compactMap { $0 } + edges.flatMap(\.closed) }

    /// [B, S, k] to [B, D].
    func callAsFunction(_ parameters: Parameters, _ z: Tensor) -> Tensor {
        let batch = z.shape[0], (slots, width) = (positions.shape[0], positions.shape[1])
        let code = entry.tokens(parameters, z) + parameters[positions]
        let asked = parameters[queries].broadcast(to: [batch, tokens.count, width])
        var h = Tensor.concatenate([code, asked], axis: 1)
        for block in blocks { h = block(parameters, h) }
        let units = norm(parameters, h.sliced(axis: 1, slots..<(slots + tokens.count)))
            .reshaped([batch, -1]).unpacked(tokens.parts(width: width))
        let values = zip(heads, units).map { head, unit in head.map { $0.tokens(parameters, unit) } }
        let joined = zip(edges, tokens.edges).map { head, edge in
            head(parameters, units[edge.ends.first + 1], units[edge.ends.second + 1])
        }
        return tokens.write(values, edges: joined) + parameters[mean]
    }
}

/// The weights between two groups of units from their tokens a and b alone:
///
/// e_ij = W_2 gelu(W_a a_i + W_b b_j + b_1) + b_2 + P a_i . Q_c b_j / sqrt(width)
struct GraphEdges: Sendable {
    private let first: Linear
    private let second: Linear
    private let output: Linear
    private let left: Linear
    private let right: Linear
    private let width: Int

    init(_ name: String, features: Int, width: Int, edgeWidth: Int, layout: inout ParameterLayout.Builder) {
        first = Linear("\(name).first", in: width, out: edgeWidth, layout: &layout)
        second = Linear("\(name).second", in: width, out: edgeWidth, bias: false, layout: &layout)
        left = Linear("\(name).left", in: width, out: edgeWidth, bias: false, layout: &layout)
        right = Linear("\(name).right", in: width, out: features * edgeWidth, bias: false, layout: &layout)
        output = Linear("\(name).output", in: edgeWidth, out: features, layout: &layout)
        self.width = edgeWidth
    }

    /// The layers that are near zero at the start.
    var closed: [Linear] { [right, output] }

    /// - a, b: tokens [B, I, W] and [B, J, W]; returns [B, I, J, F].
    func callAsFunction(_ parameters: Parameters, _ a: Tensor, _ b: Tensor) -> Tensor {
        let (batch, i, j) = (a.shape[0], a.shape[1], b.shape[1])
        let both =
            first.tokens(parameters, a).reshaped([batch, i, 1, width])
            + second.tokens(parameters, b).reshaped([batch, 1, j, width])
        let alone = output.tokens(parameters, both.gelu())
        let features = alone.shape[3]
        let agreed = matmul(
            left.tokens(parameters, a),
            right.tokens(parameters, b).reshaped([batch, j * features, width]), transposeB: true)
        return alone + agreed.reshaped(alone.shape).scaled(by: 1 / Double(width).squareRoot())
    }
}
