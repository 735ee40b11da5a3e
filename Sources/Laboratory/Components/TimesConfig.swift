import Basics
import Generation

/// Which times in [0, 1] training looks at how often.
public enum TimesConfig: VariantConfig {
    /// All alike.
    case uniform
    /// A Beta distribution.
    case beta(Shapes)
    /// The logistic function of a Gaussian.
    case logitNormal(Normal)

    /// A Beta distribution's shapes.
    public struct Shapes: ComponentConfig {
        /// First shape.
        public var alpha = 2.0
        /// Second shape.
        public var beta = 5.0

        /// Beta(2, 5), an option of DeepWeightFlow's code.
        public init() {}
        /// Two keys.
        public static let keys = [
            ConfigKey("alpha", .number(atLeast: 0.05, atMost: 1000), "First shape: large looks at the data's end more"),
            ConfigKey("beta", .number(atLeast: 0.05, atMost: 1000), "Second shape: large looks at the source's end more"),
        ]
    }

    /// The Gaussian below a logit-normal.
    public struct Normal: ComponentConfig {
        /// Its mean.
        public var mean = 0.0
        /// Its standard deviation.
        public var std = 1.0

        /// N(0, 1), as Esser et al. (2024) found best.
        public init() {}
        /// Two keys.
        public static let keys = [
            ConfigKey("mean", .number(atLeast: -20, atMost: 20), "Mean of the time's logit"),
            ConfigKey("std", .number(above: 0, atMost: 20), "Standard deviation of the time's logit"),
        ]
    }

    /// All alike.
    public init() { self = .uniform }

    /// Uniform first.
    public static let variants = [
        ConfigVariant("uniform", SourceConfig.None.self, "U(0, 1)"),
        ConfigVariant("beta", Shapes.self, "Beta(alpha, beta)"),
        ConfigVariant("logit-normal", Normal.self, "1 / (1 + exp(-z)), z from N(mean, std^2)"),
    ]

    /// Reads the kind's settings.
    public init(from decoder: any Decoder) throws {
        switch try decoder.variantKind() {
        case "uniform": self = .uniform
        case "beta": self = .beta(try Shapes(from: decoder))
        case "logit-normal": self = .logitNormal(try Normal(from: decoder))
        case let other: throw decoder.unknownKind(other)
        }
    }

    /// Writes the kind beside its settings.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .uniform: try encoder.encodeVariant("uniform", SourceConfig.None())
        case .beta(let shapes): try encoder.encodeVariant("beta", shapes)
        case .logitNormal(let normal): try encoder.encodeVariant("logit-normal", normal)
        }
    }

    /// The distribution itself.
    var distribution: TimeDistribution {
        switch self {
        case .uniform: .uniform
        case .beta(let shapes): .beta(alpha: shapes.alpha, beta: shapes.beta)
        case .logitNormal(let normal): .logitNormal(mean: normal.mean, std: normal.std)
        }
    }
}
