import Basics

/// A short description of a network's family, as it stands in a zoo file: `{"kind":"mlp","widths":[64,32,10],...}`.
///
/// It holds any ``NetworkConfig``; the kinds that files and configurations can name are the lines of ``standard``.
public struct Architecture: Hashable, Sendable {
    /// The description of the network, whatever its kind.
    public let config: any NetworkConfig

    /// The architecture of a description.
    public init(_ config: any NetworkConfig) { self.config = config }

    /// A multilayer perceptron.
    public static func mlp(_ config: MLP.Config) -> Architecture { Architecture(config) }
    /// One of the model zoos' small convolutional networks.
    public static func cnn(_ config: ZooCNN.Config) -> Architecture { Architecture(config) }
    /// A LeNet-5.
    public static func lenet5(_ config: LeNet5.Config) -> Architecture { Architecture(config) }
    /// A plain convolutional network of any extents.
    public static func convolutional(_ config: CNN.Config) -> Architecture { Architecture(config) }
    /// A residual network for small images.
    public static func resnet(_ config: ResNet.Config) -> Architecture { Architecture(config) }
    /// A vision transformer.
    public static func vit(_ config: VisionTransformer.Config) -> Architecture { Architecture(config) }
    /// An encoder of token sequences.
    public static func encoder(_ config: TokenEncoder.Config) -> Architecture { Architecture(config) }

    /// The network of this description.
    public var network: any Network { config.network }
    /// Where the parameters lie.
    public var layout: ParameterLayout { network.layout }
    /// What a sample is.
    public var input: NetworkInput { config.input }
    /// Number of outputs.
    public var outputs: Int { config.outputs }
    /// The names that others give its tensors.
    public var nameSchemes: [NameScheme] { config.nameSchemes }

    /// Whether kind and settings are the same.
    public static func == (first: Self, second: Self) -> Bool {
        AnyHashable(first.config) == AnyHashable(second.config)
    }

    /// Feeds kind and settings to the hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(config)) }
}

extension Architecture: VariantConfig, ConfigFamily {
    /// The kinds of architecture, an MLP first: one line each.
    public static let standard: ConfigKinds<Architecture> = [
        MLP.kind, CNN.kind, ZooCNN.smallKind, ZooCNN.largeKind, LeNet5.kind, ResNet.kind, VisionTransformer.kind,
        TokenEncoder.kind,
    ]

    /// An MLP for the digits.
    public init() { self = .mlp(MLP.Config(widths: [64, 32, 32, 10])) }

    /// The keys and defaults of every kind.
    public static func variants(_ tables: ConfigTables) -> [ConfigVariant] { tables.variants(of: Self.self) }

    /// Names of all kinds.
    public static var kinds: [String] { standard.all.map(\.name) }

    private enum CodingKeys: String, CodingKey { case kind }

    /// Reads the description of the named kind; throws on an unknown kind or key, and on impossible extents.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let name = try fields.decode(String.self, forKey: .kind)
        let tables = decoder.configTables
        let known = tables[Self.self]
        guard let kind = known[name] else {
            let names = known.all.map(\.name)
            let near = Nearest.match(name, among: names).map { ", did you mean \($0)?" } ?? ""
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: fields,
                debugDescription:
                    "unknown architecture kind \"\(name)\"\(near); known: \(names.joined(separator: ", "))")
        }
        try decoder.refuseKeys(except: [CodingKeys.kind.rawValue] + kind.keys(tables).map(\.key))
        self = try kind.decode(decoder)
    }

    /// Writes the kind and the description's own keys.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(config.kind, forKey: .kind)
        try config.encode(to: encoder)
    }
}

extension ConfigKind<Architecture> {
    /// A kind whose description is a `Config`; a default of null leaves the choice to it.
    public init<Config: NetworkConfig>(
        _ name: String, _: Config.Type, _ documentation: String, picture: String = "", keys: [ConfigKey],
        defaults: Tree.Map
    ) {
        self.init(name, documentation, picture: picture, keys: keys, defaults: defaults) {
            Architecture(try Config(from: $0))
        }
    }
}

// Keys that several kinds have.
extension ConfigKey {
    static let activation = ConfigKey(
        "activation", .choice(Activation.allCases.map(\.name)), "Nonlinearity between layers")
    static let image = ConfigKey("image", .list(.integer(1...4096), count: 3...3), "Channels, height, width")
    static let outputs = ConfigKey("outputs", .integer(1...1 << 24), "Number of outputs: classes")
    static let transformerBlocks = [
        ConfigKey("depth", .integer(1...256), "Number of blocks"),
        ConfigKey("width", .integer(1...1 << 14), "Features of a token"),
        ConfigKey("heads", .integer(1...1 << 14), "Heads of each attention"),
        ConfigKey(
            "hidden", .optional(.integer(1...1 << 17)), "Hidden units of each block; null is four times the width"),
        ConfigKey(
            "dropout", .optional(.number(atLeast: 0, below: 1)),
            "Probability of zero for tokens, attention weights and branches of blocks in training; null is 0"),
    ]
}
