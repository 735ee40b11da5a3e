import Basics
import Generation

/// A flow's settings: its path, which start goes to which code, and which times training looks at.
public struct FlowConfig: ComponentConfig {
    /// Shape of the path.
    public var path = Path.Kind.linear
    /// Noise around it.
    public var sigma = 1e-3
    /// Which start belongs to which code.
    public var coupling = CouplingConfig()
    /// Which times are looked at how often.
    public var times = TimesConfig()

    /// DeepWeightFlow's (2026): straight paths with noise 0.001, independent ends, uniform times.
    public init() {}

    /// Four keys and two sections.
    public static let keys =
        [
            ConfigKey(
                "path", .choice(Path.Kind.allCases.map(\.rawValue)),
                "Shape of the path from source to data; schrodinger-bridge wants coupling: {kind: sinkhorn}"),
            ConfigKey("sigma", .number(atLeast: 0), "Noise around the path, as its shape has it"),
        ] + .section("coupling", CouplingConfig.self) + .section("times", TimesConfig.self)

    /// What the coupling says of itself, and a bridge without noise, or between other pairs than an entropic plan's.
    public func problems() -> [ConfigProblem] {
        var problems = coupling.problems().under("coupling")
        guard path == .schrodingerBridge else { return problems }
        if sigma == 0 {
            problems.append(ConfigProblem("sigma", expected: "above 0 with path: \(path.rawValue)", found: "0"))
        }
        if coupling.kind != "sinkhorn" {
            problems.append(
                ConfigProblem(
                    "coupling.kind", expected: "sinkhorn with path: \(path.rawValue)", found: coupling.kind,
                    hint: "only bridges between the pairs of an entropic plan make up a Schrodinger bridge; its "
                        + "regularization follows sigma where it is null"))
        }
        return problems
    }
}
