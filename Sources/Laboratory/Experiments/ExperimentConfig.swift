import Generation
import ModelZoo
import Networks

/// Everything an experiment is: from a zoo to judged new networks.
public struct ExperimentConfig: ComponentConfig {
    /// Key of the run's randomness: generator, sampling and baselines (a trained zoo has the recipe's own seeds).
    public var seed = 0
    /// Where the population comes from.
    public var zoo = ZooSource.file(.init())
    /// Bringing it into one symmetry frame.
    public var align = AlignmentConfig()
    /// What the generator sees of a network.
    public var coordinates = CoordinatesConfig.pca(.init())
    /// The velocity net.
    public var generator = FlowMLPConfig()
    /// Training it.
    public var training = FlowMatching.Config()
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
        + .section("coordinates", CoordinatesConfig.self) + .section("generator", FlowMLPConfig.self)
        + .section("training", FlowMatching.Config.self) + .section("sampling", SamplingConfig.self)
        + .section("evaluation", EvaluationConfig.self)

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        var problems = zoo.problems().under("zoo")
        guard case .train(let recipe) = zoo else { return problems }
        let parts = [
            ("train", recipe.networks.train, "what the generator learns from"),
            ("test", recipe.networks.test, "the yardstick of novelty"),
        ]
        for (key, count, use) in parts where count < 2 {
            problems.append(
                ConfigProblem(
                    "zoo.networks.\(key)", expected: "at least 2 networks in an experiment, \(use)", found: "\(count)"))
        }
        if recipe.tasks.classes > 0 {
            problems.append(
                ConfigProblem("zoo.tasks.classes", expected: "0 in an experiment", found: "\(recipe.tasks.classes)"))
        }
        return problems
    }
}

/// Where a population comes from.
public enum ZooSource: VariantConfig {
    /// A zoo file.
    case file(File)
    /// Training by a recipe.
    case train(ZooRecipe)

    /// A zoo file on disk.
    public struct File: ComponentConfig {
        /// Path, from the current folder or from the checkout.
        public var path = "ModelZoos/digits-mlp.h5"

        /// The committed zoo.
        public init() {}

        /// One key.
        public static let keys = [ConfigKey("path", .text, "Zoo file, from the current folder or from the checkout")]
    }

    /// The committed zoo.
    public init() { self = .file(.init()) }

    /// A file, or training.
    public static let variants = [
        ConfigVariant("file", File.self, "read a zoo file"),
        ConfigVariant("train", ZooRecipe.self, "train a zoo by a recipe"),
    ]

    /// Reads the kind's settings.
    public init(from decoder: any Decoder) throws {
        switch try decoder.variantKind() {
        case "file": self = .file(try File(from: decoder))
        case "train": self = .train(try ZooRecipe(from: decoder))
        case let other: throw decoder.unknownKind(other)
        }
    }

    /// Writes the kind beside its settings.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .file(let file): try encoder.encodeVariant("file", file)
        case .train(let recipe): try encoder.encodeVariant("train", recipe)
        }
    }

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        if case .train(let recipe) = self { recipe.problems() } else { [] }
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

    /// Three keys.
    public static let keys = [
        ConfigKey("enabled", .flag, "Permute hidden units to match the reference (Git Re-Basin weight matching)"),
        ConfigKey("reference", .integer(atLeast: 0), "Which of the training networks is the reference"),
        ConfigKey("sweeps", .integer(1...10_000), "Most sweeps over the symmetry groups for one network"),
    ]
}

/// What the generator sees of a network.
public enum CoordinatesConfig: VariantConfig {
    /// The weights themselves.
    case raw(Raw)
    /// Principal components of the training networks.
    case pca(Principal)

    /// No settings.
    public struct Raw: ComponentConfig {
        /// Nothing to set.
        public init() {}
        /// No keys.
        public static let keys: [ConfigKey] = []
    }

    /// How many components.
    public struct Principal: ComponentConfig {
        /// Most components; N - 1 lose nothing.
        public var components = 99

        /// 99 components.
        public init() {}
        /// One key.
        public static let keys = [
            ConfigKey("components", .integer(1...100_000), "Most principal components; N - 1 of N networks lose nothing")
        ]
    }

    /// Principal components.
    public init() { self = .pca(.init()) }

    /// Principal components, or the weights themselves.
    public static let variants = [
        ConfigVariant("pca", Principal.self, "principal components of the training networks"),
        ConfigVariant("raw", Raw.self, "the weights themselves"),
    ]

    /// Reads the kind's settings.
    public init(from decoder: any Decoder) throws {
        switch try decoder.variantKind() {
        case "raw": self = .raw(try Raw(from: decoder))
        case "pca": self = .pca(try Principal(from: decoder))
        case let other: throw decoder.unknownKind(other)
        }
    }

    /// Writes the kind beside its settings.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .raw(let raw): try encoder.encodeVariant("raw", raw)
        case .pca(let principal): try encoder.encodeVariant("pca", principal)
        }
    }
}

/// The velocity net: DeepWeightFlow's MLP of width h, hidden widths h, h/2, h.
public struct FlowMLPConfig: ComponentConfig {
    /// h.
    public var hidden = 512
    /// Width of the time embedding.
    public var timeWidth = 64
    /// Dropout after every block but the last.
    public var dropout = 0.1

    /// h = 512.
    public init() {}

    /// Three keys.
    public static let keys = [
        ConfigKey("hidden", .integer(2...16_384), "Width h of the velocity net; its hidden layers are h, h/2, h"),
        ConfigKey("timeWidth", .integer(1...16_384), "Width of the time embedding"),
        ConfigKey("dropout", .number(atLeast: 0, below: 1), "Dropout probability after every block but the last"),
    ]
}

/// Drawing new networks.
public struct SamplingConfig: ComponentConfig {
    /// How many.
    public var count = 100
    /// Solver of dx/dt = v(x, t).
    public var solver = Solver.Method.rk4
    /// Intervals of [0, 1].
    public var steps = 100

    /// 100 networks by RK4 with 100 intervals.
    public init() {}

    /// Three keys.
    public static let keys = [
        ConfigKey("count", .integer(2...1_000_000), "How many networks are generated and judged"),
        ConfigKey("solver", .choice(Solver.Method.allCases.map(\.rawValue)), "How dx/dt = v(x, t) is integrated"),
        ConfigKey("steps", .integer(1...100_000), "Intervals of [0, 1]; N steps are N intervals"),
    ]
}

/// Judging.
public struct EvaluationConfig: ComponentConfig {
    /// Standard deviations of the noise baselines.
    public var noise = [0.001, 0.01, 0.03, 0.1]
    /// How many aligned networks each averaging baseline averages.
    public var averages = [2, 4, 8, 16]
    /// Networks in each baseline.
    public var baselineCount = 100
    /// Recipe of a zoo that comes from a file: a few networks are trained by it to measure what a fresh one costs.
    public var recipe: String?

    /// Four noise levels, four averages, 100 networks each.
    public init() {}

    /// Four keys.
    public static let keys = [
        ConfigKey("noise", .list(.number(above: 0, atMost: 1000)), "Standard deviations of the baselines: zoo networks plus noise"),
        ConfigKey("averages", .list(.integer(2...10_000)), "How many aligned zoo networks each averaging baseline takes"),
        ConfigKey("baselineCount", .integer(2...100_000), "Networks in each baseline"),
        ConfigKey(
            "recipe", .optional(.text),
            "Recipe of a zoo that comes from a file, to measure what training a fresh network costs; null does not"),
    ]
}
