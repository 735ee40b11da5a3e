import Generation

/// What the generator sees of a network.
public enum CoordinatesConfig: VariantConfig {
    /// Principal components of the training networks.
    case pca(Principal)
    /// The weights themselves.
    case raw(Raw)
    /// Weights with one mean and scale for each symmetry orbit.
    case orbitStandardized(Raw)

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
        ConfigVariant(
            "orbit-standardized", Raw.self,
            "weights, one mean and scale for all that the symmetries exchange"),
    ]

    /// Reads the kind's settings.
    public init(from decoder: any Decoder) throws {
        switch try decoder.variantKind() {
        case "pca": self = .pca(try Principal(from: decoder))
        case "raw": self = .raw(try Raw(from: decoder))
        case "orbit-standardized": self = .orbitStandardized(try Raw(from: decoder))
        case let other: throw decoder.unknownKind(other)
        }
    }

    /// Writes the kind beside its settings.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .pca(let principal): try encoder.encodeVariant("pca", principal)
        case .raw(let raw): try encoder.encodeVariant("raw", raw)
        case .orbitStandardized(let none): try encoder.encodeVariant("orbit-standardized", none)
        }
    }
}

extension CoordinatesConfig {
    /// Whether a code is a network's weights in their own places, each moved and scaled: what a net needs that knows the
    /// layout.
    var keepsPlaces: Bool {
        switch self {
        case .raw, .orbitStandardized: true
        case .pca: false
        }
    }

    /// Whether codes have a standard deviation of about 1.
    var isStandardized: Bool {
        switch self {
        case .raw: false
        case .pca(let principal): principal.standardize
        case .orbitStandardized: true
        }
    }

    /// The kind in a few words, for the tables of arms.
    var shortName: String {
        switch self {
        case .pca(let principal): "PCA-\(principal.components)" + (principal.standardize ? " standardised" : "")
        case .raw: "raw"
        case .orbitStandardized: "orbit"
        }
    }
}
