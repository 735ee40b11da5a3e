import Basics
import Networks

// Tables of keys for architectures; the descriptions themselves belong to Networks.

extension Architecture: VariantConfig {
    /// An MLP for the digits.
    public init() { self = .mlp(MLP.Config(widths: [64, 32, 32, 10])) }

    /// All kinds, an MLP first.
    public static func variants(_ tables: ConfigTables) -> [ConfigVariant] {
        [mlp, cnn("cnn-s", image: [1, 28, 28]), cnn("cnn-l", image: [3, 32, 32]), lenet5, resnet, vit, encoder]
    }

    private static let mlp = ConfigVariant(
        "mlp",
        keys: [
            ConfigKey("widths", .list(.integer(1...1 << 20), atLeast: 2), "Widths, input to output"),
            activation,
            ConfigKey("bias", .optional(.flag), "Whether layers add a bias; null is true"),
            ConfigKey(
                "norm", .optional(.choice(MLP.Config.Norm.allCases.map(\.rawValue))),
                "What stands between a hidden layer and its activation; null is none"),
        ],
        defaults: [
            "widths": .list([64, 32, 32, 10].map { .integer($0) }), "activation": .string("relu"), "bias": .null,
            "norm": .null,
        ], "a multilayer perceptron")

    private static func cnn(_ kind: String, image: [Int]) -> ConfigVariant {
        ConfigVariant(
            kind,
            keys: [
                self.image, activation,
                ConfigKey("dropout", .number(atLeast: 0, below: 1), "Probability of zero behind activations"), outputs,
            ],
            defaults: [
                "image": .list(image.map { .integer($0) }), "activation": .string("tanh"), "dropout": .number(0),
                "outputs": .integer(10),
            ], "a small convolutional network of the model zoos")
    }

    private static let lenet5 = ConfigVariant(
        "lenet5",
        keys: [
            image,
            ConfigKey("padding", .optional(.integer(0...16)), "Zeros around the images; null makes them 32 pixels high"),
            activation,
            ConfigKey("pooling", .choice(LeNet5.Pooling.allCases.map(\.rawValue)), "How the maps are made smaller"),
            outputs,
        ],
        defaults: [
            "image": .list([1, 28, 28].map { .integer($0) }), "padding": .null, "activation": .string("relu"),
            "pooling": .string("max"), "outputs": .integer(10),
        ], "LeNet-5")

    private static let resnet = ConfigVariant(
        "resnet",
        keys: [
            ConfigKey("depth", .integer(18...20), "Layers with weights: 18 or 20"), image,
            ConfigKey("width", .optional(.integer(1...1 << 14)), "Channels of the first stage; null is the publication's"),
            outputs,
        ],
        defaults: [
            "depth": .integer(20), "image": .list([3, 32, 32].map { .integer($0) }), "width": .null, "outputs": .integer(10),
        ], "a residual network for small images")

    private static let vit = ConfigVariant(
        "vit", keys: [image, ConfigKey("patch", .integer(1...4096), "Rows and columns of a patch")] + blocks + [outputs],
        defaults: [
            "image": .list([3, 32, 32].map { .integer($0) }), "patch": .integer(4), "depth": .integer(6), "width": .integer(192),
            "heads": .integer(3), "hidden": .null, "dropout": .null, "outputs": .integer(10),
        ], "a vision transformer")

    private static let encoder = ConfigVariant(
        "encoder",
        keys: [
            ConfigKey("vocabulary", .integer(1...1 << 24), "Number of tokens that there are"),
            ConfigKey("length", .integer(1...1 << 16), "Tokens of a sequence"),
        ] + blocks + [outputs],
        defaults: [
            "vocabulary": .integer(30522), "length": .integer(128), "depth": .integer(2), "width": .integer(128), "heads": .integer(2),
            "hidden": .null, "dropout": .null, "outputs": .integer(2),
        ], "an encoder of token sequences")

    private static let activation = ConfigKey(
        "activation", .choice(Activation.allCases.map(\.name)), "Nonlinearity between layers")
    private static let image = ConfigKey("image", .list(.integer(1...4096), count: 3...3), "Channels, height, width")
    private static let outputs = ConfigKey("outputs", .integer(1...1 << 24), "Number of outputs: classes")
    private static let blocks = [
        ConfigKey("depth", .integer(1...256), "Number of blocks"),
        ConfigKey("width", .integer(1...1 << 14), "Features of a token"),
        ConfigKey("heads", .integer(1...1 << 14), "Heads of each attention"),
        ConfigKey("hidden", .optional(.integer(1...1 << 17)), "Hidden units of each block; null is four times the width"),
        ConfigKey(
            "dropout", .optional(.number(atLeast: 0, below: 1)),
            "Probability of zero for tokens, attention weights and branches of blocks in training; null is 0"),
    ]
}
