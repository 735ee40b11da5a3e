import Basics
import Tensors

/// LeNet-5 (LeCun, Bottou, Bengio, Haffner, 1998) as it is usually trained now: every channel of the second
/// convolution reads every one of the first, and the outputs are logits.
///
/// Slots: conv1, conv2, fc1, fc2, fc3, as in PyTorch's tutorials.
public struct LeNet5: Network {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    private let config: Config
    private let convolutions: [Conv2d]
    private let layers: [Linear]

    /// Declares the layers. Channels and hidden units form symmetry groups.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        let scaling = config.activation.scaling
        let pooled = config.pooling == .max ? scaling.afterMaximum : scaling
        let first = builder.addGroup("conv1", size: 6, scaling: pooled)
        let conv1 = Conv2d(
            "conv1", in: config.image.channels, out: 6, kernel: 5,
            Convolution(padding: HeightWidth(config.padding, config.padding)), layout: &builder, outputGroup: first)
        let second = builder.addGroup("conv2", size: 16, scaling: pooled)
        let conv2 = Conv2d(
            "conv2", in: 6, out: 16, kernel: 5, layout: &builder, inputGroup: first, outputGroup: second)
        let pixels = config.finalExtent.height * config.finalExtent.width
        let third = builder.addGroup("fc1", size: 120, scaling: scaling)
        let fc1 = Linear(
            "fc1", in: 16 * pixels, out: 120, layout: &builder, inputGroup: second, outputGroup: third,
            inputBlock: pixels)
        let fourth = builder.addGroup("fc2", size: 84, scaling: scaling)
        let fc2 = Linear("fc2", in: 120, out: 84, layout: &builder, inputGroup: third, outputGroup: fourth)
        let fc3 = Linear("fc3", in: 84, out: config.outputs, layout: &builder, inputGroup: fourth)
        (self.config, convolutions, layers) = (config, [conv1, conv2], [fc1, fc2, fc3])
        layout = builder.layout()
    }

    /// - x: [B, features] or [B, C, H, W], or with P in front; returns [B, out], or [P, B, out].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        var h = config.image.images(x)
        for convolution in convolutions {
            switch config.pooling {
            case .max where config.activation.commutesWithMaximum:
                h = config.activation(convolution(parameters, h, maxPooledBy: 2, &pass))
            case .max: h = MaxPool2d(2)(config.activation(convolution(parameters, h, &pass)))
            case .average: h = AveragePool2d(2)(config.activation(convolution(parameters, h, &pass)))
            }
        }
        h = config.activation(layers[0](parameters, h.flattenedImages(), &pass))
        h = config.activation(layers[1](parameters, h, &pass))
        return layers[2](parameters, h, &pass)
    }
}

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

        /// Describes a LeNet-5, for MNIST unless given; images of fewer than 32 rows are padded unless `padding` says otherwise.
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

extension LeNet5 {
    /// The kind of architecture, one line of ``Architecture/standard``: its keys, and the defaults that a configuration
    /// starts from.
    public static let kind = ConfigKind<Architecture>(
        "lenet5", Config.self, "LeNet-5",
        picture: """
            image -> Conv 5x5, 6 -> activation -> pool 2x2 -> Conv 5x5, 16 -> activation -> pool 2x2 -> flatten
                  -> Linear 120 -> activation -> Linear 84 -> activation -> Linear -> outputs
            The first convolution pads the image, the second does not.
            """,
        keys: [
            .image,
            ConfigKey(
                "padding", .optional(.integer(0...16)), "Zeros around the images; null makes them 32 pixels high"),
            .activation,
            ConfigKey("pooling", .choice(LeNet5.Pooling.allCases.map(\.rawValue)), "How the maps are made smaller"),
            .outputs,
        ],
        defaults: [
            "image": .list([1, 28, 28].map { .integer($0) }), "padding": .null, "activation": .string("relu"),
            "pooling": .string("max"), "outputs": .integer(10),
        ])
}
