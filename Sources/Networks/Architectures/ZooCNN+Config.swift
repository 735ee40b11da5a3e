extension ZooCNN {
    /// Which of the zoos' networks.
    public enum Size: String, Codable, Hashable, Sendable, CaseIterable {
        /// Channels 8, 6, 4: 2,464 parameters for images of 1 x 28 x 28, 2,864 for 3 x 28 x 28.
        case small = "cnn-s"
        /// Channels 16, 32, 15: 10,853 parameters for images of 3 x 32 x 32.
        case large = "cnn-l"

        /// The convolutions: kernels without padding, pooling in windows of 2.
        var stages: [(channels: Int, kernel: Int, isPooled: Bool, hasDropout: Bool)] {
            switch self {
            case .small: [(8, 5, true, true), (6, 5, true, true), (4, 2, false, false)]
            case .large: [(16, 3, true, true), (32, 3, true, true), (15, 3, true, true)]
            }
        }

        /// The zoos' images.
        var usualImage: ImageExtent {
            switch self {
            case .small: ImageExtent(channels: 1, height: 28, width: 28)
            case .large: ImageExtent(channels: 3, height: 32, width: 32)
            }
        }
    }

    /// Size and images: `{"kind":"cnn-s","image":[1,28,28],"activation":"tanh","dropout":0,"outputs":10}`.
    public struct Config: NetworkConfig {
        /// Hidden units of the last layer but one.
        static let hidden = 20

        /// Which of the networks.
        public var size: Size
        /// Channels, height, width.
        public var image: ImageExtent
        /// Nonlinearity.
        public var activation: Activation
        /// Probability of zero behind activations.
        public var dropout: Double
        /// Number of outputs.
        public var outputs: Int

        /// Describes a network for the zoos' images unless given; traps on impossible extents.
        public init(
            size: Size, image: ImageExtent? = nil, activation: Activation = .tanh, dropout: Double = 0,
            outputs: Int = 10
        ) {
            (self.size, self.image, self.activation) = (size, image ?? size.usualImage, activation)
            (self.dropout, self.outputs) = (dropout, outputs)
            check.trap(kind)
        }

        /// "cnn-s" or "cnn-l".
        public var kind: String { size.rawValue }
        /// Images.
        public var input: NetworkInput { .image(image) }
        /// The network of this description.
        public var network: any Network { ZooCNN(self) }

        /// Whether the zoos' list of modules has dropout in it, and later names are counted on.
        var listsDropout: Bool { size == .large || dropout > 0 }

        /// Extents of the last convolution's channels.
        var finalExtent: ImageExtent {
            size.stages.reduce(image) { extent, stage in
                let (height, width) = (extent.height - stage.kernel + 1, extent.width - stage.kernel + 1)
                let pooled = stage.isPooled ? 2 : 1
                return ImageExtent(channels: stage.channels, height: height / pooled, width: width / pooled)
            }
        }

        private var check: ConfigCheck {
            var check = ConfigCheck()
            check.image("image", image)
            check.require(
                finalExtent.height > 0 && finalExtent.width > 0, "image",
                "\(image.height) x \(image.width): too small for \(kind)")
            check.dropout("dropout", dropout)
            check.extent("outputs", outputs, 1...(1 << 24))
            return check
        }
    }
}

extension ZooCNN.Config {
    private enum CodingKeys: String, CodingKey { case size = "kind", image, activation, dropout, outputs }

    /// Reads a description; everything but the kind may be left out. Throws on impossible extents.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        size = try fields.decode(ZooCNN.Size.self, forKey: .size)
        image = try fields.decodeIfPresent(ImageExtent.self, forKey: .image) ?? size.usualImage
        activation = try fields.decodeIfPresent(Activation.self, forKey: .activation) ?? .tanh
        dropout = try fields.decodeIfPresent(Double.self, forKey: .dropout) ?? 0
        outputs = try fields.decodeIfPresent(Int.self, forKey: .outputs) ?? 10
        try check.refuse(decoder)
    }
}
