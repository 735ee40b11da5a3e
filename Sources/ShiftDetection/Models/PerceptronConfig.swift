import Basics
import Networks
import Tensors

/// The perceptrons of an ensemble and their training: enough for a table of some hundred rows, and no more than that.
///
/// AdamW at a rate that falls along half a cosine to 0, from He's normal weights. Few steps on purpose: networks that
/// have learnt T by heart rank new rows worse, and say less about a shift.
public struct PerceptronConfig: ComponentConfig {
    /// Widths of the hidden layers.
    public var hidden = [16, 16]
    /// Nonlinearity between layers.
    public var activation = Activation.relu
    /// Steps of training.
    public var steps = 100
    /// Most rows in a minibatch.
    public var batch = 256
    /// Learning rate at the first step.
    public var rate = 0.01
    /// Decoupled weight decay.
    public var decay = 0.01

    /// Two hidden layers of 16, trained for 100 steps.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey("hidden", .list(.integer(1...16_384), atLeast: 1), "Widths of the hidden layers"),
        ConfigKey("activation", .choice(Activation.allCases.map(\.name)), "Nonlinearity between layers"),
        ConfigKey("steps", .integer(1...10_000_000), "Steps of training"),
        ConfigKey(
            "batch", .integer(1...65_536), "Most rows in a minibatch; where there are fewer, every step sees all"),
        ConfigKey("rate", .number(above: 0), "Learning rate at the first step; it falls along half a cosine to 0"),
        ConfigKey("decay", .number(atLeast: 0), "AdamW's decoupled weight decay"),
    ]

    /// The perceptron for rows of `features` numbers and so many classes.
    public func perceptron(features: Int, classes: Int) -> MLP.Config {
        MLP.Config(widths: [features] + hidden + [classes], activation: activation)
    }

    /// Networks trained side by side, each from its own seed, [seeds, D].
    ///
    /// A network's bytes depend on settings, rows, purpose and its own seed alone. Throws `DataError` where training
    /// does not end in finite weights.
    func train(
        on rows: LabelledRows, seeds: [UInt64], purpose: String, progress: WorkProgress = .none
    ) throws -> Tensor {
        let network = perceptron(features: rows.features.shape[1], classes: rows.classes).network
        let (labels, classes) = (rows.labels, rows.classes)
        let settings = PopulationTrainer.Settings(
            batch: min(batch, rows.count), epochs: 1, schedule: CosineSchedule(from: rate, to: 0, steps: steps),
            purpose: purpose
        ) { [decay] in AdamW(shape: $0, decay: decay) }
        let trainer = PopulationTrainer(network, inputs: rows.features, settings: settings) { outputs, batch in
            Loss.perSample(outputs, batch.oneHot(labels, classes: classes)) { Loss.crossEntropy($0, targets: $1) }
        }
        var ends: [Tensor] = []
        for start in stride(from: 0, to: seeds.count, by: Self.group) {
            let own = Array(seeds[start..<min(start + Self.group, seeds.count)])
            var state = trainer.start(Initialization.heNormal.population(network.layout, seeds: own), seeds: own)
            for _ in 0..<steps { _ = trainer.step(&state) }
            ends.append(state.weights)
            try progress.report(start + own.count, of: seeds.count)
        }
        let weights = Tensor.concatenate(ends, axis: 0)
        guard weights.isFinite else {
            throw DataError(
                .malformed, path: "ensemble", problem: "training ended in weights that are not finite",
                hint: "a smaller rate may help, or features of a smaller scale")
        }
        return weights
    }

    /// Networks trained side by side; results do not depend on it.
    private static let group = 50
}
