import Basics
import Evaluation

/// Judging.
public struct EvaluationConfig: ComponentConfig {
    /// Standard deviations of the noise baselines.
    public var noise = [0.001, 0.01, 0.03, 0.1]
    /// How many aligned networks each averaging baseline averages.
    public var averages = [2, 4, 8, 16]
    /// Networks in each baseline.
    public var baselineCount = 100

    /// Four noise levels, four averages, 100 networks each.
    public init() {}

    /// The settings of the baselines that have any.
    var baselines: Baseline.Settings { Baseline.Settings(noise: noise, averages: averages) }

    /// Three keys.
    public static let keys = [
        ConfigKey("noise", .list(.number(above: 0, atMost: 1000)), "Standard deviations of the baselines: zoo networks plus noise"),
        ConfigKey("averages", .list(.integer(2...10_000)), "How many aligned zoo networks each averaging baseline takes; more than the zoo has are left out"),
        ConfigKey("baselineCount", .integer(2...100_000), "Networks in each baseline"),
    ]
}
