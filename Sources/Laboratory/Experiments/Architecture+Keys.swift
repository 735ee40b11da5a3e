import Networks

// Tables of keys for architectures; descriptions and their defaults belong to Networks.

extension Architecture: VariantConfig {
    /// An MLP for the digits.
    public init() { self = .mlp(MLP.Config()) }

    /// All kinds.
    public static var variants: [ConfigVariant] {
        [ConfigVariant("mlp", MLP.Config.self, "a multilayer perceptron")]
    }
}

extension MLP.Config: ComponentConfig {
    /// An MLP for the digits.
    public init() { self.init(widths: [64, 32, 32, 10]) }

    /// Widths and activation.
    public static var keys: [ConfigKey] {
        [
            ConfigKey("widths", .list(.integer(1...1 << 20), atLeast: 2), "Widths, input to output"),
            ConfigKey("activation", .choice(Activation.allCases.map(\.name)), "Nonlinearity between layers"),
        ]
    }
}
