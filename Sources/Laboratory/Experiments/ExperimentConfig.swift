import Basics
import Generation

/// Everything an experiment is: from a zoo to judged new networks.
///
/// The generator's sections stand at the top level of a file, beside the others.
@dynamicMemberLookup
public struct ExperimentConfig: ComponentConfig {
    /// Key of the run's randomness: generator, sampling and baselines (a trained zoo has the recipe's own seeds).
    public var seed = 0
    /// Where the population comes from.
    public var zoo = ZooSource.file(.init())
    /// Bringing it into one symmetry frame.
    public var align = AlignmentConfig()
    /// How new networks are made: coordinates, source, process, net, training, sampling.
    public var description = GeneratorDescription()
    /// Judging them.
    public var evaluation = EvaluationConfig()

    /// The quickstart's settings.
    public init() {}

    /// A part of the generator's description.
    public subscript<Value>(dynamicMember path: WritableKeyPath<GeneratorDescription, Value>) -> Value {
        get { description[keyPath: path] }
        set { description[keyPath: path] = newValue }
    }

    /// The whole table of keys.
    public static let keys: [ConfigKey] =
        [ConfigKey("seed", .integer(atLeast: 0), "Key of all randomness of the run")]
        + .section("zoo", ZooSource.self) + .section("align", AlignmentConfig.self) + GeneratorDescription.keys
        + .section("evaluation", EvaluationConfig.self)

    private enum CodingKeys: String, CodingKey { case seed, zoo, align, evaluation }

    /// Reads all sections of one level.
    public init(from decoder: any Decoder) throws {
        let sections = try decoder.container(keyedBy: CodingKeys.self)
        seed = try sections.decode(Int.self, forKey: .seed)
        zoo = try sections.decode(ZooSource.self, forKey: .zoo)
        align = try sections.decode(AlignmentConfig.self, forKey: .align)
        description = try GeneratorDescription(from: decoder)
        evaluation = try sections.decode(EvaluationConfig.self, forKey: .evaluation)
    }

    /// Writes all sections into one level.
    public func encode(to encoder: any Encoder) throws {
        try description.encode(to: encoder)
        var sections = encoder.container(keyedBy: CodingKeys.self)
        try sections.encode(seed, forKey: .seed)
        try sections.encode(zoo, forKey: .zoo)
        try sections.encode(align, forKey: .align)
        try sections.encode(evaluation, forKey: .evaluation)
    }

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        zoo.problems().under("zoo") + zooProblems() + description.problems(knowing: zoo.recipe?.initialization)
            + evaluationProblems().under("evaluation")
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
        return problems
    }

    /// What an experiment asks of a recipe beyond what `zoo train` does.
    private func zooProblems() -> [ConfigProblem] {
        guard let recipe = zoo.recipe else { return [] }
        var problems: [ConfigProblem] = []
        let parts = [
            ("train", recipe.networks.train, "what the generator learns from"),
            ("test", recipe.networks.test, "the yardstick of novelty"),
        ]
        for (key, count, use) in parts where count < 2 {
            problems.append(
                ConfigProblem(
                    "zoo.networks.\(key)", expected: "at least 2 networks in an experiment, \(use)", found: "\(count)"))
        }
        if align.reference >= max(1, recipe.networks.train) {
            problems.append(
                ConfigProblem(
                    "align.reference", expected: "below zoo.networks.train, \(recipe.networks.train)",
                    found: "\(align.reference)"))
        }
        if recipe.tasks.classes > 0 {
            problems.append(
                ConfigProblem("zoo.tasks.classes", expected: "0 in an experiment", found: "\(recipe.tasks.classes)"))
        }
        let trainings = [
            ("training", description.training),
            ("coordinates.training", description.coordinates.autoencoderTraining ?? TrainingConfig()),
        ]
        for (section, training) in trainings where training.patience > 0 && recipe.networks.validation == 0 {
            problems.append(
                ConfigProblem(
                    "\(section).patience", expected: "0 without networks whose loss could decide when to stop",
                    found: "\(training.patience)", hint: "set zoo.networks.validation"))
        }
        return problems
    }
}
