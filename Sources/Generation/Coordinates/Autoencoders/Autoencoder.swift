import Basics
import Networks
import Tensors

/// A pair of nets, with their own weights in one flat vector, that make a short code of a network's weights and undo
/// it.
public protocol Autoencoder: Sendable {
    /// Where the parameters of the pair lie.
    var layout: ParameterLayout { get }
    /// D, the length of what is encoded.
    var parameterCount: Int { get }
    /// K, the length of a code.
    var dimension: Int { get }
    /// What keeps the codes smooth.
    var regularization: LatentRegularization { get }
    /// The pair's parameters before training, [layout.count].
    func initialParameters(seed: UInt64) -> Tensor
    /// Mean and log variance [B, K] of the codes of x [B, D]; no variance without a divergence (`klWeight` 0).
    func posterior(_ parameters: Parameters, _ x: Tensor) -> (mean: Tensor, logVariance: Tensor?)
    /// Codes [B, K] to [B, D].
    func decode(_ parameters: Parameters, _ z: Tensor) -> Tensor
    /// How wrong decoded networks [B, D] are, [], beside those that were encoded; draws, if any, from `stream`.
    func difference(_ decoded: Tensor, _ x: Tensor, _ stream: inout RandomStream) -> Tensor
}

extension Autoencoder {
    /// The mean squared error of the weights.
    public func difference(_ decoded: Tensor, _ x: Tensor, _ stream: inout RandomStream) -> Tensor {
        Loss.meanSquaredError(decoded, x)
    }

    /// The posterior means of x [B, D], [B, K].
    public func encode(_ parameters: Parameters, _ x: Tensor) -> Tensor { posterior(parameters, x).mean }

    /// The training loss of x [B, D], all draws from `stream`:
    ///
    ///     difference(decode(z), x) + klWeight / D * mean over B of KL,   z = m + s eps
    ///     m, s from x + inputNoise eps';   KL = sum over K of (m^2 + s^2 - 1 - log s^2) / 2
    ///
    /// The difference is the mean over B, D of (decode(z) - x)^2 where the autoencoder knows no other.
    ///
    /// Without a divergence s is `latentNoise`. klWeight is 2 sigma^2 for a Gaussian likelihood of variance sigma^2:
    /// then this is the evidence bound of Kingma & Welling, Auto-encoding variational Bayes, 2014, up to factor and
    /// constant.
    public func loss(_ parameters: Parameters, _ x: Tensor, _ stream: inout RandomStream) -> Tensor {
        let regularization = regularization
        let input = regularization.inputNoise > 0 ? x + stream.normal(x.shape) * regularization.inputNoise : x
        let (mean, logVariance) = posterior(parameters, input)
        let noise = stream.normal(mean.shape)
        guard let logVariance else {
            return difference(decode(parameters, mean + noise * regularization.latentNoise), x, &stream)
        }
        let z = mean + noise * (logVariance * 0.5).exp()
        let divergence = (mean.square() + logVariance.exp() - logVariance - 1).sum() * (0.5 / Double(x.shape[0]))
        return difference(decode(parameters, z), x, &stream)
            + divergence * (regularization.klWeight / Double(parameterCount))
    }
}

/// What keeps an autoencoder's latent space smooth: noise of fixed size, or a real variational bound.
public struct LatentRegularization: Codable, Sendable, Equatable {
    /// Weight of the Kullback-Leibler divergence from N(0, I); 0: none, and noise of fixed size instead.
    public var klWeight: Double
    /// Standard deviation of the noise on latent codes in training where there is no divergence.
    public var latentNoise: Double
    /// Standard deviation of the noise on inputs in training.
    public var inputNoise: Double

    /// Fixed noise; p-diff's sizes by default.
    public init(klWeight: Double = 0, latentNoise: Double = 0.1, inputNoise: Double = 1e-3) {
        self.klWeight = klWeight
        self.latentNoise = latentNoise
        self.inputNoise = inputNoise
    }

    /// Why nothing can be trained with this, or nil where it can.
    public var problem: String? {
        if !(0...1e6).contains(klWeight) { return "klWeight \(klWeight) is not in 0...1e6" }
        if !(0...10).contains(latentNoise) { return "latentNoise \(latentNoise) is not in 0...10" }
        return (0...10).contains(inputNoise) ? nil : "inputNoise \(inputNoise) is not in 0...10"
    }
}

extension LatentRegularization {
    /// What both autoencoders let one set of it.
    static let keys = [
        ConfigKey("klWeight", .number(atLeast: 0), "Weight of the Kullback-Leibler divergence; 0: noise of fixed size"),
        ConfigKey("latentNoise", .number(atLeast: 0), "Deviation of the noise on codes in training, at klWeight 0"),
        ConfigKey("inputNoise", .number(atLeast: 0), "Deviation of the noise on standardised weights in training"),
    ]
}

/// Trains an autoencoder on networks, standardised beforehand.
public struct AutoencoderTraining: Sendable {
    /// Settings.
    public let config: TrainingConfig
    /// The pair to train.
    public let autoencoder: any Autoencoder
    /// Key of all randomness.
    public let seed: UInt64

    /// Prepares a run.
    public init(config: TrainingConfig, autoencoder: any Autoencoder, seed: UInt64) {
        self.config = config
        self.autoencoder = autoencoder
        self.seed = seed
    }

    /// The untrained state.
    public func start() -> TrainingState {
        TrainingState(parameters: autoencoder.initialParameters(seed: seed), config: config)
    }

    /// Takes steps from `state` on, as `Trainer.run`.
    ///
    /// - rows: [N, D]; validation: [M, D], whose reconstruction error every check reports and may stop the run.
    public func run(
        _ state: inout TrainingState, rows: Tensor, validation: Tensor? = nil,
        observe: (TrainingStep) throws -> Bool = { _ in true }
    ) rethrows -> TrainingOutcome {
        try Trainer(config: config, seed: seed, purpose: "autoencoder").run(
            &state, count: rows.shape[0],
            parts: { indices, _ in
                { [autoencoder] flat, part, stream in
                    autoencoder.loss(
                        Parameters(layout: autoencoder.layout, flat: flat),
                        rows.gathered(axis: 0, Array(indices[part])), &stream)
                }
            },
            validation: validation.map { rows in { reconstructionError($0, rows: rows) } }, observe: observe)
    }

    /// The difference of decode(encode(x)) from rows x [M, D], without noise: of the weights of standardised rows 1 is
    /// what the mean alone reaches. 0 for no rows. What it draws is the same in every call.
    public func reconstructionError(_ parameters: Tensor, rows: Tensor) -> Double {
        let coordinates = AutoencoderCoordinates(autoencoder: autoencoder, parameters: parameters)
        guard rows.count > 0 else { return 0 }
        var stream = RandomStream(seed: seed, purpose: "autoencoder.check")
        return autoencoder.difference(coordinates.decode(coordinates.encode(rows)), rows, &stream).scalar
    }
}
