import Basics
import Networks
import Tensors

/// What is wanted of classifiers, as settings: `tuning.reward` of an experiment.
public enum RewardKind: ConfigChoice {
    /// Little cross-entropy on labelled rows.
    case negativeLoss(Rows)
    /// Much smooth accuracy on labelled rows.
    case accuracy(Accuracy)
    /// To say what a reference model says.
    case agreement(Reference)
    /// To say something else.
    case disagreement(Reference)

    /// The kinds, the loss first.
    public static let standard: ConfigKinds<RewardKind> = [
        ConfigKind(
            "negative-loss", Rows.self, "minus the cross-entropy of labelled rows",
            { .negativeLoss($0) }, settings: { if case .negativeLoss(let settings) = $0 { settings } else { nil } }),
        ConfigKind(
            "accuracy", Accuracy.self, "the mean probability of labelled rows' classes",
            { .accuracy($0) }, settings: { if case .accuracy(let settings) = $0 { settings } else { nil } }),
        ConfigKind(
            "agreement", Reference.self, "minus the cross-entropy of what a reference model says of the rows",
            { .agreement($0) }, settings: { if case .agreement(let settings) = $0 { settings } else { nil } }),
        ConfigKind(
            "disagreement", Reference.self, "minus the cross-entropy of all classes but what a reference model says",
            { .disagreement($0) }, settings: { if case .disagreement(let settings) = $0 { settings } else { nil } }),
    ]

    /// Which rows the reward looks at.
    public var asked: any RewardRows {
        switch self {
        case .negativeLoss(let settings): settings
        case .accuracy(let settings): settings
        case .agreement(let settings), .disagreement(let settings): settings
        }
    }

    /// Which model is the reference, where the reward has one: a file of networks, or nil for the training networks' vote.
    /// Nil where it has none.
    public var reference: String?? {
        switch self {
        case .negativeLoss, .accuracy: .none
        case .agreement(let settings), .disagreement(let settings): .some(settings.reference)
        }
    }

    /// The reward of networks on labelled rows; of a reference model the labels are what it says.
    public func reward(_ network: any Network, inputs: Tensor, labels: [Int32]) -> any Reward {
        switch self {
        case .negativeLoss: OutputReward.negativeLoss(network, inputs: inputs, labels: labels)
        case .accuracy(let settings):
            OutputReward.accuracy(network, inputs: inputs, labels: labels, temperature: settings.temperature)
        case .agreement: OutputReward.agreement(network, inputs: inputs, said: labels)
        case .disagreement: OutputReward.disagreement(network, inputs: inputs, said: labels)
        }
    }
}

/// Which rows a reward looks at.
public protocol RewardRows: Sendable {
    /// The most rows, spread evenly over all.
    var rows: Int { get }
    /// Labelled data that they are of, a name, a file or a description as JSON; nil: the training rows of the zoo's own.
    var dataset: String? { get }
}

extension RewardKind {
    /// Settings of `negative-loss`.
    public struct Rows: ComponentConfig, RewardRows {
        /// The most rows, spread evenly over all.
        public var rows = 2000
        /// Labelled data that they are of; nil: training rows.
        public var dataset: String?

        /// On 2,000 training rows.
        public init() {}
        /// What can be set.
        public static let keys = ConfigKey.rewardRows
    }

    /// Settings of `accuracy`.
    public struct Accuracy: ComponentConfig, RewardRows {
        /// The most rows, spread evenly over all.
        public var rows = 2000
        /// Labelled data that they are of; nil: training rows.
        public var dataset: String?
        /// What logits are divided by.
        public var temperature = 1.0

        /// The networks' own probabilities.
        public init() {}
        /// What can be set.
        public static let keys =
            ConfigKey.rewardRows + [
                ConfigKey(
                    "temperature", .number(above: 0),
                    "What logits are divided by; towards 0 it becomes the accuracy itself")
            ]
    }

    /// Settings of `agreement` and `disagreement`.
    public struct Reference: ComponentConfig, RewardRows {
        /// The most rows, spread evenly over all.
        public var rows = 2000
        /// Data that they are of, whose classes do not count; nil: training rows.
        public var dataset: String?
        /// A zoo file, of which the first network is the reference; nil: the training networks' vote.
        public var reference: String?

        /// The training networks' vote.
        public init() {}
        /// What can be set.
        public static let keys =
            ConfigKey.rewardRows + [
                ConfigKey(
                    "reference", .optional(.text),
                    "A zoo file whose first network is the reference; null: what most training networks say")
            ]
    }
}

extension ConfigKey {
    fileprivate static let rewardRows = [
        ConfigKey(
            "rows", .integer(2...10_000_000), "Rows that it looks at, spread evenly over all; all where fewer"),
        ConfigKey(
            "dataset", .optional(.text),
            "Labelled data that they are of: a name, a file, or a description as JSON; null: the zoo's training rows"),
    ]
}
