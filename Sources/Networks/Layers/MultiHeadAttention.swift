import Tensors

/// Attention of several heads between learned projections: concat_h(softmax(q_h k_h' / sqrt(d)) v_h) W_o' + b_o, with
/// q = x W_q' + b_q and so on, head h being columns h d ..< (h + 1) d, d = width / heads.
///
/// Vaswani et al., Attention is all you need, 2017, section 3.2.2. Slots and results as PyTorch's
/// `nn.MultiheadAttention` with `batch_first`; boolean masks say which keys take part, PyTorch's which do not.
/// `Initialization` draws its weights as those of any linear layer; PyTorch uses Xavier's bounds for the inputs here,
/// and zero biases.
public struct MultiHeadAttention: Sendable {
    /// W_q, W_k, W_v one below the other, [3 width, width].
    public let inputWeight: Slot
    /// b_q, b_k, b_v, [3 width].
    public let inputBias: Slot
    /// W_o and b_o.
    public let output: Linear
    /// Features of a token.
    public let width: Int
    /// Number of heads.
    public let heads: Int
    /// Fused or plain; both agree to rounding.
    public let form: AttentionForm
    /// Of the attention weights, in training; uses the plain form.
    public let dropout: Dropout

    /// Declares `name.in_proj_weight`, `name.in_proj_bias`, `name.out_proj.weight`, `name.out_proj.bias`; traps unless
    /// heads divide the width. An empty name leaves out the prefix. The heads form a symmetry group; `group` is that of
    /// the features of a token, of inputs and outputs alike.
    public init(
        _ name: String, width: Int, heads: Int, dropout: Double = 0, form: AttentionForm = .fused,
        layout: inout ParameterLayout.Builder, group: Int? = nil
    ) {
        precondition(heads > 0 && width > 0 && width % heads == 0, "attention: \(heads) heads of width \(width)")
        let prefix = name.isEmpty ? "" : name + "."
        let own = layout.addGroup("\(prefix)heads", size: heads, scaling: .none)
        let blocks = [0: GroupAction(.incoming, repeats: 3, block: width / heads)]
        inputWeight = layout.addSlot(
            "\(prefix)in_proj_weight", shape: [3 * width, width], role: .weight, axes: [own, group], actions: blocks)
        inputBias = layout.addSlot(
            "\(prefix)in_proj_bias", shape: [3 * width], role: .bias, axes: [own], actions: blocks)
        output = Linear(
            "\(prefix)out_proj", in: width, out: width, layout: &layout, inputGroup: own, outputGroup: group,
            inputBlock: width / heads)
        (self.width, self.heads, self.form, self.dropout) = (width, heads, form, Dropout(dropout))
    }

    /// Self-attention.
    ///
    /// - x: [B, T, W], or [P, B, T, W] for a population ([B, T, W] is shared by it); returns the same, with P for a
    ///   population.
    /// - mask: broadcasts to [B, H, T, T], or [P, B, H, T, T].
    /// - pass: in training the attention weights are dropped out.
    public func callAsFunction(
        _ parameters: Parameters, _ x: Tensor, mask: AttentionMask? = nil, pass: inout ForwardPass
    ) -> Tensor {
        parameters.note(x, of: inputWeight)
        let projected = linearOfTokens(x, weight: parameters[inputWeight], bias: parameters[inputBias])
        let parts = headsOf(projected, 3)
        return attend(parameters, parts[0], parts[1], parts[2], mask, &pass)
    }

    /// Self-attention with dropout from one stream; none in evaluation.
    public func callAsFunction(
        _ parameters: Parameters, _ x: Tensor, mask: AttentionMask? = nil, stream: inout RandomStream?
    ) -> Tensor {
        ForwardPass.drawing(from: &stream) { self(parameters, x, mask: mask, pass: &$0) }
    }

