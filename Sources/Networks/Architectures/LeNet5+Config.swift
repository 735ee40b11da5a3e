extension LeNet5 {
    /// How the maps are made smaller.
    public enum Pooling: String, Codable, Hashable, Sendable, CaseIterable {
        /// The largest of four pixels.
        case max
        /// Their mean.
        case average
    }

    /// Images and choices: `{"kind":"lenet5","image":[1,28,28],"padding":2,"activation":"relu","pooling":"max",
    /// "outputs":10}`.
    public struct Config: NetworkConfig {
        /// Channels, height, width.
        public var image: ImageExtent
        /// Zeros around the images: 2 makes MNIST's the 32 x 32 pixels of the publication.
        public var padding: Int
        /// Nonlinearity.
        public var activation: Activation
        /// How the maps are made smaller.
        public var pooling: Pooling
        /// Number of outputs.
        public var outputs: Int

        /// Describes a LeNet-5, for MNIST unless given; images of fewer than 32 rows are padded unless told otherwise.
        /// Traps on impossible extents.
        public init(
            image: ImageExtent = ImageExtent(channels: 1, height: 28, width: 28), padding: Int? = nil,
            activation: Activation = .relu, pooling: Pooling = .max, outputs: Int = 10
        ) {
            (self.image, self.padding) = (image, padding ?? Self.usualPadding(image))
            (self.activation, self.pooling, self.outputs) = (activation, pooling, outputs)
            check.trap(kind)
        }

        private static func usualPadding(_ image: ImageExtent) -> Int { image.height < 32 ? 2 : 0 }

        /// "lenet5".
        public var kind: String { "lenet5" }
        /// Images.
        public var input: NetworkInput { .image(image) }
        /// The network of this description.
        public var network: any Network { LeNet5(self) }

        /// Extents of the second convolution's channels, pooled.
        var finalExtent: ImageExtent {
            func pooled(_ extent: Int) -> Int { ((extent + 2 * padding - 4) / 2 - 4) / 2 }
            return ImageExtent(channels: 16, height: pooled(image.height), width: pooled(image.width))
        }

        private var check: ConfigCheck {
            var check = ConfigCheck()
            check.image("image", image)
            check.extent("padding", padding, 0...16)
            check.require(
                finalExtent.height > 0 && finalExtent.width > 0, "image",
                "\(image.height) x \(image.width): too small for \(kind)")
            check.extent("outputs", outputs, 1...(1 << 24))
            check.parameters("image", finalExtent.count * 120)
            return check
        }
    }
}

extension LeNet5.Config {
    private enum CodingKeys: String, CodingKey { case image, padding, activation, pooling, outputs }

    /// Reads a description, of which anything may be left out; throws on impossible extents.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        image =
            try fields.decodeIfPresent(ImageExtent.self, forKey: .image)
            ?? ImageExtent(channels: 1, height: 28, width: 28)
        padding = try fields.decodeIfPresent(Int.self, forKey: .padding) ?? Self.usualPadding(image)
        activation = try fields.decodeIfPresent(Activation.self, forKey: .activation) ?? .relu
        pooling = try fields.decodeIfPresent(LeNet5.Pooling.self, forKey: .pooling) ?? .max
        outputs = try fields.decodeIfPresent(Int.self, forKey: .outputs) ?? 10
        try check.refuse(decoder)
    }
}
