import Generation

// Tables of keys for configurations that lower rooms own: they know nothing of files and messages, so the tables
// stand here.

extension FlowMatching.Config: ComponentConfig {
    /// DeepWeightFlow's settings of training.
    public static var keys: [ConfigKey] {
        [
            ConfigKey("steps", .integer(1...100_000_000), "Minibatch steps"),
            ConfigKey("batch", .integer(1...65_536), "Codes in a minibatch"),
            ConfigKey("rate", .number(above: 0), "Learning rate at the start of the cosine"),
            ConfigKey("finalRate", .number(atLeast: 0), "Learning rate at its end"),
            ConfigKey("decay", .number(atLeast: 0), "AdamW's decoupled weight decay"),
            ConfigKey("beta2", .number(atLeast: 0, below: 1), "AdamW's second-moment decay rate"),
            ConfigKey("sigma", .number(atLeast: 0), "Noise around the straight path"),
            ConfigKey("sourceStd", .number(above: 0), "Standard deviation of the Gaussian source"),
            ConfigKey(
                "emaDecay", .optional(.number(above: 0, below: 1)),
                "Decay of the weights' moving average that samples are drawn with; null draws with the final weights"),
        ]
    }
}
