import Networks
import Tensors

/// Convolutions along the flat vector of weights down to one short code, and transposed convolutions back.
///
///     encoder: [B, 1, L] -> (Conv1d, stride 2 -> group norm -> leaky ReLU) x n -> flatten -> Linear -> m [B, K]
///     decoder: [B, K] -> Linear -> ELU -> (ConvTranspose1d, stride 2 -> group norm -> ELU) x n -> Conv1d -> [B, 1, L]
///
/// L is D padded with zeros to a multiple of 2^n; the decoder's channels are the encoder's in reverse, the first twice.
/// With a divergence a second Linear gives the log variance, clamped to [-20, 10].
///
/// Source: the one-dimensional VAE of p-diff (Wang et al., Neural network diffusion, 2024) as released: stride 2,
/// kernel 7, channels 64, 128, 256, 256, 32, latent noise 0.1 and no divergence. Where we differ: group norms for its
/// batch norms, so that a network's code does not depend on those beside it; one linear layer before the heads less;
/// fewer channels.
public struct ConvolutionalAutoencoder: Autoencoder {
    /// Where the pair's parameters lie.
    public let layout: ParameterLayout
    /// D.
    public let parameterCount: Int
    /// Settings.
    public let config: Config
    /// L.
    let length: Int
    private let downward: [(convolution: Conv1d, norm: GroupNorm?)]
    private let mean: Linear
    private let logVariance: Linear?
    private let entry: Linear
    private let upward: [(convolution: ConvTranspose1d, norm: GroupNorm?)]
    private let head: Conv1d

    /// K.
    public var dimension: Int { config.latent }
    /// What keeps the codes smooth.
    public var regularization: LatentRegularization { config.regularization }

    /// Declares the layers for networks of D weights. Traps unless D is positive and the config has no problem.
    public init(parameterCount: Int, config: Config = Config()) {
        precondition(
            parameterCount > 0 && config.problem == nil,
            "ConvolutionalAutoencoder: \(parameterCount) weights, \(config.problem ?? "")")
        var builder = ParameterLayout.Builder()
        let channels = config.channels, unit = 1 << channels.count
        func norm(_ name: String, _ channels: Int) -> GroupNorm? {
            guard config.groups > 0 else { return nil }
            return GroupNorm(name, groups: config.groups, channels: channels, spatialRank: 1, layout: &builder)
        }
        length = (parameterCount + unit - 1) / unit * unit
        var inputs = 1
        downward = channels.enumerated().map { index, outputs in
            let convolution = Conv1d(
                "encoder.\(index)", in: inputs, out: outputs, kernel: config.kernel, stride: 2,
                padding: config.kernel / 2, layout: &builder)
            inputs = outputs
            return (convolution, norm("encoder.\(index).norm", outputs))
        }
        let flat = inputs * (length / unit)
        mean = Linear("mean", in: flat, out: config.latent, layout: &builder)
        logVariance =
            config.klWeight > 0 ? Linear("log_variance", in: flat, out: config.latent, layout: &builder) : nil
        entry = Linear("decoder.entry", in: config.latent, out: flat, layout: &builder)
        upward = (channels.dropLast().reversed() + [channels[0]]).enumerated().map { index, outputs in
            let convolution = ConvTranspose1d(
                "decoder.\(index)", in: inputs, out: outputs, kernel: config.kernel, stride: 2,
                padding: config.kernel / 2, outputPadding: 1, layout: &builder)
            inputs = outputs
            return (convolution, norm("decoder.\(index).norm", outputs))
        }
        head = Conv1d(
            "head", in: inputs, out: 1, kernel: config.kernel, padding: config.kernel / 2, layout: &builder)
        layout = builder.layout()
        self.parameterCount = parameterCount
        self.config = config
    }

    /// PyTorch's default initialisation.
    public func initialParameters(seed: UInt64) -> Tensor {
        Initialization.pytorch.network(layout, RandomStream(seed: seed, purpose: "autoencoder.initialization"))
    }

    /// Mean and log variance [B, K] of the codes of x [B, D].
    public func posterior(_ parameters: Parameters, _ x: Tensor) -> (mean: Tensor, logVariance: Tensor?) {
        let padded = x.padded(axis: 1, before: 0, after: length - parameterCount)
        var h = padded.reshaped([x.shape[0], 1, length])
        for stage in downward {
            h = stage.convolution(parameters, h)
            h = (stage.norm.map { $0(parameters, h) } ?? h).leakyReLU()
        }
        let flat = h.reshaped([x.shape[0], -1])
        return (mean(parameters, flat), logVariance.map { $0(parameters, flat).clamped(to: -20...10) })
    }

    /// Codes [B, K] to [B, D].
    public func decode(_ parameters: Parameters, _ z: Tensor) -> Tensor {
        var h = entry(parameters, z).elu().reshaped([z.shape[0], config.channels[config.channels.count - 1], -1])
        for stage in upward {
            h = stage.convolution(parameters, h)
            h = (stage.norm.map { $0(parameters, h) } ?? h).elu()
        }
        return head(parameters, h).reshaped([z.shape[0], length]).sliced(axis: 1, 0..<parameterCount)
    }
}
