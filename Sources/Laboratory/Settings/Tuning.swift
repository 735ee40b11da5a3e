import Basics
import Generation

/// Whether a run's generator is tuned to a reward before it is drawn from: `tuning:` of an experiment.
public enum Tuning: ConfigChoice {
    /// It stays as it was trained.
    case none
    /// By adjoint matching, at some strengths, of which validation rows choose one.
    case adjointMatching(Settings)

    /// The kinds, nothing first.
    public static let standard: ConfigKinds<Tuning> = [
        ConfigKind(
            "none", NoSettings.self, "the generator stays as it was trained", { _ in .none },
            settings: { if case .none = $0 { NoSettings() } else { nil } }),
        ConfigKind(
            "adjoint-matching", Settings.self,
            "the generator learns to give networks of more reward, at some strengths of which validation rows choose one",
            { .adjointMatching($0) },
            settings: { if case .adjointMatching(let settings) = $0 { settings } else { nil } }),
    ]

    /// The settings, where the generator is tuned.
    var settings: Settings? { if case .adjointMatching(let settings) = self { settings } else { nil } }

    /// Settings of `adjoint-matching`.
    public struct Settings: ComponentConfig {
        /// What is wanted.
        public var reward = RewardKind()
        /// How much it counts, in standard deviations of the untuned generator's rewards; each is tried.
        public var strengths = [1.0, 3, 10]
        /// Networks that each strength, and each rival, is judged by.
        public var count = 100
        /// Steps, trajectories, rates.
        public var matching = TuningConfig()

        /// Three strengths of a lower loss.
        public init() {}

        /// What can be set.
        public static let keys: [ConfigKey] =
            .section("reward", RewardKind.self) + [
                ConfigKey(
                    "strengths", .list(.number(atLeast: 0), count: 1...20),
                    "How much the reward counts, in standard deviations of the untuned generator's rewards; validation rows choose"
                ),
                ConfigKey("count", .integer(2...100_000), "Networks that each strength, and each rival, is judged by"),
            ] + .section("matching", TuningConfig.self)

        /// Strengths that are the same.
        public func problems() -> [ConfigProblem] {
            var problems = reward.problems().under("reward") + matching.problems().under("matching")
            if Set(strengths).count < strengths.count {
                problems.append(ConfigProblem("strengths", expected: "values that differ", found: "\(strengths)"))
            }
            return problems
        }
    }
}
