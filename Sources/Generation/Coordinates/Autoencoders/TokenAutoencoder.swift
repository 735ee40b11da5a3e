import Basics
import Networks
import Tensors

/// A transformer over a network's output channels down to a short code for each, and another one back.
///
///     tokens [B, T, W] -> Linear -> + positions -> blocks -> layer norm -> Linear -> m [B, T k], k numbers a token
///     m -> Linear -> + positions -> blocks -> layer norm -> Linear -> tokens [B, T, W] -> weights [B, D]
///
/// K = T k. The loss looks at weights alone, so padding never counts. With a divergence the last layer of the encoder
/// gives log variances too, clamped to [-20, 10].
///
/// Source: Schürholt, Mahoney, Borth, Towards scalable and versatile weight space learning (SANE), 2024. Where we
/// differ: a window is the whole network; one learned position a token in the place of three; no contrastive term (they
/// weigh it by 0.05); layers are standardised beforehand by `SlotStandardizedCoordinates`.
public struct TokenAutoencoder: Autoencoder {
    /// Where the pair's parameters lie.
    public let layout: ParameterLayout
    /// Settings.
    public let config: Config
    let tokens: WeightTokens
    private let encoder: TokenTransformer
    private let decoder: TokenTransformer

    /// D.
    public var parameterCount: Int { tokens.parameterCount }
    /// K = T k.
    public var dimension: Int { tokens.count * config.latent }
    /// What keeps the codes smooth.
    public var regularization: LatentRegularization { config.regularization }

    /// Declares the layers for networks of a layout. Traps unless that has weights and the config has no problem.
    public init(parameters networks: ParameterLayout, config: Config = Config()) {
        precondition(
            networks.count > 0 && config.problem == nil,
            "TokenAutoencoder: \(networks.count) weights, \(config.problem ?? "")")
        var builder = ParameterLayout.Builder()
        tokens = WeightTokens(networks, maximumWidth: config.tokenWidth)
        let outputs = config.klWeight > 0 ? 2 * config.latent : config.latent
        encoder = TokenTransformer(
            "encoder", tokens: tokens.count, in: tokens.width, out: outputs, config: config, layout: &builder)
        decoder = TokenTransformer(
            "decoder", tokens: tokens.count, in: config.latent, out: tokens.width, config: config, layout: &builder)
        layout = builder.layout()
        self.config = config
    }

    /// PyTorch's default initialisation; positions N(0, 0.02^2).
    public func initialParameters(seed: UInt64) -> Tensor {
        let stream = RandomStream(seed: seed, purpose: "autoencoder.initialization")
        return Initialization.pytorch.network(layout, stream) { $0.role == .embedding ? 0.02 : 1 }
    }

    /// Mean and log variance [B, K] of the codes of x [B, D].
    public func posterior(_ parameters: Parameters, _ x: Tensor) -> (mean: Tensor, logVariance: Tensor?) {
        let result = encoder(parameters, tokens(x)), latent = config.latent
        func codes(_ columns: Range<Int>) -> Tensor {
            result.sliced(axis: 2, columns).reshaped([x.shape[0], dimension])
        }
        let logVariance = config.klWeight > 0 ? codes(latent..<(2 * latent)).clamped(to: -20...10) : nil
        return (codes(0..<latent), logVariance)
    }

    /// Codes [B, K] to [B, D].
    public func decode(_ parameters: Parameters, _ z: Tensor) -> Tensor {
        tokens.weights(of: decoder(parameters, z.reshaped([z.shape[0], tokens.count, config.latent])))
    }
}

extension TokenAutoencoder {
    /// Widths, depth and regularisation.
    public struct Config: AutoencoderSettings {
        /// Places of a token at most; longer rows of weights are cut.
        public var tokenWidth = 288
        /// Features of a token inside the transformers.
        public var width = 128
        /// Attention heads, a divisor of the width.
        public var heads = 4
        /// Transformer blocks of the encoder, and of the decoder.
        public var layers = 2
        /// Length of a token's code. Tokens shorter than this make codes longer than what they stand for.
        public var latent = 48
        /// Weight of the Kullback-Leibler divergence; 0: noise of fixed size instead.
        public var klWeight = 0.0
        /// Standard deviation of the noise on latent codes in training where there is no divergence.
        public var latentNoise = 0.02
        /// Standard deviation of the noise on inputs in training.
        public var inputNoise = 1e-3

