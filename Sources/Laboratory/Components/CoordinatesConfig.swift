import Basics
import Generation

/// What the generator sees of a network.
public enum CoordinatesConfig: VariantConfig {
    /// Principal components of the training networks.
    case pca(Principal)
    /// The weights themselves.
    case raw(Raw)
    /// Weights with one mean and scale for each tensor.
    case slotStandardized(Raw)
    /// Weights with one mean and scale for each symmetry orbit.
    case orbitStandardized(Raw)
    /// Codes of a one-dimensional convolutional autoencoder.
    case autoencoder(LatentConfig<ConvolutionalAutoencoder.Config>)
    /// Codes of a transformer over tokens of weights.
    case tokenAutoencoder(LatentConfig<TokenAutoencoder.Config>)

    /// No settings.
    public struct Raw: ComponentConfig {
        /// Nothing to set.
        public init() {}
        /// No keys.
        public static let keys: [ConfigKey] = []
    }

    /// How many components.
    public struct Principal: ComponentConfig {
        /// Most components; N - 1 lose nothing.
        public var components = 99
        /// Whether every code is divided by its standard deviation.
        public var standardize = false

        /// 99 components as they are, DeepWeightFlow's (2026).
        public init() {}
        /// Two keys.
        public static let keys = [
            ConfigKey("components", .integer(1...100_000), "Most principal components; N - 1 of N networks lose nothing"),
            ConfigKey("standardize", .flag, "Give every code mean 0 and standard deviation 1, as diffusions want"),
        ]
    }

    /// Principal components.
    public init() { self = .pca(.init()) }

    /// Principal components first.
    public static let variants = [
        ConfigVariant("pca", Principal.self, "principal components of the training networks"),
        ConfigVariant("raw", Raw.self, "the weights themselves"),
        ConfigVariant("slot-standardized", Raw.self, "weights, one mean and scale a tensor"),
        ConfigVariant(
            "orbit-standardized", Raw.self,
            "weights, one mean and scale for all that the symmetries exchange"),
        ConfigVariant(
            "autoencoder", LatentConfig<ConvolutionalAutoencoder.Config>.self,
            "standardised codes of a one-dimensional convolutional autoencoder, p-diff's shape"),
        ConfigVariant(
            "token-autoencoder", LatentConfig<TokenAutoencoder.Config>.self,
            "standardised codes of a transformer over tokens, one an output channel, SANE's shape"),
    ]

    /// Reads the kind's settings.
    public init(from decoder: any Decoder) throws {
        switch try decoder.variantKind() {
        case "pca": self = .pca(try Principal(from: decoder))
        case "raw": self = .raw(try Raw(from: decoder))
        case "slot-standardized": self = .slotStandardized(try Raw(from: decoder))
        case "orbit-standardized": self = .orbitStandardized(try Raw(from: decoder))
        case "autoencoder": self = .autoencoder(try .init(from: decoder))
        case "token-autoencoder": self = .tokenAutoencoder(try .init(from: decoder))
        case let other: throw decoder.unknownKind(other)
        }
    }

    /// Writes the kind beside its settings.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .pca(let principal): try encoder.encodeVariant("pca", principal)
        case .raw(let raw): try encoder.encodeVariant("raw", raw)
        case .slotStandardized(let none): try encoder.encodeVariant("slot-standardized", none)
        case .orbitStandardized(let none): try encoder.encodeVariant("orbit-standardized", none)
        case .autoencoder(let latent): try encoder.encodeVariant("autoencoder", latent)
        case .tokenAutoencoder(let latent): try encoder.encodeVariant("token-autoencoder", latent)
        }
    }
}

extension CoordinatesConfig {
    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        switch self {
        case .autoencoder(let latent): latent.problems()
        case .tokenAutoencoder(let latent): latent.problems()
        case .raw, .pca, .slotStandardized, .orbitStandardized: []
        }
    }

    /// How an autoencoder is trained; nil for what is not trained.
    var training: TrainingConfig? {
        switch self {
        case .autoencoder(let latent): latent.training
        case .tokenAutoencoder(let latent): latent.training
        case .raw, .pca, .slotStandardized, .orbitStandardized: nil
        }
    }

    /// Whether a code is a network's weights in their own places, each moved and scaled: what a net needs that knows the
    /// layout.
    var keepsPlaces: Bool {
        switch self {
        case .raw, .slotStandardized, .orbitStandardized: true
        case .pca, .autoencoder, .tokenAutoencoder: false
        }
    }

    /// Whether codes have a standard deviation of about 1.
    var isStandardized: Bool {
        switch self {
        case .raw: false
        case .pca(let principal): principal.standardize
        case .slotStandardized, .orbitStandardized, .autoencoder, .tokenAutoencoder: true
        }
    }

    /// The kind in a few words, for the tables of arms.
    var shortName: String {
        switch self {
        case .pca(let principal): "PCA-\(principal.components)" + (principal.standardize ? " standardised" : "")
        case .raw: "raw"
        case .slotStandardized: "weights, standardised by slot"
        case .orbitStandardized: "weights, standardised by orbit"
        case .autoencoder(let latent): "autoencoder-\(latent.net.latent)"
        case .tokenAutoencoder(let latent): "tokens of \(latent.net.latent)"
        }
    }
}

extension CoordinatesConfig {
    /// Whether encoding and decoding may change a network among `count` training networks.
    func isLossy(among count: Int) -> Bool {
        switch self {
        case .raw, .slotStandardized, .orbitStandardized: false
        case .pca(let principal): principal.components < count - 1
        case .autoencoder, .tokenAutoencoder: true
        }
    }
}
