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
