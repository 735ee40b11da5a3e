import Basics

/// How a support set is told.
public enum SupportCondition: ConfigChoice {
    /// There is none.
    case none
    /// Examples are rows of numbers, which a perceptron reads.
    case rows(SupportSettings)
    /// Examples are images, which a small convolutional net reads.
    case images(SupportSettings)

    /// None first.
    public static let standard: ConfigKinds<SupportCondition> = [
        ConfigKind(
            "none", NoSettings.self, "no support set can be given", { _ in .none },
            settings: { $0 == .none ? NoSettings() : nil }),
        ConfigKind(
            "rows", SupportSettings.self, "labelled rows, read by a perceptron and a set transformer",
            SupportCondition.rows
        ) {
            guard case .rows(let settings) = $0 else { return nil }
            return settings
        },
        ConfigKind(
            "images", SupportSettings.self, "labelled images, read by two convolutions and a set transformer",
            SupportCondition.images
        ) {
            guard case .images(let settings) = $0 else { return nil }
            return settings
        },
    ]

    /// The settings; nil where there is no support set.
    public var settings: SupportSettings? {
        switch self {
        case .none: nil
        case .rows(let settings), .images(let settings): settings
        }
    }

    /// Whether the examples are images.
    var readsImages: Bool {
        switch self {
        case .none, .rows: false
        case .images: true
        }
    }
}

/// A set transformer over labelled examples.
public struct SupportSettings: ComponentConfig {
    /// C, the most classes that a task can have; nil: as many as the training tasks have.
    public var classes: Int?
    /// Fewest examples a class that a training step draws from a task's.
    public var fewest = 1
    /// Most.
    public var most = 20
    /// Features of an example.
    public var features = 64
    /// Blocks of attention.
    public var layers = 1
    /// Heads of the attention.
    public var heads = 4

    /// One to twenty examples a class.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey(
            "classes", .optional(.integer(2...10_000)),
            "Most classes that a task can have; null: as many as the training tasks have"),
        ConfigKey("fewest", .integer(1...100_000), "Fewest examples a class that a training step is shown"),
        ConfigKey("most", .integer(1...100_000), "Most examples a class that a training step is shown"),
        ConfigKey("features", .integer(1...8192), "Features of an example, a multiple of heads"),
        ConfigKey("layers", .integer(0...64), "Blocks of attention between examples, and between classes"),
        ConfigKey("heads", .integer(1...64), "Heads of the attention, a divisor of the features"),
    ]

    /// Bounds in the wrong order, and features that the heads do not divide.
    public func problems() -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        if fewest > most {
            problems.append(ConfigProblem("fewest", expected: "at most `most`, \(most)", found: "\(fewest)"))
        }
        if !features.isMultiple(of: heads) {
            problems.append(
                ConfigProblem("features", expected: "a multiple of heads, \(heads)", found: "\(features)"))
        }
        return problems
    }
}
