extension ResNet {
    /// Depth and width: `{"kind":"resnet","depth":18,"image":[3,32,32],"width":64,"outputs":10}`.
    public struct Config: NetworkConfig {
        /// Layers with weights on the longest way: 18 (four stages of two blocks) or 20 (three stages of three).
        public var depth: Int
        /// Channels, height, width.
        public var image: ImageExtent
        /// Channels of the first stage: the publication's are 64 at depth 18 and 16 at depth 20.
        public var width: Int
        /// Number of outputs.
        public var outputs: Int

        /// Describes a ResNet of the published width for CIFAR unless given; traps on impossible extents.
        public init(
            depth: Int, image: ImageExtent = ImageExtent(channels: 3, height: 32, width: 32), width: Int? = nil,
            outputs: Int = 10
        ) {
            (self.depth, self.image) = (depth, image)
            (self.width, self.outputs) = (width ?? Self.usualWidth(depth), outputs)
            check.trap(kind)
        }

        private static func usualWidth(_ depth: Int) -> Int { depth == 20 ? 16 : 64 }

        /// "resnet".
        public var kind: String { "resnet" }
        /// Images.
        public var input: NetworkInput { .image(image) }
        /// The network of this description.
        public var network: any Network { ResNet(self) }

        /// Channels of the stages.
        var widths: [Int] { (0..<(depth == 20 ? 3 : 4)).map { width << $0 } }
        /// Blocks of a stage.
        var blocksPerStage: Int { depth == 20 ? 3 : 2 }

        /// D.
        var parameterCount: Int {
            var (count, before) = (9 * image.channels * width + 2 * width, width)
            for (stage, channels) in widths.enumerated() {
                count += 9 * before * channels + (2 * blocksPerStage - 1) * 9 * channels * channels
                count += blocksPerStage * 4 * channels
                if stage > 0 { count += before * channels + 2 * channels }
                before = channels
            }
            return count + (before + 1) * outputs
        }

        private var check: ConfigCheck {
            var check = ConfigCheck()
            check.require(depth == 18 || depth == 20, "depth", "\(depth): expected 18 or 20")
            check.image("image", image)
            check.extent("width", width, 1...(1 << 14))
            check.extent("outputs", outputs, 1...(1 << 24))
            check.parameters("width", parameterCount)
            return check
        }
    }
}

extension ResNet.Config {
    private enum CodingKeys: String, CodingKey { case depth, image, width, outputs }

    /// Reads a description, of which anything but the depth may be left out; throws on impossible extents.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        depth = try fields.decode(Int.self, forKey: .depth)
        image =
            try fields.decodeIfPresent(ImageExtent.self, forKey: .image)
            ?? ImageExtent(channels: 3, height: 32, width: 32)
        width = try fields.decodeIfPresent(Int.self, forKey: .width) ?? Self.usualWidth(depth)
        outputs = try fields.decodeIfPresent(Int.self, forKey: .outputs) ?? 10
        try check.refuse(decoder)
    }
}
