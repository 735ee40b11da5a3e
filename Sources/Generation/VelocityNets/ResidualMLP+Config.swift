extension ResidualMLP {
    /// Widths, depth and dropout.
    public struct Config: Codable, Sendable, Equatable {
        /// Features of the residual stream, W.
        public var width = 512
        /// Number of blocks.
        public var depth = 3
        /// Hidden units of a block, in units of the width.
        public var expansion = 1.0
        /// Width of the time embedding, even.
        public var timeWidth = 64
        /// Dropout probability of a block's hidden units.
        public var dropout = 0.0

        /// About as many weights as DeepWeightFlow's net of the same width.
        public init() {}

        /// Hidden units of a block, 1 at least.
        public var hidden: Int { max(1, Int((Double(width) * expansion).rounded())) }

        /// Why no net can be made of this, or nil where one can.
        public var problem: String? {
            if !(1...16_384).contains(width) { return "width \(width) is not in 1...16384" }
            if !(1...64).contains(depth) { return "depth \(depth) is not in 1...64" }
            if !(0.01...16).contains(expansion) { return "expansion \(expansion) is not in 0.01...16" }
            if !(2...4096).contains(timeWidth) || !timeWidth.isMultiple(of: 2) {
                return "timeWidth \(timeWidth) is not an even number in 2...4096"
            }
            return dropout >= 0 && dropout < 1 ? nil : "dropout \(dropout) is not in [0, 1)"
        }
    }
}
