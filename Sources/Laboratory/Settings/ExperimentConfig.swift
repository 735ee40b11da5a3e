import Basics
import Evaluation
import Generation
import Networks

/// Everything an experiment is: from a zoo to judged new networks.
///
/// The generator's sections stand at the top level of a file, beside the others.
@dynamicMemberLookup
public struct ExperimentConfig: ComponentConfig {
    /// Key of the run's randomness: generator, sampling and baselines (a trained zoo has the recipe's own seeds).
    public var seed = 0
    /// What the experiment asks, which stands on its report.
    public var question: String?
    /// Where the population comes from.
    public var zoo = ZooConfig.file(.init())
    /// Bringing it into one symmetry frame.
    public var align = AlignmentConfig()
    /// How new networks are made: coordinates, source, process, net, training, sampling.
    public var description = GeneratorDescription()
    /// What networks are asked.
    public var judging = JudgingConfig.ensemble
    /// Whether the generator is tuned to a reward.
    public var tuning = Tuning.none
    /// What every population but the zoo is given before it is judged a second time.
    public var finish = Finish.none
    /// With what generated networks are compared.
    public var evaluation = EvaluationConfig()

    /// The settings of the quickstart, which are the defaults of every key.
    public init() {}

    /// A part of the generator's description.
    public subscript<Value>(dynamicMember path: WritableKeyPath<GeneratorDescription, Value>) -> Value {
        get { description[keyPath: path] }
        set { description[keyPath: path] = newValue }
    }

    /// The whole table of keys.
    public static let keys: [ConfigKey] =
        [
            ConfigKey("seed", .seed, "Key of all randomness of the run"),
            ConfigKey("question", .optional(.text), "What the experiment asks, shown on its report"),
        ]
        + .section("zoo", ZooConfig.self) + .section("align", AlignmentConfig.self) + GeneratorDescription.keys
        + .section("judging", JudgingConfig.self) + .section("tuning", Tuning.self) + .section("finish", Finish.self)
        + .section("evaluation", EvaluationConfig.self)

    private enum CodingKeys: String, CodingKey { case seed, question, zoo, align, judging, tuning, finish, evaluation }

    /// Reads all sections of one level.
    public init(from decoder: any Decoder) throws {
        let sections = try decoder.container(keyedBy: CodingKeys.self)
        seed = try sections.decode(Int.self, forKey: .seed)
        question = try sections.decodeIfPresent(String.self, forKey: .question)
        zoo = try sections.decode(ZooConfig.self, forKey: .zoo)
        align = try sections.decode(AlignmentConfig.self, forKey: .align)
        description = try GeneratorDescription(from: decoder)
        judging = try sections.decodeIfPresent(JudgingConfig.self, forKey: .judging) ?? .ensemble
        tuning = try sections.decodeIfPresent(Tuning.self, forKey: .tuning) ?? .none
        finish = try sections.decodeIfPresent(Finish.self, forKey: .finish) ?? .none
        evaluation = try sections.decode(EvaluationConfig.self, forKey: .evaluation)
    }

