import Basics

extension TrainingConfig: ComponentConfig {
    /// What can be set.
    public static let keys = [
        ConfigKey("steps", .integer(1...100_000_000), "Minibatch steps"),
        ConfigKey("batch", .integer(1...65_536), "Rows in a minibatch"),
        ConfigKey("rate", .number(above: 0), "Learning rate behind the warm-up, where the cosine starts"),
        ConfigKey("finalRate", .number(atLeast: 0), "Learning rate at the cosine's end"),
        ConfigKey("warmUp", .integer(0...100_000_000), "Steps over which the rate rises in a straight line"),
        ConfigKey("clip", .number(atLeast: 0), "Longest gradient; 0: any"),
        ConfigKey("decay", .number(atLeast: 0), "AdamW's decoupled weight decay"),
        ConfigKey("beta2", .number(atLeast: 0, below: 1), "AdamW's second-moment decay rate"),
        ConfigKey(
            "emaDecay", .optional(.number(above: 0, below: 1)),
            "Decay of the weights' moving average that is used; null uses the final weights"),
        ConfigKey(
            "patience", .integer(atLeast: 0),
            "Held-out checks without a better loss to stop after, keeping the best check's weights; 0: never"),
        ConfigKey("checkEvery", .integer(1...100_000_000), "Steps between two held-out checks"),
    ]

    /// A warm-up longer than the training.
    public func problems() -> [ConfigProblem] {
        guard warmUp > 0, warmUp >= steps else { return [] }
        return [ConfigProblem("warmUp", expected: "less than steps, \(steps)", found: "\(warmUp)")]
    }
}
