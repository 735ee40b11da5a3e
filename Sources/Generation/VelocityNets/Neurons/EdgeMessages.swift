import Networks
import Tensors

/// What units hear from the units on the other side of a slot of weights:
/// m_i = W_o sum_jc E_ijc phi_c(h_j) / sqrt(J F), phi_c(h) = W_c h + b_c.
///
/// E_ijc is entry c (a kernel's pixel, say) of the weight between units i and j of J; [B, I, J F] as a matrix.
struct EdgeMessages: Sendable {
    /// Position of the listening group.
    let target: Int
    /// Position of the group that is heard.
    let source: Int
    private let values: Linear
    private let output: Linear
    private let features: Int
    private let width: Int

    init(
        _ name: String, target: Int, source: Int, features: Int, width: Int, edgeWidth: Int,
        layout: inout ParameterLayout.Builder
    ) {
        values = Linear("\(name).values", in: width, out: features * edgeWidth, layout: &layout)
        output = Linear("\(name).output", in: edgeWidth, out: width, bias: false, layout: &layout)
        (self.target, self.source, self.features, self.width) = (target, source, features, edgeWidth)
    }

    /// - matrix: E as [B, I, J F]; h: the tokens that are heard, [B, J, W]; returns [B, I, W].
    func callAsFunction(_ parameters: Parameters, _ matrix: Tensor, _ h: Tensor) -> Tensor {
        let terms = h.shape[1] * features
        let heard = values.tokens(parameters, h).reshaped([h.shape[0], terms, width])
        return output.tokens(parameters, matmul(matrix, heard).scaled(by: 1 / Double(terms).squareRoot()))
    }
}

/// The messages of a block along all edges, either way: what a row of tokens hears in all.
struct MessagePassing: Sendable {
    private let messages: [EdgeMessages]
    private let parts: [PackedSlot]
    private let firstUnits: Int

    /// - parts: what stands in a row of tokens [B, T W], the groups of units from `firstUnits` on.
    init(
        _ name: String, _ tokens: NeuronTokens, parts: [PackedSlot], firstUnits: Int, width: Int, edgeWidth: Int,
        layout: inout ParameterLayout.Builder
    ) {
        var messages: [EdgeMessages] = []
        for edge in tokens.edges {
            for (target, source, side) in [
                (edge.ends.first, edge.ends.second, "in"), (edge.ends.second, edge.ends.first, "out"),
            ] {
                messages.append(
                    EdgeMessages(
                        "\(name).\(edge.name).\(side)", target: target, source: source,
                        features: edge.slot.features, width: width, edgeWidth: edgeWidth, layout: &layout))
            }
        }
        (self.messages, self.parts, self.firstUnits) = (messages, parts, firstUnits)
    }

    /// What tokens n [B, T, W] hear, [B, T, W], zero for tokens that are no units; nil where no weight joins two units.
    ///
    /// - matrices: `NeuronTokens.matrices`.
    func callAsFunction(_ parameters: Parameters, _ n: Tensor, _ matrices: [Tensor]) -> Tensor? {
        guard !messages.isEmpty else { return nil }
        let tokens = n.reshaped([n.shape[0], -1]).unpacked(parts)
        var sums = [Tensor?](repeating: nil, count: parts.count)
        for (message, matrix) in zip(messages, matrices) {
            let heard = message(parameters, matrix, tokens[message.source + firstUnits])
            let place = message.target + firstUnits
            sums[place] = sums[place].map { $0 + heard } ?? heard
        }
        let all = zip(sums, tokens).map { sum, token in sum ?? .zeros(token.shape, precision: token.precision) }
        return Tensor.packed(all, parts).reshaped(n.shape)
    }
}

extension NeuronTokens {
    /// Every edge slot's weights [B, I, J, F] as matrices from either side, [B, I, J F] and [B, J, I F].
    static func matrices(_ edges: [Tensor]) -> [Tensor] {
        edges.flatMap { edge in [edge, edge.permuted([0, 2, 1, 3])] }.map { edge in
            edge.reshaped([edge.shape[0], edge.shape[1], -1])
        }
    }
}
