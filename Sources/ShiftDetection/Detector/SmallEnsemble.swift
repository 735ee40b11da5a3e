import Networks
import Tensors

/// A small ensemble of perceptrons that is trained where nobody has a model: on the rows T, each network with a seed of
/// its own.
///
/// Two hidden layers of 16, ReLU, He-normal weights; cross-entropy; AdamW with decay 0.01, its rate falling from 0.01 to 0
/// by half a cosine; whole batches of up to 256 rows, 100 steps or 10 epochs, whichever is more. Short on purpose: networks
/// that know the training rows by heart rank new rows worse.
public enum SmallEnsemble {
    /// Trains networks on features [n, d] and the class of each row.
    ///
    /// - observe: sees how many steps are taken, of how many, and may throw to stop.
    public static func train(
        features: Tensor, labels: [Int32], classes: Int, networks: Int, seed: UInt64,
        observe: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> ShiftEnsemble {
        let architecture = Architecture.mlp(MLP.Config(widths: [features.shape[1], 16, 16, classes]))
        let network = architecture.network
        let batch = min(features.shape[0], 256)
        let perEpoch = PopulationTrainer.stepsPerEpoch(rows: features.shape[0], batch: batch)
        let epochs = max(10, (100 + perEpoch - 1) / perEpoch)
        let settings = PopulationTrainer.Settings(
            batch: batch, epochs: epochs, schedule: CosineSchedule(from: 0.01, to: 0, steps: epochs * perEpoch),
            purpose: "shift.ensemble", optimizer: { AdamW(shape: $0, decay: 0.01) })
        let trainer = PopulationTrainer(network, inputs: features, settings: settings) { outputs, batch in
            Loss.perSample(outputs, batch.oneHot(labels, classes: classes)) { Loss.crossEntropy($0, targets: $1) }
        }
        let seeds = (0..<UInt64(networks)).map { seed &+ $0 }
        var state = trainer.start(Initialization.heNormal.population(network.layout, seeds: seeds), seeds: seeds)
        try trainer.run(&state) { state, _ in try observe(state.step, trainer.steps) }
        return ShiftEnsemble(architecture: architecture, weights: state.weights)
    }
}
