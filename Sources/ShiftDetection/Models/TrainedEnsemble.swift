import Basics
import Networks
import Tensors

/// Perceptrons trained on T side by side, each from fresh weights and its own seed: a deep ensemble.
///
/// Network i depends on the settings, the rows and (seed, i) alone, whatever the count.
///
/// Source: Lakshminarayanan, Pritzel, Blundell, Simple and scalable predictive uncertainty estimation, 2017, without its
/// adversarial examples.
public struct TrainedEnsemble: EnsembleConfig {
    /// Trained on T.
    public static let kind = EnsembleKind.trained
    /// M.
    public var count = 200
    /// The networks and their training.
    public var network = PerceptronConfig()

    /// Two hundred small perceptrons.
    public init() {}

    /// What can be set.
    public static let keys: [ConfigKey] =
        [ConfigKey("count", .integer(1...100_000), "Networks in the ensemble")]
        + .section("network", PerceptronConfig.self)

    /// Trains them.
    public func fit(_ rows: LabelledRows, seed: UInt64, progress: WorkProgress = .none) throws -> ShiftEnsemble {
        let seeds = (0..<count).map { Self.kind.seed($0, of: seed) }
        let weights = try network.train(on: rows, seeds: seeds, purpose: "shift.trained", progress: progress)
        let perceptron = network.perceptron(features: rows.features.shape[1], classes: rows.classes)
        return ShiftEnsemble(architecture: .mlp(perceptron), weights: weights)
    }
}