    /// Writes all sections into one level.
    public func encode(to encoder: any Encoder) throws {
        try description.encode(to: encoder)
        var sections = encoder.container(keyedBy: CodingKeys.self)
        try sections.encode(seed, forKey: .seed)
        try sections.encode(question, forKey: .question)
        try sections.encode(zoo, forKey: .zoo)
        try sections.encode(align, forKey: .align)
        try sections.encode(judging, forKey: .judging)
        try sections.encode(tuning, forKey: .tuning)
        try sections.encode(finish, forKey: .finish)
        try sections.encode(evaluation, forKey: .evaluation)
    }

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        zoo.problems().under("zoo") + zooProblems() + description.problems(knowing: zoo.recipe?.initialization)
            + judging.problems().under("judging") + judgingProblems() + evaluationProblems().under("evaluation")
            + tuning.problems().under("tuning") + tuningProblems()
    }

    /// What a generator that is to be tuned must be.
    private func tuningProblems() -> [ConfigProblem] {
        guard let settings = tuning.settings else { return [] }
        var problems = description.tuningProblems(steps: settings.matching.path)
        if case .ensemble = judging {
        } else {
            problems.append(
                ConfigProblem(
                    "judging.kind", expected: "ensemble with tuning", found: "networks that are asked for a task"))
        }
        return problems
    }

    /// Networks in each baseline: unless it says a number, as many as are generated, up to 100.
    public var baselineCount: Int { evaluation.baselineCount ?? min(100, description.sampling.count) }

    /// The number of networks in each baseline.
    public func settled() -> [(path: String, value: Tree)] {
        [("evaluation.baselineCount", .integer(baselineCount))]
    }

    /// Every baseline is a row of its own.
    private func evaluationProblems() -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        func distinct<Value: Hashable>(_ key: String, _ values: [Value]) {
            guard Set(values).count < values.count else { return }
            problems.append(ConfigProblem(key, expected: "values that differ", found: "\(values)"))
        }
        distinct("noise", evaluation.noise)
        distinct("averages", evaluation.averages)
        distinct("recombinations", evaluation.recombinations)
        distinct("retrievalNoise", evaluation.retrievalNoise)
        distinct("selections", evaluation.selections)
        for number in evaluation.selections where description.sampling.count / number < 2 {
            problems.append(
                ConfigProblem(
                    "selections",
                    expected: "numbers that leave at least 2 of the \(description.sampling.count) networks "
                        + "that are drawn", found: "\(number)", hint: "raise sampling.count"))
        }
        return problems
    }

    /// What networks are asked needs a zoo and conditions that fit it.
    private func judgingProblems() -> [ConfigProblem] {
        let hasTasks = (zoo.recipe?.tasks.classes ?? 0) > 0
        switch judging {
        case .ensemble:
            guard hasTasks else { return [] }
            return [
                ConfigProblem(
                    "judging.kind", expected: "tasks with zoo.tasks.classes above 0", found: "ensemble",
                    hint: "networks of many tasks have no data in common to be judged on")
            ]
        case .tasks:
            guard description.conditions.support == .none else { return [] }
            return [
                ConfigProblem(
                    "conditions.support.kind", expected: "rows or images with judging.kind: tasks", found: "none",
                    hint: "networks are made from examples of a task")
            ]
        case .prompts(let settings): return promptProblems(settings)
        }
    }

    /// One number is asked for; networks are chosen by it only where it can be measured of networks that were drawn.
    private func promptProblems(_ settings: PromptJudging) -> [ConfigProblem] {
        let columns = description.conditions.number.columns
        guard columns.count == 1 else {
            return [
                ConfigProblem(
                    "conditions.number.kind",
                    expected: "fourier or perceptron of one column with judging.kind: prompts",
                    found: "\(columns.count) columns")
            ]
        }
        guard !settings.selections.isEmpty, columns != [PromptJudging.measured] else { return [] }
        return [
            ConfigProblem(
                "judging.selections",
                expected: "none where conditions.number.columns is not [\(PromptJudging.measured)]",
                found: "\(settings.selections)",
                hint: "of networks that were drawn, \(columns[0].printable()) is not measured")
        ]
    }

    /// What an experiment asks of a recipe beyond what `zoo train` does.
    private func zooProblems() -> [ConfigProblem] {
        guard let recipe = zoo.recipe else { return [] }
        var problems: [ConfigProblem] = []
        let parts = [
            ("train", recipe.networks.train, "what the generator learns from"),
            ("test", recipe.networks.test, "the yardstick of novelty"),
        ]
        // Of a zoo of tasks they are the networks of each.
        let least = recipe.tasks.classes > 0 ? 1 : 2
        for (key, count, use) in parts where count < least {
            let networks = least == 1 ? "1 network of each task" : "2 networks"
            problems.append(
                ConfigProblem(
                    "zoo.networks.\(key)", expected: "at least \(networks) in an experiment, \(use)",
                    found: "\(count)"))
        }
        if align.reference >= max(1, recipe.networks.train) {
            problems.append(
                ConfigProblem(
                    "align.reference", expected: "below zoo.networks.train, \(recipe.networks.train)",
                    found: "\(align.reference)"))
        }
        if description.needsCheckpoints, recipe.checkpoints.every == 0 {
            problems.append(
                ConfigProblem(
                    "zoo.checkpoints.every",
                    expected: "above 0 with process.kind: \(description.process.kind)"
                        + " and source.kind: \(description.source.kind)", found: "0",
                    hint: "whole runs are learned from"))
        }
        let trainings = [
            ("training", description.training),
            ("coordinates.training", description.coordinates.autoencoderTraining ?? TrainingConfig()),
        ]
        for (section, training) in trainings where training.patience > 0 && !recipe.hasValidationNetworks {
            problems.append(
                ConfigProblem(
                    "\(section).patience", expected: "0 without networks whose loss could decide when to stop",
                    found: "\(training.patience)",
                    hint: "set zoo.networks.validation"
                        + (recipe.tasks.classes > 0 ? ", or zoo.tasks.validationClasses" : "")))
        }
        return problems
    }
}

