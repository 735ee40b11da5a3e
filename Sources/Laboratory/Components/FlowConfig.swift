import Generation

/// A flow's settings: its path, which start goes to which code, and which times training looks at.
public struct FlowConfig: ComponentConfig {
    /// Shape of the path.
    public var path = Path.Kind.linear
    /// Noise around it.
    public var sigma = 1e-3
    /// Which start belongs to which code.
    public var coupling = CouplingConfig()
    /// Which times are looked at how often.
    public var times = TimesConfig()

    /// DeepWeightFlow's (2026): straight paths with noise 0.001, independent ends, uniform times.
    public init() {}

    /// Four keys and two sections.
    public static let keys =
        [
            ConfigKey("path", .choice(Path.Kind.allCases.map(\.rawValue)), "Shape of the path from source to data"),
            ConfigKey("sigma", .number(atLeast: 0), "Noise around the path, as its shape has it"),
        ] + .section("coupling", CouplingConfig.self) + .section("times", TimesConfig.self)

    /// A bridge without noise.
    public func problems() -> [ConfigProblem] {
        guard path == .schrodingerBridge, sigma == 0 else { return [] }
        return [ConfigProblem("sigma", expected: "above 0 with path: \(path.rawValue)", found: "0")]
    }
}

/// Which start of a minibatch belongs to which code.
public enum CouplingConfig: VariantConfig {
    /// As they were drawn.
    case independent
    /// The matching of least squared distance.
    case optimalTransport
    /// A random matching after an entropic plan.
    case sinkhorn(Entropic)

    /// An entropic plan's settings.
    public struct Entropic: ComponentConfig {
        /// epsilon.
        public var regularization = 0.05
        /// Whether it counts in mean costs.
        public var relative = true
        /// Most sweeps.
        public var sweeps = 200
        /// Mean error of the row sums that ends them.
        public var tolerance = 1e-3

        /// A twentieth of the mean cost.
        public init() {}
        /// Four keys.
        public static let keys = [
            ConfigKey("regularization", .number(above: 0), "Entropic regularisation; a Schrodinger bridge has 2 sigma^2"),
            ConfigKey("relative", .flag, "Whether it counts in units of the minibatch's mean squared distance"),
            ConfigKey("sweeps", .integer(1...100_000), "Most sweeps of Sinkhorn's iteration"),
            ConfigKey("tolerance", .number(above: 0), "Mean error of the row sums at which the sweeps end"),
        ]
    }

    /// As they were drawn.
    public init() { self = .independent }

    /// Independent first.
    public static let variants = [
        ConfigVariant("independent", SourceConfig.None.self, "starts and codes as they were drawn"),
        ConfigVariant("optimal-transport", SourceConfig.None.self, "the minibatch's matching of least squared distance"),
        ConfigVariant("sinkhorn", Entropic.self, "a random matching after the minibatch's entropic transport plan"),
    ]

    /// Reads the kind's settings.
    public init(from decoder: any Decoder) throws {
        switch try decoder.variantKind() {
        case "independent": self = .independent
        case "optimal-transport": self = .optimalTransport
        case "sinkhorn": self = .sinkhorn(try Entropic(from: decoder))
        case let other: throw decoder.unknownKind(other)
        }
    }

    /// Writes the kind beside its settings.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .independent: try encoder.encodeVariant("independent", SourceConfig.None())
        case .optimalTransport: try encoder.encodeVariant("optimal-transport", SourceConfig.None())
        case .sinkhorn(let entropic): try encoder.encodeVariant("sinkhorn", entropic)
        }
    }

    /// The coupling itself.
    var coupling: Coupling {
        switch self {
        case .independent: .independent
        case .optimalTransport: .optimalTransport
        case .sinkhorn(let entropic):
            .sinkhorn(
                Sinkhorn(
                    regularization: entropic.regularization, isRelative: entropic.relative, sweeps: entropic.sweeps,
                    tolerance: entropic.tolerance))
        }
    }
}

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
