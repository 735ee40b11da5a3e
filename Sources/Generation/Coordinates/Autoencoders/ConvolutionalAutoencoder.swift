import Basics
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

extension ConvolutionalAutoencoder {
    /// Channels, kernel, latent width and regularisation.
    public struct Config: AutoencoderSettings {
        /// Channels after each convolution; each halves the length. Convolution i (from 1) should have 2^i at least:
        /// with fewer a level is narrower than the weights, and even training networks do not come back. p-diff's 64,
        /// 128, 256, 256, 32 satisfy that at eight times the cost.
        public var channels = [8, 16, 32, 64, 64]
        /// Width of the convolutions' kernels, odd.
        public var kernel = 7
        /// Length of a code, K.
        public var latent = 128
        /// Groups of the group norms, a divisor of all channels; 0 leaves out the norms.
        public var groups = 8
        /// Weight of the Kullback-Leibler divergence; 0: noise of fixed size instead.
        public var klWeight = 0.0
        /// Standard deviation of the noise on latent codes in training where there is no divergence.
        public var latentNoise = 0.1
        /// Standard deviation of the noise on inputs in training.
        public var inputNoise = 1e-3

        /// p-diff's shape with fewer channels.
        public init() {}

        /// Settings that reconstruct a hundred networks of a few thousand weights: of 100 aligned MLPs 64-32-32-10 on
        /// the digits (97.2 %, their mean 87.2 %) the reconstructions have 97.0 %. Those of fresh networks have 36
        /// %, less than the mean network: K = 128 numbers know the span of the training networks and no more.
        public static var training: TrainingConfig {
            var config = TrainingConfig()
            (config.steps, config.batch, config.rate, config.finalRate) = (1000, 25, 4e-3, 1e-5)
            (config.warmUp, config.clip) = (50, 1)
            return config
        }

        /// What keeps the codes smooth.
        public var regularization: LatentRegularization {
            LatentRegularization(klWeight: klWeight, latentNoise: latentNoise, inputNoise: inputNoise)
        }

        /// Why no net can be made of this, or nil where one can.
        public var problem: String? {
            if !(1...8).contains(channels.count) { return "channels \(channels) are not 1 to 8 convolutions" }
            if !(0...64).contains(groups) { return "groups \(groups) is not in 0...64" }
            if !channels.allSatisfy({ (1...2048).contains($0) && $0.isMultiple(of: max(groups, 1)) }) {
                return "channels \(channels) are not multiples of groups \(groups) in 1...2048"
            }
            if !(3...63).contains(kernel) || kernel.isMultiple(of: 2) {
                return "kernel \(kernel) is not an odd number in 3...63"
            }
            if !(1...65_536).contains(latent) { return "latent \(latent) is not in 1...65536" }
            return regularization.problem
        }

        /// What can be set.
        public static let keys =
            [
                ConfigKey(
                    "channels", .list(.integer(1...2048), count: 1...8),
                    "Channels after each convolution; each halves the length"),
                ConfigKey("kernel", .integer(3...63), "Width of the kernels, odd"),
                ConfigKey("latent", .integer(1...65_536), "Length of a code"),
                ConfigKey(
                    "groups", .integer(0...64), "Groups of the group norms, a divisor of all channels; 0: no norms"),
            ] + LatentRegularization.keys

        /// Why no nets can be made of this, if none can.
        public func problems() -> [ConfigProblem] { ConfigProblem.own(problem) }

        /// The pair for networks of a layout.
        public func autoencoder(for layout: ParameterLayout) -> any Autoencoder {
            ConvolutionalAutoencoder(parameterCount: layout.count, config: self)
        }

        /// The kind with the length of a code.
        public var shortName: String { "autoencoder-\(latent)" }
    }
}
