import Basics
import Tensors

/// A small encoder of token sequences in the style of BERT (Devlin et al., 2019): learned positions, transformer blocks
/// with norms first, and a linear head on the first token. There are no segments, and no token is masked as padding.
///
/// Slots: token_embedding, position_embedding, encoder.layers.0.self_attn, ..., encoder.norm (PyTorch's
/// `nn.TransformerEncoder`), head. Dropout is BERT's, at one rate: of the tokens with their positions, and in every
/// block, as PyTorch's `nn.TransformerEncoderLayer` has it, of attention weights, the attention's output, and after each
/// linear map of the perceptron.
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
    /// The features of the residual stream form one symmetry group, tied across all blocks; the heads of every
    /// attention and the hidden units of every perceptron others.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        let stream = builder.addGroup("encoder", size: config.width, scaling: .none)
        tokens = Embedding(
            "token_embedding", entries: config.vocabulary, width: config.width, layout: &builder, group: stream)
        positions = Embedding(
            "position_embedding", entries: config.length, width: config.width, layout: &builder, group: stream)
        let block = TransformerBlock.Config(
            width: config.width, heads: config.heads, hidden: config.hidden, dropout: config.dropout)
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
        h = Dropout(config.dropout)(h, &pass)
        for block in blocks { h = block(parameters, h, pass: &pass) }
        return head(parameters, norm(parameters, h.selected(axis: h.rank - 2, 0)), &pass)
    }
}

extension TokenEncoder {
    /// Extents: `{"kind":"encoder","vocabulary":30522,"length":128,"depth":2,"width":128,"heads":2,"hidden":512,
    /// "outputs":2}`.
    public struct Config: NetworkConfig {
        /// Number of tokens that there are.
        public var vocabulary: Int
        /// Tokens of a sequence.
        public var length: Int
        /// Number of blocks.
        public var depth: Int
        /// Features of a token.
        public var width: Int
        /// Heads of each attention.
        public var heads: Int
        /// Hidden units of each block's perceptron.
        public var hidden: Int
        /// Probability of zero for tokens with their positions, attention weights, hidden units and both branches of a
        /// block in training.
        public var dropout: Double
        /// Number of outputs.
        public var outputs: Int

        /// Describes an encoder, of the smallest published BERT's depth and width unless given, with four times the
        /// width of hidden units; traps on impossible extents.
        public init(
            vocabulary: Int, length: Int, depth: Int = 2, width: Int = 128, heads: Int = 2, hidden: Int? = nil,
            dropout: Double = 0, outputs: Int
        ) {
            (self.vocabulary, self.length, self.depth) = (vocabulary, length, depth)
            (self.width, self.heads, self.dropout, self.outputs) = (width, heads, dropout, outputs)
            self.hidden = hidden ?? width.multipliedReportingOverflow(by: 4).partialValue
            check.trap(kind)
        }

        /// "encoder".
        public var kind: String { "encoder" }
        /// Sequences of tokens.
        public var input: NetworkInput { .tokens(length: length, vocabulary: vocabulary) }
        /// The network of this description.
        public var network: any Network { TokenEncoder(self) }

        /// D.
        var parameterCount: Int {
            (vocabulary + length) * width + depth * TransformerBlock.parameterCount(width: width, hidden: hidden)
                + 2 * width + (width + 1) * outputs
        }

        private var check: ConfigCheck {
            var check = ConfigCheck()
            check.extent("vocabulary", vocabulary, 1...(1 << 24))
            check.extent("length", length, 1...(1 << 16))
            check.transformer(depth: depth, width: width, heads: heads, hidden: hidden)
            check.dropout("dropout", dropout)
            check.extent("outputs", outputs, 1...(1 << 24))
            check.parameters("width", parameterCount)
            return check
        }
    }
}

extension TokenEncoder.Config {
    private enum CodingKeys: String, CodingKey {
        case vocabulary, length, depth, width, heads, hidden, dropout, outputs
    }

    /// Reads a description; vocabulary, length and outputs must be given. Throws on impossible extents.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        vocabulary = try fields.decode(Int.self, forKey: .vocabulary)
        length = try fields.decode(Int.self, forKey: .length)
        depth = try fields.decodeIfPresent(Int.self, forKey: .depth) ?? 2
        width = try fields.decodeIfPresent(Int.self, forKey: .width) ?? 128
        heads = try fields.decodeIfPresent(Int.self, forKey: .heads) ?? 2
        hidden =
            try fields.decodeIfPresent(Int.self, forKey: .hidden)
            ?? width.multipliedReportingOverflow(by: 4).partialValue
        dropout = try fields.decodeIfPresent(Double.self, forKey: .dropout) ?? 0
        outputs = try fields.decode(Int.self, forKey: .outputs)
        try check.refuse(decoder)
    }

    /// Writes all extents, and the dropout where there is any.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(vocabulary, forKey: .vocabulary)
        try fields.encode(length, forKey: .length)
        try fields.encode(depth, forKey: .depth)
        try fields.encode(width, forKey: .width)
        try fields.encode(heads, forKey: .heads)
        try fields.encode(hidden, forKey: .hidden)
        try fields.encode(outputs, forKey: .outputs)
        if dropout != 0 { try fields.encode(dropout, forKey: .dropout) }
    }
}

extension TokenEncoder {
    /// The kind of architecture, one line of ``Architecture/standard``: its keys, and the defaults that a configuration
    /// starts from.
    public static let kind = ConfigKind<Architecture>(
        "encoder", Config.self, "an encoder of token sequences",
        picture: """
            tokens -> embedding + positions -> blocks -> layer norm -> the first token -> Linear -> outputs
            block: x + attention(layer norm(x)), then x + perceptron(layer norm(x)) with GELU
            """,
        keys: [
            ConfigKey("vocabulary", .integer(1...1 << 24), "Number of tokens that there are"),
            ConfigKey("length", .integer(1...1 << 16), "Tokens of a sequence"),
        ] + ConfigKey.transformerBlocks + [.outputs],
        defaults: [
            "vocabulary": .integer(30522), "length": .integer(128), "depth": .integer(2), "width": .integer(128),
            "heads": .integer(2),
            "hidden": .null, "dropout": .null, "outputs": .integer(2),
        ])
}
