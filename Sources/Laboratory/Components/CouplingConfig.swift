import Generation

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
