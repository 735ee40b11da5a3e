extension NeuronTransformer {
    /// Sizes; the defaults are for networks of some thousand weights.
    public struct Config: Codable, Sendable, Equatable {
        /// Features of a token.
        public var width: Int
        /// Blocks.
        public var layers: Int
        /// Heads of the attention; they divide the width.
        public var heads: Int
        /// Hidden units of a block's perceptron.
        public var hidden: Int
        /// Features of a message along an edge, and of an edge in the head; unused where no weight joins two units.
        public var edgeWidth: Int

        /// Describes a net; four times the width of hidden units where not given.
        public init(width: Int = 128, layers: Int = 4, heads: Int = 4, hidden: Int? = nil, edgeWidth: Int = 32) {
            (self.width, self.layers, self.heads) = (width, layers, heads)
            (self.hidden, self.edgeWidth) = (hidden ?? 4 * width, edgeWidth)
        }

        /// Whether such a net can be: an even width that the heads divide, everything positive.
        public var isPossible: Bool {
            width > 0 && layers >= 0 && heads > 0 && hidden > 0 && edgeWidth > 0 && width % 2 == 0 && width % heads == 0
        }
    }
}
