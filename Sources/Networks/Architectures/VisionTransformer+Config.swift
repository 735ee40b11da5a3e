extension VisionTransformer {
    /// Extents: `{"kind":"vit","image":[3,32,32],"patch":4,"depth":6,"width":192,"heads":3,"hidden":768,"outputs":10}`,
    /// which are those of ViT-Small-192.
    public struct Config: NetworkConfig {
        /// Channels, height, width.
        public var image: ImageExtent
        /// Rows and columns of a patch.
        public var patch: Int
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

        /// Describes a vision transformer, ViT-Small-192 for CIFAR unless given, with four times the width of hidden
        /// units; traps on impossible extents.
        public init(
            image: ImageExtent = ImageExtent(channels: 3, height: 32, width: 32), patch: Int = 4, depth: Int = 6,
            width: Int = 192, heads: Int = 3, hidden: Int? = nil, outputs: Int = 10
        ) {
            (self.image, self.patch, self.depth, self.width) = (image, patch, depth, width)
            (self.heads, self.outputs) = (heads, outputs)
            self.hidden = hidden ?? width.multipliedReportingOverflow(by: 4).partialValue
            check.trap(kind)
        }

        /// "vit".
        public var kind: String { "vit" }
        /// Images.
        public var input: NetworkInput { .image(image) }
        /// The network of this description.
        public var network: any Network { VisionTransformer(self) }

        /// Patches and the class token.
        var tokens: Int { (image.height / patch) * (image.width / patch) + 1 }

        /// D.
        var parameterCount: Int {
            let stem = width * (image.channels * patch * patch + 1) + width + tokens * width
            return stem + depth * TransformerBlock.parameterCount(width: width, hidden: hidden) + 2 * width
                + (width + 1) * outputs
        }

        private var check: ConfigCheck {
            var check = ConfigCheck()
            check.image("image", image)
            check.extent("patch", patch, 1...4096)
            check.require(
                image.height % patch == 0 && image.width % patch == 0, "patch",
                "\(patch): does not divide \(image.height) x \(image.width)")
            check.transformer(depth: depth, width: width, heads: heads, hidden: hidden)
            check.extent("outputs", outputs, 1...(1 << 24))
            check.parameters("width", parameterCount)
            return check
        }
    }
}

extension VisionTransformer.Config {
    private enum CodingKeys: String, CodingKey { case image, patch, depth, width, heads, hidden, outputs }

    /// Reads a description, of which anything may be left out; throws on impossible extents.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        image =
            try fields.decodeIfPresent(ImageExtent.self, forKey: .image)
            ?? ImageExtent(channels: 3, height: 32, width: 32)
        patch = try fields.decodeIfPresent(Int.self, forKey: .patch) ?? 4
        depth = try fields.decodeIfPresent(Int.self, forKey: .depth) ?? 6
        width = try fields.decodeIfPresent(Int.self, forKey: .width) ?? 192
        heads = try fields.decodeIfPresent(Int.self, forKey: .heads) ?? 3
        hidden =
            try fields.decodeIfPresent(Int.self, forKey: .hidden)
            ?? width.multipliedReportingOverflow(by: 4).partialValue
        outputs = try fields.decodeIfPresent(Int.self, forKey: .outputs) ?? 10
        try check.refuse(decoder)
    }
}

extension ConfigCheck {
    /// Notes a fault unless these are possible extents of a stack of transformer blocks.
    mutating func transformer(depth: Int, width: Int, heads: Int, hidden: Int) {
        extent("depth", depth, 1...256)
        extent("width", width, 1...(1 << 14))
        extent("heads", heads, 1...(1 << 14))
        require(width % heads == 0, "heads", "\(heads): does not divide the width \(width)")
        extent("hidden", hidden, 1...(1 << 17))
    }
}

extension TransformerBlock {
    /// Parameters of one block: attention, perceptron and two norms.
    static func parameterCount(width: Int, hidden: Int) -> Int {
        4 * width * (width + 1) + 2 * width * hidden + hidden + width + 4 * width
    }
}
