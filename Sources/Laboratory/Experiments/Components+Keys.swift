import Generation
import ModelZoo
import Networks

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

extension ZooRecipe: ComponentConfig {
    /// A zoo's recipe.
    public static var keys: [ConfigKey] {
        .section("dataset", ZooRecipe.Data.self)
            + [
                ConfigKey("widths", .list(.integer(1...1 << 20), atLeast: 2), "Widths, input to output"),
                ConfigKey("activation", .choice(Activation.allCases.map(\.name)), "Nonlinearity between layers"),
                ConfigKey(
                    "initialization", .choice(Initialization.allCases.map(\.rawValue)),
                    "How weights are drawn before training"),
            ] + .section("training", ZooRecipe.Optimization.self)
            + .section("networks", ZooRecipe.Networks.self)
            + [
                ConfigKey(
                    "selection", .choice(ZooRecipe.Selection.allCases.map(\.rawValue)),
                    "Which checkpoint the zoo keeps; never chosen on test rows")
            ]
    }

    /// Widths that no memory holds, and shares that leave nothing to train on.
    public func problems() -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        if !MLP.Config.isPossible(widths) {
            problems.append(ConfigProblem("widths", expected: "at most 2^31 weights", found: "\(widths)"))
        }
        if dataset.validation + dataset.test >= 1 {
            problems.append(
                ConfigProblem(
                    "dataset.validation", expected: "less than 1 together with dataset.test",
                    found: "\(dataset.validation) and \(dataset.test)"))
        }
        return problems
    }
}

extension ZooRecipe.Data: ComponentConfig {
    /// Where inputs and labels come from.
    public static var keys: [ConfigKey] {
        [
            ConfigKey("name", .text, "A known data set (see `weightspace data list`), or a CSV file"),
            ConfigKey("scale", .number(), "Inputs are raw * scale + shift"),
            ConfigKey("shift", .number(), "Inputs are raw * scale + shift"),
            ConfigKey("validation", .number(atLeast: 0, below: 1), "Share of the training rows kept for validation"),
            ConfigKey("test", .number(atLeast: 0, below: 1), "Share of rows for testing; 0 takes the official test part"),
            ConfigKey("seed", .integer(atLeast: 0), "Key of the division"),
        ]
    }
}

extension ZooRecipe.Optimization: ComponentConfig {
    /// How each network is optimised.
    public static var keys: [ConfigKey] {
        [
            ConfigKey("rate", .number(above: 0), "Adam's learning rate"),
            ConfigKey("decay", .number(atLeast: 0), "Decoupled weight decay"),
            ConfigKey("batch", .integer(1...1 << 20), "Samples in a minibatch; every network draws its own"),
            ConfigKey("epochs", .integer(1...1_000_000), "Passes over the training rows"),
        ]
    }
}

extension ZooRecipe.Networks: ComponentConfig {
    /// How many networks of which split.
    public static var keys: [ConfigKey] {
        [
            ConfigKey("train", .integer(2...1_000_000), "Networks that generators may learn from"),
            ConfigKey("validation", .integer(0...1_000_000), "Networks that choose settings"),
            ConfigKey("test", .integer(0...1_000_000), "Held-out fresh networks, the yardstick of novelty"),
            ConfigKey("firstSeed", .integer(atLeast: 0), "Seed of the first network; each has its own"),
        ]
    }
}
