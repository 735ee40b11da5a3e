import Basics
import Networks

/// The settings of tuning a generator to a reward.
public struct TuningConfig: ComponentConfig {
    /// Optimizer steps.
    public var steps = 100
    /// Trajectories, each of a new sample, for a step.
    public var batch = 16
    /// Steps of a trajectory.
    public var path = 40
    /// Share of a trajectory's steps that each optimizer step looks at: as large a last part always, and as large a part
    /// of the rest by chance.
    public var share = 0.25
    /// Learning rate at the start of the cosine.
    public var rate = 1e-3
    /// Learning rate at its end.
    public var finalRate = 1e-4
    /// Longest gradient; 0: any.
    public var clip = 1.0
    /// Quantile of the rows' errors above which a row counts no more than a row there; 1: never.
    public var quantile = 0.95

    /// A hundred steps.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey("steps", .integer(1...1_000_000), "Optimizer steps"),
        ConfigKey("batch", .integer(1...65_536), "Trajectories for a step"),
        ConfigKey("path", .integer(2...10_000), "Steps of a trajectory from the source to the data"),
        ConfigKey(
            "share", .number(above: 0, atMost: 1),
            "Share of a trajectory that a step looks at: its last part always, and as large a share of the rest"),
        ConfigKey("rate", .number(above: 0), "Learning rate at the start of the cosine"),
        ConfigKey("finalRate", .number(atLeast: 0), "Learning rate at the cosine's end"),
        ConfigKey("clip", .number(atLeast: 0), "Longest gradient; 0: any"),
        ConfigKey(
            "quantile", .number(above: 0, atMost: 1),
            "Quantile of errors, a running mean, above which a row counts no more than one there; 1: no limit"),
    ]

    /// The training loop's settings: no weight decay, which would move a net that the reward leaves alone.
    var training: TrainingConfig {
        var training = TrainingConfig()
        (training.steps, training.batch, training.rate, training.finalRate) = (steps, batch, rate, finalRate)
        (training.clip, training.decay, training.beta2, training.checkEvery) = (clip, 0, 0.99, max(1, steps / 10))
        return training
    }

    /// The steps of a trajectory that an optimizer step looks at, in order: the last ones always.
    func lookedAt(_ count: Int, _ permutation: (Int) -> [Int]) -> [Int] {
        let last = max(1, Int((Double(count) * share).rounded(.up)))
        let rest = count - last
        let drawn = permutation(rest).prefix(Int((Double(rest) * share).rounded(.up)))
        return drawn.sorted() + (rest..<count)
    }

    /// Evaluations of the net that tuning costs, a product with its derivatives by inputs or by weights counted as one
    /// more: every trajectory is followed, its adjoint brought back, and the looked-at steps learned from.
    public var evaluations: Int {
        let looked = lookedAt(path) { Array(0..<$0) }.count
        return steps * batch * (path * 3 + looked * 4)
    }
}
