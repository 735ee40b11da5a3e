import Basics
import ModelZoo

/// Where a population comes from.
public enum ZooConfig: ConfigChoice {
    /// A zoo file.
    case file(File)
    /// Training by a recipe.
    case train(ZooRecipe)
    /// Training one network whose late checkpoints are the zoo, and others to measure novelty by.
    case oneRun(ZooRecipe)
    /// Training by a recipe, with every checkpoint of every run as a network.
    case checkpoints(ZooRecipe)

    /// A zoo file on disk.
    public struct File: ComponentConfig {
        /// Path, from the current folder or from the checkout.
        public var path = "ModelZoos/digits-mlp.h5"
        /// The recipe by which its networks were trained: a few more are, to measure what a fresh one costs.
        public var recipe: String?

        /// The committed zoo of digit classifiers.
        public init() {}

        /// The keys of a zoo file: `path` and `recipe`.
        public static let keys = [
            ConfigKey("path", .text, "Zoo file, from the current folder or from the checkout"),
            ConfigKey(
                "recipe", .optional(.text),
                "Recipe of its networks, to measure what training a fresh one costs; null does not"),
        ]
    }

    /// A file, or training; of one run the counts of networks are those of its checkpoints, and of other runs.
    public static let standard: ConfigKinds<ZooConfig> = [
        ConfigKind("file", File.self, "read a zoo file", ZooConfig.file) {
            guard case .file(let file) = $0 else { return nil }
            return file
        },
        ConfigKind("train", ZooRecipe.self, "train a zoo by a recipe", ZooConfig.train) {
            guard case .train(let recipe) = $0 else { return nil }
            return recipe
        },
        ConfigKind(
            "one-run", ZooRecipe.self,
            "train one network, whose last networks.train + validation steps are the zoo, and networks.test others",
            ZooConfig.oneRun
        ) {
            guard case .oneRun(let recipe) = $0 else { return nil }
            return recipe
        },
        ConfigKind(
            "checkpoints", ZooRecipe.self, "train a zoo by a recipe; every checkpoint of its trajectories is a network",
            ZooConfig.checkpoints
        ) {
            guard case .checkpoints(let recipe) = $0 else { return nil }
            return recipe
        },
    ]

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        switch self {
        case .file: []
        case .train(let recipe): recipe.problems()
        case .oneRun(let recipe): recipe.problems() + Self.oneRunProblems(recipe)
        case .checkpoints(let recipe): recipe.problems() + Self.checkpointProblems(recipe)
        }
    }

    /// Checkpoints must be kept, and be of one task.
    private static func checkpointProblems(_ recipe: ZooRecipe) -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        if recipe.checkpoints == ZooRecipe.Checkpoints() {
            problems.append(
                ConfigProblem(
                    "checkpoints", expected: "settings with kind: checkpoints", found: "none",
                    hint: "checkpoints.every says after how many epochs"))
        }
        if recipe.tasks.classes > 0 {
            problems.append(
                ConfigProblem("tasks.classes", expected: "0 with kind: checkpoints", found: "\(recipe.tasks.classes)"))
        }
        return problems
    }

    /// What would make one run's checkpoints something else than its last steps.
    private static func oneRunProblems(_ recipe: ZooRecipe) -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        if recipe.checkpoints != ZooRecipe.Checkpoints() {
            problems.append(
                ConfigProblem(
                    "checkpoints", expected: "no settings with kind: one-run", found: "some",
                    hint: "networks.train and networks.validation say how many"))
        }
        if recipe.selection != .last {
            problems.append(
                ConfigProblem(
                    "selection", expected: "last with kind: one-run, whose networks are last ones",
                    found: recipe.selection.rawValue))
        }
        return problems
    }
}

extension ZooConfig {
    /// The recipe of networks that are trained here.
    var recipe: ZooRecipe? {
        switch self {
        case .file: nil
        case .train(let recipe), .oneRun(let recipe), .checkpoints(let recipe): recipe
        }
    }

    /// How many networks training takes: the checkpoints of one run come with its network.
    var trainedCount: Int? {
        if case .oneRun(let recipe) = self { 1 + recipe.networks.test } else { recipe?.count }
    }
}
