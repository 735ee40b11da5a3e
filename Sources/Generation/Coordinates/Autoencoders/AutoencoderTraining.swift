import Networks
import Tensors

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
    /// - rows: [N, D]; heldOut: [M, D], whose reconstruction error is told in every check and may stop the run.
    public func run(
        _ state: inout TrainingState, rows: Tensor, heldOut: Tensor? = nil,
        observe: (TrainingStep) throws -> Bool = { _ in true }
    ) rethrows -> TrainingOutcome {
        try Trainer(config: config, seed: seed, purpose: "autoencoder").run(
            &state, count: rows.shape[0],
            loss: { flat, indices, stream in
                autoencoder.loss(
                    Parameters(layout: autoencoder.layout, flat: flat), rows.gathered(axis: 0, indices), &stream)
            },
            heldOut: heldOut.map { held in { reconstructionError($0, rows: held) } }, observe: observe)
    }

    /// The mean over rows [M, D] and elements of (decode(encode(x)) - x)^2, without noise: of standardised rows 1 is
    /// what the mean alone reaches. 0 for no rows.
    public func reconstructionError(_ parameters: Tensor, rows: Tensor) -> Double {
        let coordinates = AutoencoderCoordinates(autoencoder: autoencoder, parameters: parameters)
        guard rows.count > 0 else { return 0 }
        return Loss.meanSquaredError(coordinates.decode(coordinates.encode(rows)), rows).scalar
    }
}
