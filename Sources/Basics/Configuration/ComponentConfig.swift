/// The settings of one component: a plain struct whose property defaults are the defaults of the keys.
///
/// The table `keys` says type, range and meaning of each; the decoder and encoder are usually synthesized.
public protocol ComponentConfig: Codable, Sendable, Equatable {
    /// The component with every setting at its default.
    init()
    /// The table of keys, in the order in which the resolved file shows them.
    static var keys: [ConfigKey] { get }
    /// What is wrong across keys (ranges of single keys are the table's); paths are relative to this component.
    func problems() -> [ConfigProblem]
    /// What keys that were left to follow others come to, by path below this component; a run records them.
    func settled() -> [(path: String, value: Tree)]
}

extension ComponentConfig {
    /// No settings exclude each other, unless the component says otherwise.
    public func problems() -> [ConfigProblem] { [] }
    /// No key follows another, unless the component says otherwise.
    public func settled() -> [(path: String, value: Tree)] { [] }
}

/// A component that comes in kinds: a ``Described`` member of a family, or an enum with a case for each kind.
///
/// It is written `{kind: NAME, ...the kind's own keys}`; another `kind` swaps in that kind's defaults.
public protocol VariantConfig: ComponentConfig {
    /// The kinds, the default's first by convention.
    static func variants(_ tables: ConfigTables) -> [ConfigVariant]
}

extension VariantConfig {
    /// The key `kind`, which a ``ConfigSchema`` expands to itself and each kind's own keys.
    public static var keys: [ConfigKey] { [ConfigKey(kinds: Self.variants)] }
}

/// One kind of a ``VariantConfig`` as a schema reads it: its name, keys and defaults.
public struct ConfigVariant: Sendable {
    /// The value of `kind:`.
    public let kind: String
    let documentation: String
    let keys: [ConfigKey]
    let defaults: @Sendable () -> Tree

    /// A kind whose settings are a `Config`.
    public init<Config: ComponentConfig>(
        _ kind: String, _: Config.Type, _ documentation: String, _ tables: ConfigTables = .standard
    ) {
        self.kind = kind
        self.documentation = documentation
        let keys = Config.keys.flatMap { $0.expanded(tables) }
        self.keys = keys
        defaults = {
            var tree = Tree.map(["kind": .string(kind)])
            let own = ConfigSchema(Config.self, tables).defaults.map ?? Tree.Map()
            for key in own.keys { tree[key] = own[key] }
            return tree
        }
    }

    /// A kind with the given keys and defaults, for settings that have a coding of their own.
    ///
    /// A default of null leaves the choice to the component, which may make it depend on other keys.
    package init(_ kind: String, keys: [ConfigKey], defaults own: Tree.Map, _ documentation: String) {
        self.kind = kind
        self.documentation = documentation
        self.keys = keys
        defaults = {
            var tree: Tree.Map = ["kind": .string(kind)]
            for key in own.keys { tree[key] = own[key] }
            return .map(tree)
        }
    }
}

private enum VariantKey: String, CodingKey { case kind }

extension Decoder {
    /// The value of `kind`, with which a ``VariantConfig`` chooses the case to decode.
    public func variantKind() throws -> String {
        try container(keyedBy: VariantKey.self).decode(String.self, forKey: .kind)
    }

    /// The error for a kind that is not in the list; the resolver refuses it earlier, with a better message.
    public func unknownKind(_ kind: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath + [VariantKey.kind], debugDescription: "unknown kind \"\(kind)\""))
    }
}

extension Encoder {
    /// Writes `kind` beside the keys of its settings.
    public func encodeVariant(_ kind: String, _ config: some Encodable) throws {
        var fields = container(keyedBy: VariantKey.self)
        try fields.encode(kind, forKey: .kind)
        try config.encode(to: self)
    }
}
