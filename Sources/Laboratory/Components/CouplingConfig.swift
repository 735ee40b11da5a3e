import Basics
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
        /// epsilon; nil is the path's own: 2 sigma^2 of a Schrodinger bridge, else a twentieth of the mean cost.
        public var regularization: Double?
        /// Whether a given epsilon counts in mean costs.
        public var relative = true
        /// Most sweeps.
        public var sweeps = 200
        /// Mean error of the row sums that ends them.
        public var tolerance = 1e-3

        /// The path's own.
        public init() {}
        /// Four keys.
        public static let keys = [
            ConfigKey(
                "regularization", .optional(.number(above: 0)),
                "Entropic regularisation; null: 2 sigma^2 with path: schrodinger-bridge, 0.05 mean squared distances "
                    + "with others"),
            ConfigKey("relative", .flag, "Whether a given one counts in the minibatch's mean squared distances"),
            ConfigKey("sweeps", .integer(1...100_000), "Most sweeps of Sinkhorn's iteration"),
            ConfigKey("tolerance", .number(above: 0), "Mean error of the row sums at which the sweeps end"),
        ]

        /// An absolute epsilon that was not given.
        public func problems() -> [ConfigProblem] {
            guard regularization == nil, !relative else { return [] }
            return [ConfigProblem("regularization", expected: "a number with relative: false", found: "null")]
        }

        /// The plan's settings for pairs along a path. Tong et al. 2023, SB-CFM: a bridge of diffusion sigma between
        /// the pairs of the plan with epsilon = 2 sigma^2, absolute, is the Schrodinger bridge.
        func sinkhorn(along path: Path) -> Sinkhorn {
            let isBridge = path.kind == .schrodingerBridge
            return Sinkhorn(
                regularization: regularization ?? (isBridge ? 2 * path.sigma * path.sigma : 0.05),
                isRelative: regularization == nil ? !isBridge : relative, sweeps: sweeps, tolerance: tolerance)
        }
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

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        if case .sinkhorn(let entropic) = self { return entropic.problems() }
        return []
    }

    /// The value of `kind`.
    var kind: String {
        switch self {
        case .independent: "independent"
        case .optimalTransport: "optimal-transport"
        case .sinkhorn: "sinkhorn"
        }
    }

    /// The coupling itself, of the ends of a path.
    func coupling(along path: Path) -> Coupling {
        switch self {
        case .independent: .independent
        case .optimalTransport: .optimalTransport
        case .sinkhorn(let entropic): .sinkhorn(entropic.sinkhorn(along: path))
        }
    }
}
