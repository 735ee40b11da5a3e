import Basics

/// What a run's networks are asked once the generator is trained.
public enum JudgingConfig: ConfigChoice {
    /// Whether an ensemble is as good as the zoo, and new.
    case ensemble
    /// Whether networks made from a few examples of a task are what it needs: a zoo of tasks, and support sets.
    case tasks(TaskJudging)
    /// Whether a number that is asked for is what networks have.
    case prompts(PromptJudging)

    /// The kinds, an ensemble first.
    public static let standard: ConfigKinds<JudgingConfig> = [
        ConfigKind(
            "ensemble", NoSettings.self, "networks beside the zoo, fresh networks and baselines", { _ in .ensemble },
            settings: { if case .ensemble = $0 { NoSettings() } else { nil } }),
        ConfigKind(
            "tasks", TaskJudging.self, "networks made from examples of new tasks, beside rivals and controls",
            JudgingConfig.tasks
        ) { if case .tasks(let settings) = $0 { settings } else { nil } },
        ConfigKind(
            "prompts", PromptJudging.self, "numbers asked for beside what networks have", JudgingConfig.prompts
        ) { if case .prompts(let settings) = $0 { settings } else { nil } },
    ]
}

/// How networks for new tasks are judged.
public struct TaskJudging: ComponentConfig {
    /// Examples a class.
    public var examples = [1, 5, 20]
    /// The number of examples a class with which the controls are made.
    public var controls = 5
    /// Networks generated for each task and support set.
    public var networks = 25
    /// Steps of further training on the examples, after each of which networks are judged.
    public var steps = [0, 10, 50]
    /// The rate of these steps.
    public var rate = 0.01
    /// Tasks of each kind, at most.
    public var most = 40

    /// One, five and twenty examples.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey("examples", .list(.integer(1...100_000), atLeast: 1), "Examples a class"),
        ConfigKey("controls", .integer(1...100_000), "Examples a class with which controls are made"),
        ConfigKey("networks", .integer(1...10_000), "Networks generated for each task and support set"),
        ConfigKey(
            "steps", .list(.integer(0...100_000), atLeast: 1),
            "Steps of further training on the examples, after each of which networks are judged"),
        ConfigKey("rate", .number(above: 0, atMost: 1), "Rate of these steps"),
        ConfigKey("most", .integer(1...100_000), "Tasks of each kind, at most"),
    ]

    /// Numbers that stand twice, and a table without its plain line.
    public func problems() -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        for (key, values) in [("examples", examples), ("steps", steps)] where Set(values).count < values.count {
            problems.append(ConfigProblem(key, expected: "values that differ", found: "\(values)"))
        }
        if !steps.contains(0) {
            problems.append(
                ConfigProblem("steps", expected: "0 among them, networks as they were made", found: "\(steps)"))
        }
        if !examples.contains(controls) {
            problems.append(ConfigProblem("controls", expected: "one of examples, \(examples)", found: "\(controls)"))
        }
        return problems
    }
}

/// How numbers that are asked for are judged.
public struct PromptJudging: ComponentConfig {
    /// Evenly spaced values between the 2nd and the 98th percentile of what the training networks have.
    public var values = 5
    /// Networks for each.
    public var networks = 25
    /// Selections: for each, so many times as many networks are drawn, and those nearest to what was asked by validation
    /// rows are judged beside the first ones.
    public var selections: [Int] = []

    /// The one column that can be measured of networks which were drawn, and so chooses among them.
    static let measured = "validation_accuracy"

    /// Networks that are drawn for each value.
    var drawn: Int { networks * (selections.max() ?? 1) }

    /// Five values.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey("values", .integer(2...1000), "Evenly spaced values that are asked for"),
        ConfigKey("networks", .integer(1...10_000), "Networks for each"),
        ConfigKey(
            "selections", .list(.integer(2...100)),
            "Of how many times as many networks those nearest to what was asked, by validation rows, are judged as well"
        ),
    ]

    /// Every selection is a row of its own.
    public func problems() -> [ConfigProblem] {
        guard Set(selections).count < selections.count else { return [] }
        return [ConfigProblem("selections", expected: "values that differ", found: "\(selections)")]
    }
}
