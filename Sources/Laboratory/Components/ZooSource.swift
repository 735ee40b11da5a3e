import ModelZoo

/// Where a population comes from.
public enum ZooSource: VariantConfig {
    /// A zoo file.
    case file(File)
    /// Training by a recipe.
    case train(ZooRecipe)

    /// A zoo file on disk.
    public struct File: ComponentConfig {
        /// Path, from the current folder or from the checkout.
        public var path = "ModelZoos/digits-mlp.h5"

        /// The committed zoo.
        public init() {}

        /// One key.
        public static let keys = [ConfigKey("path", .text, "Zoo file, from the current folder or from the checkout")]
    }

    /// The committed zoo.
    public init() { self = .file(.init()) }

    /// A file, or training.
    public static let variants = [
        ConfigVariant("file", File.self, "read a zoo file"),
        ConfigVariant("train", ZooRecipe.self, "train a zoo by a recipe"),
    ]

    /// Reads the kind's settings.
    public init(from decoder: any Decoder) throws {
        switch try decoder.variantKind() {
        case "file": self = .file(try File(from: decoder))
        case "train": self = .train(try ZooRecipe(from: decoder))
        case let other: throw decoder.unknownKind(other)
        }
    }

    /// Writes the kind beside its settings.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .file(let file): try encoder.encodeVariant("file", file)
        case .train(let recipe): try encoder.encodeVariant("train", recipe)
        }
    }

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        if case .train(let recipe) = self { recipe.problems() } else { [] }
    }
}
