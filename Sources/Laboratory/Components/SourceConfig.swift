import Basics
import Networks

/// Where samples start: the source distribution p0 of a flow. A diffusion has its own.
public enum SourceConfig: VariantConfig {
    /// N(0, std^2 I) in the coordinates in use.
    case gaussian(Gaussian)
    /// Gaussian weights with each slot's own mean and deviation.
    case matched(Matched)
    /// Networks before their training.
    case initialization(Untrained)
    /// The Gaussian with the training codes' mean and covariance.
    case fitted(None)
    /// Training networks plus noise.
    case perturbed(Perturbed)

    /// One width for all codes.
    public struct Gaussian: ComponentConfig {
        /// Standard deviation; nil is the process's own.
        public var std: Double?

        /// The process's own.
        public init() {}
        /// One key.
        public static let keys = [
            ConfigKey(
                "std", .optional(.number(above: 0)),
                "Standard deviation; null: 1 where codes have standard deviation 1, 0.01 in others (DeepWeightFlow's), "
                    + "and what a diffusion ends in")
        ]
    }

    /// Deviations as wide as the weights', times a factor.
    public struct Matched: ComponentConfig {
        /// Factor of each slot's deviation.
        public var scale = 1.0

        /// As wide as the weights.
        public init() {}
        /// One key.
        public static let keys = [
            ConfigKey("scale", .number(above: 0), "Factor of each slot's own standard deviation")
        ]
    }

    /// How untrained weights are drawn.
    public struct Untrained: ComponentConfig {
        /// The rule; nil takes that of the zoo's recipe.
        public var method: Initialization?

        /// The recipe's.
        public init() {}
        /// One key.
        public static let keys = [
            ConfigKey(
                "method", .optional(.choice(Initialization.allCases.map(\.rawValue))),
                "How untrained weights are drawn; null: as the zoo's recipe says")
        ]
    }

    /// How far from a training network.
    public struct Perturbed: ComponentConfig {
        /// Standard deviation of the noise in codes.
        public var std = 0.1

        /// A tenth of a standardised code's spread.
        public init() {}
        /// One key.
        public static let keys = [
            ConfigKey("std", .number(atLeast: 0), "Standard deviation of the noise on a training network's codes")
        ]
    }

    /// No settings.
    public struct None: ComponentConfig {
        /// Nothing to set.
        public init() {}
        /// No keys.
        public static let keys: [ConfigKey] = []
    }

    /// N(0, std^2 I), std the process's own.
    public init() { self = .gaussian(.init()) }

    /// The Gaussian first.
    public static let variants = [
        ConfigVariant("gaussian", Gaussian.self, "N(0, std^2 I) in the coordinates in use"),
        ConfigVariant("matched", Matched.self, "Gaussian weights with each slot's own mean and standard deviation"),
        ConfigVariant("initialization", Untrained.self, "networks before their training"),
        ConfigVariant("fitted-gaussian", None.self, "the Gaussian with the training codes' mean and covariance"),
        ConfigVariant("perturbed", Perturbed.self, "training networks plus noise"),
    ]

    /// Reads the kind's settings.
    public init(from decoder: any Decoder) throws {
        switch try decoder.variantKind() {
        case "gaussian": self = .gaussian(try Gaussian(from: decoder))
        case "matched": self = .matched(try Matched(from: decoder))
        case "initialization": self = .initialization(try Untrained(from: decoder))
        case "fitted-gaussian": self = .fitted(try None(from: decoder))
        case "perturbed": self = .perturbed(try Perturbed(from: decoder))
        case let other: throw decoder.unknownKind(other)
        }
    }

    /// Writes the kind beside its settings.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .gaussian(let gaussian): try encoder.encodeVariant("gaussian", gaussian)
        case .matched(let matched): try encoder.encodeVariant("matched", matched)
        case .initialization(let untrained): try encoder.encodeVariant("initialization", untrained)
        case .fitted(let none): try encoder.encodeVariant("fitted-gaussian", none)
        case .perturbed(let perturbed): try encoder.encodeVariant("perturbed", perturbed)
        }
    }
}
