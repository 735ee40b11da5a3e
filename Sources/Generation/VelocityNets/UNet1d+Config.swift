extension UNet1d {
    /// Channels, kernel and dropout.
    public struct Config: Codable, Sendable, Equatable {
        /// Channels of each level, the longest sequence first; every level but the first has half its length.
        public var channels = [32, 64, 128]
        /// Width of the convolutions' kernels, odd; p-diff's.
        public var kernel = 7
        /// Groups of the group norms, a divisor of all channels.
        public var groups = 8
        /// Width of the time embedding, even.
        public var timeWidth = 64
        /// Dropout probability within a residual block.
        public var dropout = 0.0

        /// Three levels.
        public init() {}

        /// Why no net can be made of this, or nil where one can.
        public var problem: String? {
            if !(1...8).contains(channels.count) { return "channels \(channels) are not 1 to 8 levels" }
            if !(1...64).contains(groups) { return "groups \(groups) is not in 1...64" }
            if !channels.allSatisfy({ (1...2048).contains($0) && $0.isMultiple(of: groups) }) {
                return "channels \(channels) are not multiples of groups \(groups) in 1...2048"
            }
            if !(1...63).contains(kernel) || kernel.isMultiple(of: 2) {
                return "kernel \(kernel) is not an odd number in 1...63"
            }
            if !(2...4096).contains(timeWidth) || !timeWidth.isMultiple(of: 2) {
                return "timeWidth \(timeWidth) is not an even number in 2...4096"
            }
            return dropout >= 0 && dropout < 1 ? nil : "dropout \(dropout) is not in [0, 1)"
        }
    }
}
