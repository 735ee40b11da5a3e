import Basics

/// What is done to networks that were made and not trained before they are judged or used: on training rows alone, the
/// same for generated networks, every baseline and fresh networks.
///
/// Written `{kind: logits, steps: 60}`; the kinds are the lines of ``standard``, ``Finishing`` carries one out. Networks
/// with batch norms get their running statistics anew first, whatever the kind.
public enum Finish: ConfigChoice {
    /// Nothing.
    case none
    /// Means and deviations alone, without a gradient.
    case statistics(Statistics)
    /// A gain and a bias a class.
    case logits(Logits)
    /// The weights and biases of the last layer.
    case lastLayer(LastLayer)
    /// Everything.
    case train(Training)

    /// The kinds, nothing first.
    public static let standard: ConfigKinds<Finish> = [
        ConfigKind(
            "none", NoSettings.self, "networks stay as they were made", { _ in .none },
            settings: { if case .none = $0 { NoSettings() } else { nil } }),
        ConfigKind(
            "statistics", Statistics.self,
            "means and deviations of hidden units (averages: REPAIR) and logits, without gradients",
            { .statistics($0) }, settings: { if case .statistics(let settings) = $0 { settings } else { nil } }),
        ConfigKind(
            "logits", Logits.self, "a gain and a bias a class by a few cross-entropy steps, folded into the last layer",
            { .logits($0) }, settings: { if case .logits(let settings) = $0 { settings } else { nil } }),
        ConfigKind(
            "last-layer", LastLayer.self, "a few cross-entropy steps on weights and biases of the last layer",
            { .lastLayer($0) }, settings: { if case .lastLayer(let settings) = $0 { settings } else { nil } }),
        ConfigKind(
            "train", Training.self, "cross-entropy steps on all weights: further training, not a finish to boast of",
            { .train($0) }, settings: { if case .train(let settings) = $0 { settings } else { nil } }),
    ]

    /// Training rows that the finish looks at, at most; nil for none.
    public var rows: Int? {
        switch self {
        case .none: nil
        case .statistics(let settings): settings.rows
        case .logits(let settings): settings.rows
        case .lastLayer(let settings): settings.rows
        case .train(let settings): settings.rows
        }
    }

    /// Gradient steps; 0 where there are none.
    public var steps: Int {
        switch self {
        case .none, .statistics: 0
        case .logits(let settings): settings.steps
        case .lastLayer(let settings): settings.steps
        case .train(let settings): settings.steps
        }
    }
}

extension Finish {
    /// Settings of `statistics`.
    public struct Statistics: ComponentConfig {
        /// Training rows, spread evenly over all.
        public var rows = 2000

        /// On 2,000 rows.
        public init() {}
        /// What can be set.
        public static let keys = [ConfigKey.finishRows]
    }

    /// Settings of `logits`.
    public struct Logits: ComponentConfig {
        /// Training rows, spread evenly over all: the batch of every step.
        public var rows = 2000
        /// Adam's steps.
        public var steps = 60
        /// The rate of every step.
        ///
        /// Chosen on *validation* rows of digits: 100 validation networks 64-16-10 of a zoo (94.28 %, distance 1) and 100
        /// that a short diffusion drew (87.31 %). A greater rate gives the drawn ones more, and moves all further from the
        /// zoo, good ones too: rates 0.002, 0.005, 0.01 and 0.02 take the drawn to 89.51, 90.77, 91.40 and 91.79 %, the zoo's
        /// to 94.21, 94.16, 94.10 and 93.99 %, and these to distance 1.03, 1.07, 1.13 and 1.21.
        public var rate = 0.005

        /// 60 steps on 2,000 rows.
        public init() {}
        /// What can be set.
        public static let keys = ConfigKey.finishSteps
    }

    /// Settings of `last-layer`.
    public struct LastLayer: ComponentConfig {
        /// Training rows, spread evenly over all: the batch of every step.
        public var rows = 2000
        /// Adam's steps.
        public var steps = 30
        /// The rate of every step.
        ///
        /// Chosen as that of `logits`: rates 0.002, 0.005, 0.01 and 0.02 take the drawn networks to 92.28, 92.90, 93.23 and
        /// 93.54 %, the zoo's to 94.41, 94.49, 94.58 and 94.55 %, and these to distance 1.01, 1.03, 1.07 and 1.11.
        public var rate = 0.005

        /// 30 steps on 2,000 rows.
        public init() {}
        /// What can be set.
        public static let keys = ConfigKey.finishSteps
    }

    /// Settings of `train`.
    public struct Training: ComponentConfig {
        /// Training rows, spread evenly over all: the batch of every step.
        public var rows = 2000
        /// Adam's steps.
        public var steps = 100
        /// The rate of every step.
        public var rate = 0.01

        /// 100 steps on 2,000 rows.
        public init() {}
        /// What can be set.
        public static let keys = ConfigKey.finishSteps
    }
}

extension ConfigKey {
    fileprivate static let finishRows = ConfigKey(
        "rows", .integer(2...10_000_000), "Training rows that it looks at, spread evenly over all; all where fewer")
    fileprivate static let finishSteps = [
        finishRows,
        ConfigKey("steps", .integer(1...100_000), "Steps of Adam, each on all those rows"),
        ConfigKey("rate", .number(above: 0, atMost: 1), "Rate of every step"),
    ]
}
