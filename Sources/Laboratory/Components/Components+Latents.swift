import Basics
import Generation

// Tables of keys for nets over codes and for autoencoders; the settings themselves belong to Generation.

extension ConfigProblem {
    /// What a component says of its own settings, if anything.
    static func own(_ problem: String?) -> [ConfigProblem] {
        problem.map { [ConfigProblem("", expected: "settings that go together", found: $0)] } ?? []
    }
}

extension ResidualMLP.Config: ComponentConfig {
    /// Widths and depth.
    public static var keys: [ConfigKey] {
        [
            ConfigKey("width", .integer(1...16_384), "Features of the residual stream"),
            ConfigKey("depth", .integer(1...64), "Number of blocks"),
            ConfigKey("expansion", .number(atLeast: 0.01, atMost: 16), "Hidden units of a block, in units of the width"),
            ConfigKey("timeWidth", .integer(2...4096), "Width of the time embedding, even"),
            ConfigKey("dropout", .number(atLeast: 0, below: 1), "Dropout probability of a block's hidden units"),
        ]
    }

    /// What the net could not be made of.
    public func problems() -> [ConfigProblem] { ConfigProblem.own(problem) }
}

extension UNet1d.Config: ComponentConfig {
    /// Channels and kernels.
    public static var keys: [ConfigKey] {
        [
            ConfigKey("channels", .list(.integer(1...2048), count: 1...8), "Channels of each level; each halves the length"),
            ConfigKey("kernel", .integer(1...63), "Width of the kernels, odd"),
            ConfigKey("groups", .integer(1...64), "Groups of the group norms, a divisor of all channels"),
            ConfigKey("timeWidth", .integer(2...4096), "Width of the time embedding, even"),
            ConfigKey("dropout", .number(atLeast: 0, below: 1), "Dropout probability within a residual block"),
        ]
    }

    /// What the net could not be made of.
    public func problems() -> [ConfigProblem] { ConfigProblem.own(problem) }
}

extension NeuronTransformer.Config: ComponentConfig {
    /// Sizes for networks of some thousand weights.
    public init() { self.init(width: 128) }

    /// Widths and depth.
    public static var keys: [ConfigKey] {
        [
            ConfigKey("width", .integer(2...8192), "Features of a token, even, a multiple of heads"),
            ConfigKey("layers", .integer(0...64), "Blocks"),
            ConfigKey("heads", .integer(1...64), "Heads of the attention, a divisor of the width"),
            ConfigKey("hidden", .integer(1...65_536), "Hidden units of a block's perceptron"),
            ConfigKey("edgeWidth", .integer(1...4096), "Features of a message where a weight joins two units"),
        ]
    }

    /// A width that the heads do not divide.
    public func problems() -> [ConfigProblem] {
        ConfigProblem.own(isPossible ? nil : "width \(width), heads \(heads): an even width that the heads divide")
    }
}

extension ConvolutionalAutoencoder.Config: AutoencoderSettings {
    /// Channels, kernels, codes and noise.
    public static var keys: [ConfigKey] {
        [
            ConfigKey(
                "channels", .list(.integer(1...2048), count: 1...8), "Channels behind each convolution; each halves the length"
            ),
            ConfigKey("kernel", .integer(3...63), "Width of the kernels, odd"),
            ConfigKey("latent", .integer(1...65_536), "Length of a code"),
            ConfigKey("groups", .integer(0...64), "Groups of the group norms, a divisor of all channels; 0: no norms"),
        ] + LatentRegularization.keys
    }

    /// What the nets could not be made of.
    public func problems() -> [ConfigProblem] { ConfigProblem.own(problem) }
}

extension TokenAutoencoder.Config: AutoencoderSettings {
    /// Tokens, transformers, codes and noise.
    public static var keys: [ConfigKey] {
        [
            ConfigKey("tokenWidth", .integer(1...16_384), "Places of a token at most; longer rows of weights are cut"),
            ConfigKey("width", .integer(1...8192), "Features of a token inside the transformers"),
            ConfigKey("heads", .integer(1...64), "Attention heads, a divisor of the width"),
            ConfigKey("layers", .integer(1...32), "Blocks of the encoder, and of the decoder"),
            ConfigKey("latent", .integer(1...8192), "Length of a token's code"),
        ] + LatentRegularization.keys
    }

    /// What the nets could not be made of.
    public func problems() -> [ConfigProblem] { ConfigProblem.own(problem) }
}

extension LatentRegularization {
    /// The keys that both autoencoders have of it.
    static var keys: [ConfigKey] {
        [
            ConfigKey("klWeight", .number(atLeast: 0), "Weight of the Kullback-Leibler divergence; 0: noise of fixed size"),
            ConfigKey("latentNoise", .number(atLeast: 0), "Deviation of the noise on codes in training, at klWeight 0"),
            ConfigKey("inputNoise", .number(atLeast: 0), "Deviation of the noise on standardised weights in training"),
        ]
    }
}

extension OrbitStandardizedCoordinates: StoredCoordinates {}
