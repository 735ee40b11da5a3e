import Tensors

/// A small encoder of token sequences in the style of BERT (Devlin et al., 2019): learned positions, transformer blocks
/// with norms first, and a linear head on the first token. There are no segments, and no token is masked as padding.
///
/// Slots: token_embedding, position_embedding, encoder.layers.0.self_attn, ..., encoder.norm (PyTorch's
/// `nn.TransformerEncoder`), head.
public struct TokenEncoder: Network {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    private let config: Config
    private let tokens: Embedding
    private let positions: Embedding
    private let blocks: [TransformerBlock]
    private let norm: LayerNorm
    private let head: Linear

    /// Declares the layers.
    ///
    /// The features of the residual stream form one symmetry group, tied across all blocks; the heads of every attention
    /// and the hidden units of every perceptron others.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        let stream = builder.addGroup("encoder", size: config.width, scaling: .none)
        tokens = Embedding(
            "token_embedding", entries: config.vocabulary, width: config.width, layout: &builder, group: stream)
        positions = Embedding(
            "position_embedding", entries: config.length, width: config.width, layout: &builder, group: stream)
        let block = TransformerBlock.Config(width: config.width, heads: config.heads, hidden: config.hidden)
        blocks = (0..<config.depth).map {
            TransformerBlock("encoder.layers.\($0)", block, layout: &builder, group: stream)
        }
        norm = LayerNorm("encoder.norm", width: config.width, layout: &builder, group: stream)
        head = Linear("head", in: config.width, out: config.outputs, layout: &builder, inputGroup: stream)
        self.config = config
        layout = builder.layout()
    }

    /// - x: whole numbers 0..<vocabulary, [B, length], or [P, B, length]; returns [B, out], or [P, B, out].
    ///
    /// Traps on numbers that are no tokens.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        precondition(
            (x.rank == 2 || x.rank == 3) && x.shape[x.rank - 1] == config.length,
            "encoder: tokens \(x.shape) for sequences of \(config.length)")
        let indices = x.doubles.map { value -> Int32 in
            guard let index = Int32(exactly: value) else { preconditionFailure("encoder: \(value) is no token") }
            return index
        }
        var h = tokens(parameters, indices, shape: x.shape, isPerNetwork: x.rank == 3)
        let table = parameters[positions.weight]
        h = h + (table.rank == 3 ? table.reshaped([table.shape[0], 1, config.length, config.width]) : table)
        for block in blocks { h = block(parameters, h) }
        return head(parameters, norm(parameters, h.selected(axis: h.rank - 2, 0)))
    }
}
