import Basics
import Generation

/// Everything an experiment is: from a zoo to judged new networks.
public struct ExperimentConfig: ComponentConfig {
    /// Key of the run's randomness: generator, sampling and baselines (a trained zoo has the recipe's own seeds).
    public var seed = 0
    /// Where the population comes from.
    public var zoo = ZooSource.file(.init())
    /// Bringing it into one symmetry frame.
    public var align = AlignmentConfig()
    /// What the generator sees of a network.
    public var coordinates = CoordinatesConfig()
    /// Where samples start.
    public var source = SourceConfig()
    /// How the source becomes data: a flow or a diffusion.
    public var process = ProcessConfig()
    /// The net that learns it.
    public var generator = NetConfig()
    /// Training it.
    public var training = TrainingConfig()
    /// Drawing new networks.
    public var sampling = SamplingConfig()
    /// Judging them.
    public var evaluation = EvaluationConfig()

    /// The quickstart's settings.
    public init() {}

    /// The whole table of keys.
    public static let keys: [ConfigKey] =
        [ConfigKey("seed", .integer(atLeast: 0), "Key of all randomness of the run")]
        + .section("zoo", ZooSource.self) + .section("align", AlignmentConfig.self)
        + .section("coordinates", CoordinatesConfig.self) + .section("source", SourceConfig.self)
        + .section("process", ProcessConfig.self) + .section("generator", NetConfig.self)
        + .section("training", TrainingConfig.self) + .section("sampling", SamplingConfig.self)
        + .section("evaluation", EvaluationConfig.self)

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        zoo.problems().under("zoo") + zooProblems() + coordinates.problems().under("coordinates")
            + process.problems().under("process") + generator.problems().under("generator")
            + training.problems().under("training") + combinationProblems()
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
        let trainings = [("training", training), ("coordinates.training", coordinates.training ?? TrainingConfig())]
        for (section, training) in trainings where training.patience > 0 && recipe.networks.validation == 0 {
            problems.append(
                ConfigProblem(
                    "\(section).patience", expected: "0 without networks whose loss could decide when to stop",
                    found: "\(training.patience)", hint: "set zoo.networks.validation"))
        }
        return problems
    }
}
