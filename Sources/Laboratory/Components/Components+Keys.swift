import Basics
import Generation

// Tables of keys for configurations that lower rooms own: they know nothing of files and messages, so the tables
// stand here.

extension TrainingConfig: ComponentConfig {
    /// One training loop's settings.
    public static var keys: [ConfigKey] {
        [
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
                "Validation checks without a better loss to stop after, keeping the best check's weights; 0: never"),
            ConfigKey("checkEvery", .integer(1...100_000_000), "Steps between two validation checks"),
        ]
    }

    /// A warm-up longer than the training.
    public func problems() -> [ConfigProblem] {
        guard warmUp > 0, warmUp >= steps else { return [] }
        return [ConfigProblem("warmUp", expected: "less than steps, \(steps)", found: "\(warmUp)")]
    }
}

extension DDPMConfig: ComponentConfig {
    /// Ho et al.'s settings.
    public static var keys: [ConfigKey] {
        [
            ConfigKey(
                "schedule", .choice(Schedule.allCases.map(\.rawValue)),
                "How noise rises: linear betas, cosine products, or linear betas in continuous time"),
            ConfigKey("steps", .integer(2...100_000), "Steps of the chain"),
            ConfigKey("betaStart", .number(above: 0, below: 1), "First beta"),
            ConfigKey("betaEnd", .number(above: 0, below: 1), "Last beta"),
            ConfigKey(
                "parameterization", .choice(Parameterization.allCases.map(\.rawValue)),
                "What the net says: the noise, the data, or v (Salimans and Ho)"),
            ConfigKey(
                "clip", .optional(.number(above: 0)), "While sampling, predicted codes are clamped to this; null: never"),
        ]
    }

    /// What the schedule cannot be made of, betas that a cosine would not look at, and errors that it would blow up.
    public func problems() -> [ConfigProblem] {
        guard schedule == .cosine else { return ConfigProblem.own(problem) }
        var problems = [("betaStart", betaStart, DDPMConfig().betaStart), ("betaEnd", betaEnd, DDPMConfig().betaEnd)]
            .filter { $0.1 != $0.2 }
            .map { ConfigProblem($0.0, expected: "not to be set with schedule: cosine", found: "\($0.1)") }
        if parameterization == .noise, clip == nil {
            problems.append(
                ConfigProblem(
                    "clip", expected: "a limit of codes with schedule: cosine and parameterization: noise", found: "null",
                    hint: "its first step divides errors by 5e-5; or parameterization: velocity"))
        }
        return problems
    }
}
