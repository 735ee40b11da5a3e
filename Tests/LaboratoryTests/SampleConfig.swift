import Basics
import Laboratory

/// A worked example of nested components, optional keys and kinds.
struct SampleConfig: ComponentConfig {
    var seed = 0
    var title: String? = nil
    var align = Align()
    var generator = Generator()
    var sampling = Sampling()

    static let keys: [ConfigKey] =
        [
            ConfigKey("seed", .seed, "The seed of everything random."),
            ConfigKey("title", .optional(.text), "The report's title."),
        ]
        + .section("align", Align.self) + .section("generator", Generator.self) + .section("sampling", Sampling.self)

    func problems() -> [ConfigProblem] {
        generator.problems().under("generator")
    }

    struct Align: ComponentConfig {
        var enabled = true
        var reference = 0
        static let keys = [
            ConfigKey("enabled", .flag, "Whether networks are aligned."),
            ConfigKey("reference", .integer(atLeast: 0), "The network that the others are aligned to."),
        ]
    }

    struct Generator: ComponentConfig {
        var hidden = 512
        var dropout = 0.1
        var widths = [64, 32]
        var source = Source()
        static let keys: [ConfigKey] =
            [
                ConfigKey("hidden", .integer(1...65536), "The width."),
                ConfigKey("dropout", .number(atLeast: 0, below: 1), "The share of units that are dropped."),
                ConfigKey("widths", .list(.integer(atLeast: 1), atLeast: 1), "The widths of the layers."),
            ] + .section("source", Source.self)

        func problems() -> [ConfigProblem] {
            guard let first = widths.first, first > hidden else { return [] }
            return [ConfigProblem("widths", expected: "a first width of at most hidden (\(hidden))", found: "\(first)")]
        }
    }

    /// A component in kinds.
    enum Source: ConfigChoice {
        case gaussian(Gaussian)
        case kaiming(Kaiming)

        static let standard: ConfigKinds<Source> = [
            ConfigKind("gaussian", Gaussian.self, "one standard deviation", Source.gaussian) {
                guard case .gaussian(let config) = $0 else { return nil }
                return config
            },
            ConfigKind("kaiming", Kaiming.self, "as networks are initialised", Source.kaiming) {
                guard case .kaiming(let config) = $0 else { return nil }
                return config
            },
        ]
    }

    struct Gaussian: ComponentConfig {
        var std = 0.001
        static let keys = [ConfigKey("std", .number(above: 0), "The standard deviation.")]
    }

    struct Kaiming: ComponentConfig {
        var gain = 1.0
        var std = 5.0
        static let keys = [
            ConfigKey("gain", .number(above: 0, atMost: 10), "The gain."),
            ConfigKey("std", .number(above: 0), "Another meaning of std."),
        ]
    }

    struct Sampling: ComponentConfig {
        var count = 100
        var solver = Solver.rk4
        var steps = 100
        enum Solver: String, Codable, CaseIterable { case euler, rk4 }
        static let keys = [
            ConfigKey("count", .integer(atLeast: 0), "How many networks."),
            ConfigKey("solver", .choice(Solver.allCases.map(\.rawValue)), "The solver."),
            ConfigKey("steps", .integer(atLeast: 1), "Its intervals."),
        ]
    }
}
