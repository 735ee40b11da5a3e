import Basics
import Tensors

/// The small convolutional networks of the model zoos (Schürholt et al., 2022, arXiv 2209.14764): three convolutions,
/// each followed by max pooling (the small one's third is not), then the activation, and two linear layers.
///
/// Slots have the zoos' names, which count every module of the list: with dropout in it the small network's later
/// layers move on, as they do there. The large network's list always has the dropout modules.
public struct ZooCNN: Network {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    private let image: ImageExtent
    private let stages: [Stage]
    private let hidden: Linear
    private let output: Linear
    private let activation: Activation
    private let dropout: Dropout

    /// A convolution and what follows it.
    private struct Stage: Sendable {
        var convolution: Conv2d
        var isPooled: Bool
        var hasDropout: Bool
    }

    /// Declares the layers. Channels and hidden units form symmetry groups.
    ///
    /// Channels may be rescaled where the activation may; their signs only where no pooling lies between, which
    /// picks the largest and not the smallest.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        var stages: [Stage] = []
        var (module, channels, group): (Int, Int, Int?) = (0, config.image.channels, nil)
        for plan in config.size.stages {
            let scaling = plan.isPooled ? config.activation.scaling.afterMaximum : config.activation.scaling
            let own = builder.addGroup("module_list.\(module)", size: plan.channels, scaling: scaling)
            let convolution = Conv2d(
                "module_list.\(module)", in: channels, out: plan.channels,
                kernel: HeightWidth(plan.kernel, plan.kernel), layout: &builder, inputGroup: group, outputGroup: own)
            stages.append(Stage(convolution: convolution, isPooled: plan.isPooled, hasDropout: plan.hasDropout))
            module += (plan.isPooled ? 3 : 2) + (plan.hasDropout && config.listsDropout ? 1 : 0)
            (channels, group) = (plan.channels, own)
        }
        let pixels = config.finalExtent.height * config.finalExtent.width
        let units = builder.addGroup(
            "module_list.\(module + 1)", size: Config.hidden, scaling: config.activation.scaling)
        hidden = Linear(
            "module_list.\(module + 1)", in: channels * pixels, out: Config.hidden, layout: &builder,
            inputGroup: group, outputGroup: units, inputBlock: pixels)
        output = Linear(
            "module_list.\(module + (config.listsDropout ? 4 : 3))", in: Config.hidden, out: config.outputs,
            layout: &builder, inputGroup: units)
        (image, self.stages, activation, dropout) = (config.image, stages, config.activation, Dropout(config.dropout))
        layout = builder.layout()
    }

    /// - x: [B, features] or [B, C, H, W], or with P in front; returns [B, out], or [P, B, out].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        var h = image.images(x)
        for stage in stages {
            h = activation(stage.convolution(parameters, h, maxPooledBy: stage.isPooled ? 2 : 1, &pass))
            if stage.hasDropout { h = dropout(h, &pass) }
        }
        h = dropout(activation(hidden(parameters, h.flattenedImages(), &pass)), &pass)
        return output(parameters, h, &pass)
    }
}

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

        /// Channels of the convolutions.
        package var channels: [Int] { stages.map(\.channels) }

        /// Whether an image is large enough for the convolutions.
        package func isPossible(_ image: ImageExtent) -> Bool {
            let extent = finalExtent(of: image)
            return extent.height > 0 && extent.width > 0
        }

        /// Extents of the last convolution's channels.
        func finalExtent(of image: ImageExtent) -> ImageExtent {
            stages.reduce(image) { extent, stage in
                let (height, width) = (extent.height - stage.kernel + 1, extent.width - stage.kernel + 1)
                let pooled = stage.isPooled ? 2 : 1
                return ImageExtent(channels: stage.channels, height: height / pooled, width: width / pooled)
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
        /// Probability of zero after activations.
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
        var finalExtent: ImageExtent { size.finalExtent(of: image) }

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

extension ZooCNN {
    /// The small kind of architecture, one line of ``Architecture/standard``; images of 28 x 28 grey pixels at first.
    public static let smallKind = kind(
        "cnn-s", image: [1, 28, 28],
        picture: """
            image -> Conv 5x5, 8 -> max pool 2x2 -> activation -> Conv 5x5, 6 -> max pool 2x2 -> activation
                  -> Conv 2x2, 4 -> activation -> flatten -> Linear 20 -> activation -> Linear -> outputs
            Nothing is padded. Networks of other channels or kernels are of kind cnn.
            """)
    /// The large kind, one line of ``Architecture/standard``; images of 32 x 32 pixels of three colours at first.
    public static let largeKind = kind(
        "cnn-l", image: [3, 32, 32],
        picture: """
            image -> (Conv 3x3 -> max pool 2x2 -> activation) three times, of 16, 32 and 15 channels -> flatten
                  -> Linear 20 -> activation -> Linear -> outputs
            Nothing is padded. Networks of other channels or kernels are of kind cnn.
            """)

    private static func kind(_ name: String, image: [Int], picture: String) -> ConfigKind<Architecture> {
        ConfigKind(
            name, Config.self, "a small convolutional network of the model zoos", picture: picture,
            keys: [
                .image, .activation,
                ConfigKey("dropout", .number(atLeast: 0, below: 1), "Probability of zero after activations"), .outputs,
            ],
            defaults: [
                "image": .list(image.map { .integer($0) }), "activation": .string("tanh"), "dropout": .number(0),
                "outputs": .integer(10),
            ])
    }
}