/// Bringing a population into one symmetry frame before the generator sees it.
public struct AlignmentConfig: ComponentConfig {
    /// Whether hidden units are permuted to match the reference.
    public var enabled = true
    /// Which training network is the reference, counted among the training networks.
    public var reference = 0
    /// Most sweeps over the symmetry groups for one network.
    public var sweeps = 100

    /// Weight matching to training network 0.
    public init() {}

    /// `enabled`, `reference` and `sweeps`.
    public static let keys = [
        ConfigKey("enabled", .flag, "Permute hidden units to match the reference (Git Re-Basin weight matching)"),
        ConfigKey("reference", .integer(atLeast: 0), "Which of the training networks is the reference"),
        ConfigKey("sweeps", .integer(1...10_000), "Most sweeps over the symmetry groups for one network"),
    ]
}

/// The baselines with which generated networks are compared.
public struct EvaluationConfig: ComponentConfig {
    /// Standard deviations of the noise baselines.
    public var noise = [0.001, 0.01, 0.03, 0.1]
    /// How many aligned networks each averaging baseline averages.
    public var averages = [2, 4, 8, 16, 64]
    /// From how many networks each baseline of recombined units takes them.
    public var recombinations = [16]
    /// Standard deviations of the noise on the zoo networks nearest to the generated ones.
    public var retrievalNoise = [0.1]
    /// Selections of the generated networks: of each, one in so many is kept, those of least training loss.
    public var selections: [Int] = []
    /// Networks in each baseline; nil: as many as are generated, up to 100.
    public var baselineCount: Int?

    /// Four noise levels, five averages (plain and repaired), units of 16 networks, one disguise of the nearest ones; as
    /// many networks in each as are generated.
    public init() {}

    /// The settings of the baselines that have any.
    var baselines: Baseline.Settings {
        Baseline.Settings(
            noise: noise, averages: averages, recombinations: recombinations, retrievalNoise: retrievalNoise)
    }

    /// `noise`, `averages`, `recombinations`, `retrievalNoise`, `selections` and `baselineCount`.
    public static let keys = [
        ConfigKey(
            "noise", .list(.number(above: 0, atMost: 1000)),
            "Standard deviations of the baselines: zoo networks plus noise"),
        ConfigKey(
            "averages", .list(.integer(2...10_000)),
            "How many aligned zoo networks each averaging baseline takes, plain and repaired; more than the zoo has are left "
                + "out"),
        ConfigKey(
            "recombinations", .list(.integer(2...10_000)),
            "From how many aligned zoo networks each baseline of recombined units takes them"),
        ConfigKey(
            "retrievalNoise", .list(.number(above: 0, atMost: 1000)),
            "Standard deviations of the baselines: zoo networks nearest to the generated ones, plus noise"),
        ConfigKey(
            "selections", .list(.integer(2...10_000)),
            "One in how many generated networks each selection keeps, by training loss: rows of their own"),
        ConfigKey(
            "baselineCount", .optional(.integer(2...100_000)),
            "Networks in each baseline; null: as many as are generated, up to 100"),
    ]
}
