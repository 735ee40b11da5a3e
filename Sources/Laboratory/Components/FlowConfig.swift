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
            ConfigKey("path", .choice(Path.Kind.allCases.map(\.rawValue)), "Shape of the path from source to data"),
            ConfigKey("sigma", .number(atLeast: 0), "Noise around the path, as its shape has it"),
        ] + .section("coupling", CouplingConfig.self) + .section("times", TimesConfig.self)

    /// A bridge without noise.
    public func problems() -> [ConfigProblem] {
        guard path == .schrodingerBridge, sigma == 0 else { return [] }
        return [ConfigProblem("sigma", expected: "above 0 with path: \(path.rawValue)", found: "0")]
    }
}
