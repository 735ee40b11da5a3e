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
        /// Number of outputs.
        public var outputs: Int

        /// Describes an encoder, of the smallest published BERT's depth and width unless given, with four times the
        /// width of hidden units; traps on impossible extents.
        public init(
            vocabulary: Int, length: Int, depth: Int = 2, width: Int = 128, heads: Int = 2, hidden: Int? = nil,
            outputs: Int
        ) {
            (self.vocabulary, self.length, self.depth) = (vocabulary, length, depth)
            (self.width, self.heads, self.outputs) = (width, heads, outputs)
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
            check.extent("outputs", outputs, 1...(1 << 24))
            check.parameters("width", parameterCount)
            return check
        }
    }
}

extension TokenEncoder.Config {
    private enum CodingKeys: String, CodingKey { case vocabulary, length, depth, width, heads, hidden, outputs }

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
        outputs = try fields.decode(Int.self, forKey: .outputs)
        try check.refuse(decoder)
    }
}
