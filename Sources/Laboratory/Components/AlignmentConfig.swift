import Basics

/// Bringing a population into one symmetry frame before the generator sees it.
public struct AlignmentConfig: ComponentConfig {
    /// Whether hidden units are permuted to match the reference.
    public var enabled = true
    /// Which training network is the reference, counted among the training networks.
    public var reference = 0
    /// Most sweeps over the symmetry groups for one network.
    public var sweeps = 100

    /// Weight matching to training network 0.
    public init() {}

    /// Three keys.
    public static let keys = [
        ConfigKey("enabled", .flag, "Permute hidden units to match the reference (Git Re-Basin weight matching)"),
        ConfigKey("reference", .integer(atLeast: 0), "Which of the training networks is the reference"),
        ConfigKey("sweeps", .integer(1...10_000), "Most sweeps over the symmetry groups for one network"),
    ]
}
