/// A short description of a network's family, as it stands in a zoo file: `{"kind":"mlp","widths":[64,32,10],...}`.
public enum Architecture: Hashable, Sendable {
    /// A multilayer perceptron.
    case mlp(MLP.Config)
    /// One of the model zoos' small convolutional networks.
    case cnn(ZooCNN.Config)
    /// A LeNet-5.
    case lenet5(LeNet5.Config)
    /// A residual network for small images.
    case resnet(ResNet.Config)
    /// A vision transformer.
    case vit(VisionTransformer.Config)
    /// An encoder of token sequences.
    case encoder(TokenEncoder.Config)

    /// The description of the network, whatever its kind.
    public var config: any NetworkConfig {
        switch self {
        case .mlp(let config): config
        case .cnn(let config): config
        case .lenet5(let config): config
        case .resnet(let config): config
        case .vit(let config): config
        case .encoder(let config): config
        }
    }

    /// The network of this description.
    public var network: any Network { config.network }
    /// Where the parameters lie.
    public var layout: ParameterLayout { network.layout }
    /// What a sample is.
    public var input: NetworkInput { config.input }
    /// Number of outputs.
    public var outputs: Int { config.outputs }
}

extension Architecture: Codable {
    private enum CodingKeys: String, CodingKey { case kind }

    /// How the description of each kind is read.
    private static let readers: KeyValuePairs<String, @Sendable (any Decoder) throws -> Architecture> = [
        "mlp": { .mlp(try MLP.Config(from: $0)) },
        "cnn-s": { .cnn(try ZooCNN.Config(from: $0)) },
        "cnn-l": { .cnn(try ZooCNN.Config(from: $0)) },
        "lenet5": { .lenet5(try LeNet5.Config(from: $0)) },
        "resnet": { .resnet(try ResNet.Config(from: $0)) },
        "vit": { .vit(try VisionTransformer.Config(from: $0)) },
        "encoder": { .encoder(try TokenEncoder.Config(from: $0)) },
    ]

    /// Names of all kinds.
    public static var kinds: [String] { readers.map(\.key) }

    /// Reads the description of the named kind; throws on an unknown kind or impossible extents.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let kind = try fields.decode(String.self, forKey: .kind)
        guard let reader = Self.readers.first(where: { $0.key == kind })?.value else {
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: fields,
                debugDescription: "unknown architecture kind \"\(kind)\"; known: \(Self.kinds.joined(separator: ", "))")
        }
        self = try reader(decoder)
    }

    /// Writes the kind and the description's own keys.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(config.kind, forKey: .kind)
        try config.encode(to: encoder)
    }
}
