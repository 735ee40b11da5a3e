import Basics

/// The section `conditions:` of a generator: what can be asked of a network, and how the net is told.
///
/// With all parts `none`, the default, the generator is unconditional.
public struct ConditionsConfig: ComponentConfig {
    /// E, the features that a condition becomes.
    public var width = 64
    /// Probability that a network's condition is left out of a training step, so that the net learns the unconditional
    /// velocity too; where several things can be asked, each is also left out by itself as often.
    public var dropout = 0.1
    /// A label.
    public var label = LabelCondition.none
    /// Numbers.
    public var number = NumberCondition.none
    /// A support set.
    public var support = SupportCondition.none

    /// Nothing can be asked.
    public init() {}

    /// Whether nothing can be asked.
    public var isEmpty: Bool { label == .none && number == .none && support == .none }

    /// What can be set.
    public static let keys: [ConfigKey] =
        [
            ConfigKey("width", .integer(1...8192), "Features that a condition becomes"),
            ConfigKey(
                "dropout", .number(atLeast: 0, below: 1),
                "Probability that a training step is not told a network's condition, which guidance needs"),
        ] + .section("label", LabelCondition.self) + .section("number", NumberCondition.self)
        + .section("support", SupportCondition.self)

    /// What is wrong in each part.
    public func problems() -> [ConfigProblem] {
        label.problems().under("label") + number.problems().under("number") + support.problems().under("support")
    }
}

/// How a label is told.
public enum LabelCondition: ConfigChoice {
    /// There is none.
    case none
    /// A learned vector a label.
    case table(LabelTable)

    /// None first.
    public static let standard: ConfigKinds<LabelCondition> = [
        ConfigKind(
            "none", NoSettings.self, "no label can be asked for", { _ in .none },
            settings: { $0 == .none ? NoSettings() : nil }),
        ConfigKind("table", LabelTable.self, "a learned vector for each label", LabelCondition.table) {
            guard case .table(let table) = $0 else { return nil }
            return table
        },
    ]

    /// What the networks' table calls the label; nil where there is none.
    public var column: String? {
        guard case .table(let table) = self else { return nil }
        return table.column
    }
}

/// A learned vector for each label that the training networks have.
public struct LabelTable: ComponentConfig {
    /// What the networks' table calls it.
    public var column = "task"

    /// The networks' task.
    public init() {}

    /// What can be set.
    public static let keys = [ConfigKey("column", .text, "Column of the zoo's networks that holds the label")]
}

/// How numbers are told.
public enum NumberCondition: ConfigChoice {
    /// There are none.
    case none
    /// Each number's sines and cosines, and a perceptron.
    case fourier(FourierNumbers)
    /// A perceptron.
    case perceptron(PlainNumbers)

    /// None first.
    public static let standard: ConfigKinds<NumberCondition> = [
        ConfigKind(
            "none", NoSettings.self, "no number can be asked for", { _ in .none },
            settings: { $0 == .none ? NoSettings() : nil }),
        ConfigKind(
            "fourier", FourierNumbers.self, "a perceptron of standardised numbers, their sines and cosines",
            NumberCondition.fourier
        ) {
            guard case .fourier(let numbers) = $0 else { return nil }
            return numbers
        },
        ConfigKind(
            "perceptron", PlainNumbers.self, "a perceptron of standardised numbers", NumberCondition.perceptron
        ) {
            guard case .perceptron(let numbers) = $0 else { return nil }
            return numbers
        },
    ]

    /// What the networks' table calls the numbers, in order.
    public var columns: [String] {
        switch self {
        case .none: []
        case .fourier(let numbers): numbers.columns
        case .perceptron(let numbers): numbers.columns
        }
    }

    /// Pairs of a sine and a cosine a number.
    var frequencies: Int {
        switch self {
        case .none, .perceptron: 0
        case .fourier(let numbers): numbers.frequencies
        }
    }
}

/// Numbers and their sines and cosines.
public struct FourierNumbers: ComponentConfig {
    /// What the networks' table calls them.
    public var columns = PlainNumbers().columns
    /// Pairs of a sine and a cosine a number.
    public var frequencies = 4

    /// The validation accuracy.
    public init() {}

    /// What can be set.
    public static let keys =
        PlainNumbers.keys + [ConfigKey("frequencies", .integer(1...64), "Pairs of a sine and a cosine a number")]

    /// What is wrong with the columns.
    public func problems() -> [ConfigProblem] {
        var plain = PlainNumbers()
        plain.columns = columns
        return plain.problems()
    }
}

/// Numbers as they are.
public struct PlainNumbers: ComponentConfig {
    /// What the networks' table calls them.
    public var columns = ["validation_accuracy"]

    /// The validation accuracy.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey(
            "columns", .list(.text, atLeast: 1),
            "Columns of the zoo's networks: validation_accuracy, train_loss, a hyper-parameter")
    ]

    /// A column that stands twice.
    public func problems() -> [ConfigProblem] {
        guard Set(columns).count < columns.count else { return [] }
        return [ConfigProblem("columns", expected: "columns that differ", found: "\(columns)")]
    }
}