        /// A small relative of SANE's.
        public init() {}

        /// Settings that reconstruct a hundred networks of a few thousand weights: of 100 aligned MLPs 64-32-32-10 on
        /// the digits (97.2 %, their mean 87.2 %) the reconstructions have 96.8 %, those of fresh networks 94.0 %,
        /// which longer training lowers. A slot-standardised error of 0.011 and 0.145.
        public static var training: TrainingConfig {
            var config = TrainingConfig()
            (config.steps, config.batch, config.rate, config.finalRate) = (450, 32, 2e-3, 1e-5)
            (config.warmUp, config.clip) = (50, 1)
            return config
        }

        /// What keeps the codes smooth.
        public var regularization: LatentRegularization {
            LatentRegularization(klWeight: klWeight, latentNoise: latentNoise, inputNoise: inputNoise)
        }

        /// Why no net can be made of this, or nil where one can.
        public var problem: String? {
            if !(1...16_384).contains(tokenWidth) { return "tokenWidth \(tokenWidth) is not in 1...16384" }
            if !(1...8192).contains(width) { return "width \(width) is not in 1...8192" }
            if !(1...64).contains(heads) || !width.isMultiple(of: heads) {
                return "heads \(heads) is not a divisor of width \(width) in 1...64"
            }
            if !(1...32).contains(layers) { return "layers \(layers) is not in 1...32" }
            if !(1...8192).contains(latent) { return "latent \(latent) is not in 1...8192" }
            return regularization.problem
        }

        /// What can be set.
        public static let keys =
            [
                ConfigKey(
                    "tokenWidth", .integer(1...16_384), "Places of a token at most; longer rows of weights are cut"),
                ConfigKey("width", .integer(1...8192), "Features of a token inside the transformers"),
                ConfigKey("heads", .integer(1...64), "Attention heads, a divisor of the width"),
                ConfigKey("layers", .integer(1...32), "Blocks of the encoder, and of the decoder"),
                ConfigKey("latent", .integer(1...8192), "Length of a token's code"),
            ] + LatentRegularization.keys

        /// Why no nets can be made of this, if none can.
        public func problems() -> [ConfigProblem] { ConfigProblem.own(problem) }

        /// The pair for networks of a layout.
        public func autoencoder(for layout: ParameterLayout) -> any Autoencoder {
            TokenAutoencoder(parameters: layout, config: self)
        }

        /// The kind with the length of a code.
        public var shortName: String { "tokens of \(latent)" }
    }
}

/// A stack of transformer blocks between two linear layers, over tokens with learned positions.
struct TokenTransformer: Sendable {
    private let entry: Linear
    private let positions: Slot
    private let blocks: [TransformerBlock]
    private let norm: LayerNorm
    private let head: Linear

    /// Declares `name.entry`, `name.positions`, `name.blocks.0 ...`, `name.norm` and `name.head`.
    init(
        _ name: String, tokens: Int, in inputs: Int, out outputs: Int, config: TokenAutoencoder.Config,
        layout: inout ParameterLayout.Builder
    ) {
        entry = Linear("\(name).entry", in: inputs, out: config.width, layout: &layout)
        positions = layout.addSlot("\(name).positions", shape: [tokens, config.width], role: .embedding)
        let block = TransformerBlock.Config(width: config.width, heads: config.heads)
        blocks = (0..<config.layers).map { TransformerBlock("\(name).blocks.\($0)", block, layout: &layout) }
        norm = LayerNorm("\(name).norm", width: config.width, layout: &layout)
        head = Linear("\(name).head", in: config.width, out: outputs, layout: &layout)
    }

    /// [B, T, in] to [B, T, out].
    func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        var h = Self.onTokens(x) { entry(parameters, $0) } + parameters[positions]
        for block in blocks { h = block(parameters, h) }
        return Self.onTokens(norm(parameters, h)) { head(parameters, $0) }
    }

    /// Runs a layer on tokens [B, T, in] as rows [B T, in].
    private static func onTokens(_ x: Tensor, _ layer: (Tensor) -> Tensor) -> Tensor {
        let (batch, tokens) = (x.shape[0], x.shape[1])
        let rows = layer(x.reshaped([batch * tokens, x.shape[2]]))
        return rows.reshaped([batch, tokens, rows.shape[1]])
    }
}
