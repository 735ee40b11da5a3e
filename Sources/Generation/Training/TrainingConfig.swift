import Basics
import Networks

/// The settings of a training run; defaults are DeepWeightFlow's (2026).
public struct TrainingConfig: Codable, Sendable, Equatable {
    /// Minibatch steps.
    public var steps = 30_000
    /// Rows in a minibatch.
    public var batch = 8
    /// Parts of a minibatch whose gradients are computed one by one, or on several ranks, and summed along a fixed tree; 1
    /// computes it in one piece.
    public var microBatches = 1
    /// Learning rate after the warm-up.
    public var rate = 5e-4
    /// Learning rate at the end of the cosine.
    public var finalRate = 1e-6
    /// Steps over which the rate rises in a straight line; 0: none.
    public var warmUp = 0
    /// Longest gradient, in Euclidean norm; 0: any.
    public var clip = 0.0
    /// Decoupled weight decay.
    public var decay = 1e-5
    /// AdamW's second-moment decay rate; the first is 0.9.
    public var beta2 = 0.95
    /// Decay of the exponential moving average that is used for sampling; nil samples with the final weights.
    public var emaDecay: Double?
    /// Steps after which the weights (their average, where one is kept) are put aside as the guide of samplers; nil: none are.
    public var guideStep: Int?
    /// Validation checks without a better validation loss after which training stops; 0: it never does.
    public var patience = 0
    /// Steps between two validation checks.
    public var checkEvery = 250

    /// DeepWeightFlow's settings.
    public init() {}

    /// The learning rate by step: a straight rise, then half a cosine.
    public var schedule: any Schedule {
        let cosine = CosineSchedule(from: rate, to: finalRate, steps: max(steps - warmUp, 1))
        return warmUp > 0 ? WarmUpSchedule(steps: warmUp, from: 1 / Double(warmUp + 1), then: cosine) : cosine
    }
}

extension TrainingConfig: ComponentConfig {
    /// What can be set.
    public static let keys = [
        ConfigKey("steps", .integer(1...100_000_000), "Minibatch steps"),
        ConfigKey("batch", .integer(1...65_536), "Rows in a minibatch"),
        ConfigKey(
            "microBatches", .integer(1...65_536),
            "Equal parts of a minibatch whose gradients are summed, as ranks can share them; 1: whole, on one rank"),
        ConfigKey("rate", .number(above: 0), "Learning rate after the warm-up, where the cosine starts"),
        ConfigKey("finalRate", .number(atLeast: 0), "Learning rate at the cosine's end"),
        ConfigKey("warmUp", .integer(0...100_000_000), "Steps over which the rate rises in a straight line"),
        ConfigKey("clip", .number(atLeast: 0), "Longest gradient; 0: any"),
        ConfigKey("decay", .number(atLeast: 0), "AdamW's decoupled weight decay"),
        ConfigKey("beta2", .number(atLeast: 0, below: 1), "AdamW's second-moment decay rate"),
        ConfigKey(
            "emaDecay", .optional(.number(above: 0, below: 1)),
            "Decay of the weights' moving average that is used; null uses the final weights"),
        ConfigKey(
            "guideStep", .optional(.integer(1...100_000_000)),
            "Steps after which the weights are put aside for sampling.autoguidance; null: none are"),
        ConfigKey(
            "patience", .integer(atLeast: 0),
            "Validation checks without a better loss to stop after, keeping the best check's weights; 0: never"),
        ConfigKey("checkEvery", .integer(1...100_000_000), "Steps between two validation checks"),
    ]

    /// A warm-up longer than the training, a guide that is no younger than what it guides, or parts that are not equal.
    public func problems() -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        func below(_ key: String, _ value: Int) {
            guard value >= steps else { return }
            problems.append(ConfigProblem(key, expected: "less than steps, \(steps)", found: "\(value)"))
        }
        if warmUp > 0 { below("warmUp", warmUp) }
        if let guideStep { below("guideStep", guideStep) }
        if !batch.isMultiple(of: microBatches) {
            problems.append(
                ConfigProblem(
                    "microBatches", expected: "a number that divides batch, \(batch)", found: "\(microBatches)",
                    hint: "the parts of a minibatch are of one size"))
        }
        return problems
    }
}