    /// Self-attention without dropout.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, mask: AttentionMask? = nil) -> Tensor {
        var pass = ForwardPass.evaluation()
        return self(parameters, x, mask: mask, pass: &pass)
    }

    /// Cross-attention: queries [B, T, W] (or [P, B, T, W]) to keys and values of a memory [B, S, W] (or [P, B, S, W]).
    ///
    /// - mask: broadcasts to [B, H, T, S], or [P, B, H, T, S]; returns [B, T, W], or [P, B, T, W].
    public func callAsFunction(
        _ parameters: Parameters, query: Tensor, memory: Tensor, mask: AttentionMask? = nil, pass: inout ForwardPass
    ) -> Tensor {
        let weight = parts(of: parameters[inputWeight], [[width, width], [2 * width, width]])
        let bias = parts(of: parameters[inputBias], [[width], [2 * width]])
        let q = headsOf(linearOfTokens(query, weight: weight[0], bias: bias[0]), 1)
        let kv = headsOf(linearOfTokens(memory, weight: weight[1], bias: bias[1]), 2)
        return attend(parameters, q[0], kv[0], kv[1], mask, &pass)
    }

    /// Cross-attention with dropout from one stream; none in evaluation.
    public func callAsFunction(
        _ parameters: Parameters, query: Tensor, memory: Tensor, mask: AttentionMask? = nil,
        stream: inout RandomStream?
    ) -> Tensor {
        ForwardPass.drawing(from: &stream) { self(parameters, query: query, memory: memory, mask: mask, pass: &$0) }
    }

    /// Cross-attention without dropout.
    public func callAsFunction(
        _ parameters: Parameters, query: Tensor, memory: Tensor, mask: AttentionMask? = nil
    ) -> Tensor {
        var pass = ForwardPass.evaluation()
        return self(parameters, query: query, memory: memory, mask: mask, pass: &pass)
    }

    /// The weights of self-attention, [B, H, T, T], or [P, B, H, T, T] for a population.
    public func weights(_ parameters: Parameters, _ x: Tensor, mask: AttentionMask? = nil) -> Tensor {
        let parts = headsOf(linearOfTokens(x, weight: parameters[inputWeight], bias: parameters[inputBias]), 3)
        return attentionWeights(parts[0], parts[1], mask: mask)
    }

    private func attend(
        _ parameters: Parameters, _ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: AttentionMask?,
        _ pass: inout ForwardPass
    ) -> Tensor {
        let joined: Tensor
        if dropout.acts(in: pass) {
            joined = matmul(dropout(attentionWeights(q, k, mask: mask), &pass), v)
        } else {
            joined = scaledDotProductAttention(q, k, v, mask: mask, form: form)
        }
        let tokens = Self.swappingHeads(joined)
        return output.tokens(parameters, tokens.reshaped(Shape(tokens.shape.array.dropLast(2) + [width])))
    }

    /// `[..., T, count W]` as `count` views `[..., H, T, d]`; their gradients come together in one piece.
    private func headsOf(_ x: Tensor, _ count: Int) -> [Tensor] {
        let slots = (0..<count).map { PackedSlot(offset: $0 * width, shape: [heads, width / heads]) }
        return x.unpacked(slots).map(Self.swappingHeads)
    }

    /// Swaps the axes of heads and tokens.
    private static func swappingHeads(_ x: Tensor) -> Tensor {
        x.permuted(Array(0..<(x.rank - 3)) + [x.rank - 2, x.rank - 3, x.rank - 1])
    }

    /// Rows of a slot's tensor, by the shapes of the parts; a population's axis stays in front.
    private func parts(of slot: Tensor, _ shapes: [Shape]) -> [Tensor] {
        let population = slot.rank > shapes[0].count ? [slot.shape[0]] : []
        var (slots, next): ([PackedSlot], Int) = ([], 0)
        for shape in shapes {
            slots.append(PackedSlot(offset: next, shape: shape))
            next += shape.reduce(1, *)
        }
        return slot.reshaped(Shape(population + [next])).unpacked(slots)
    }
}
