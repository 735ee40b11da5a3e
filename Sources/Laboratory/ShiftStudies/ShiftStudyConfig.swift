import Basics
import ShiftDetection

/// Everything a study of shift detection is: data that shift, what is asked of them, and how often.
///
/// An experiment with a section `shift:` is one. Its shares have a meaning only if the decision was named before its
/// figures were seen: `shift.method` and `shift.estimator` are that decision, `shift.beside` stands next to it.
public struct ShiftStudyConfig: ComponentConfig {
    /// Key of all randomness.
    public var seed = 0
    /// What the study asks, which stands on its report.
    public var question: String?
    /// What is done.
    public var shift = Section()

    /// The study of the four hospitals.
    public init() {}

    /// The whole table of keys.
    public static let keys: [ConfigKey] =
        [
            ConfigKey("seed", .seed, "Key of all randomness of the study"),
            ConfigKey("question", .optional(.text), "What the study asks, shown on its report"),
        ] + .section("shift", Section.self)

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] { shift.problems().under("shift") }

    /// The section `shift:`.
    public struct Section: ComponentConfig {
        /// The rows that the model knows, and those that shift.
        public var data = ShiftStudyData.sites(.init())
        /// Shifts made of the reference's own rows.
        public var tilts: [ShiftTilt] = []
        /// The ensembles; the trained one's mean is the model in use.
        public var ensembles = EnsemblesConfig()
        /// The test behind *different* of the decision.
        public var method = Described<ShiftMethodFamily>()
        /// The estimate behind *harmful* of the decision.
        public var estimator = Described<AccuracyEstimatorFamily>()
        /// Methods that stand beside it.
        public var beside = ShiftContestant.all.filter { !$0.isCostly }.map(\.name)
        /// Sizes of samples.
        public var sizes = [10, 20, 50]
        /// Splits into T and P, with an ensemble each.
        public var splits = 100
        /// Samples drawn from each place, size and split.
        public var draws = 1
        /// Samples drawn from P itself, a size and split.
        public var nullDraws = 3
        /// Splits in which the costly methods take part: those that learn anew from every sample, and generated networks.
        public var costlySplits = 20
        /// Samples of P that make the null of methods that learn anew.
        public var nestedNull = 59
        /// Rows of a batch of the streams that turn from P to a place.
        public var batch = 10
        /// Random subsets of reference and sample together.
        public var permutations = 499
        /// Draws of rows for an estimate's interval.
        public var bootstraps = 300
        /// The level of *different*.
        public var alpha = 0.05
        /// How much the estimate must fall to be harmful.
        public var margin = 0.05

        /// The standard study.
        public init() {}

        /// The whole table of keys.
        public static let keys: [ConfigKey] =
            .section("data", ShiftStudyData.self)
            + [
                ConfigKey(
                    "tilts", .list(.choice(ShiftTilt.allCases.map(\.rawValue))),
                    "Shifts made of a third of the reference rows, drawn with other frequencies")
            ]
            + .section("ensembles", EnsemblesConfig.self)
            + .section("method", Described<ShiftMethodFamily>.self)
            + .section("estimator", Described<AccuracyEstimatorFamily>.self)
            + [
                ConfigKey(
                    "beside", .list(.choice(ShiftContestant.all.map(\.name))), "Methods that stand beside the decision"),
                ConfigKey("sizes", .list(.integer(5...100_000), atLeast: 1), "Rows of a sample"),
                ConfigKey("splits", .integer(1...100_000), "Splits into training and reference rows"),
                ConfigKey("draws", .integer(1...1000), "Samples from each place, of each size, in each split"),
                ConfigKey(
                    "nullDraws", .integer(1...1000), "Samples of the reference itself, of each size, in each split"),
                ConfigKey(
                    "costlySplits", .integer(0...100_000),
                    "Splits in which methods that learn anew and generated networks take part"),
                ConfigKey(
                    "nestedNull", .integer(19...100_000), "Reference samples as the null of methods that learn anew"),
                ConfigKey(
                    "batch", .integer(0...10_000),
                    "Rows of a batch of the streams that turn from P to a place; 0 for no streams"),
                ConfigKey("permutations", .integer(19...1_000_000), "Random subsets that a sample is compared with"),
                ConfigKey("bootstraps", .integer(20...100_000), "Draws of rows for an estimate's interval"),
                ConfigKey("alpha", .number(above: 0, below: 1), "The level of different"),
                ConfigKey("margin", .number(atLeast: 0, below: 1), "How much the estimate must fall to be harmful"),
            ]

        /// What is wrong across keys.
        public func problems() -> [ConfigProblem] {
            var problems = ensembles.problems().under("ensembles") + data.problems().under("data")
            if let name = method.member.level == .nestedSplits ? method.kind : nil {
                problems.append(
                    ConfigProblem(
                        "method.kind", expected: "a method whose level is exact, as the decision", found: name,
                        hint: "name it under beside"))
            }
            return problems
        }
    }
}
