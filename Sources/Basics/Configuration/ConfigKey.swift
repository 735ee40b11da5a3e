/// One line of a component's table of keys: path, type with range or choices, documentation.
///
/// The default is not repeated here: it is the property's initial value, which ``ConfigSchema`` reads.
public struct ConfigKey: Sendable {
    /// The dotted path below the component whose table this is.
    public let path: String
    /// What the key takes.
    public let type: ConfigType
    /// One sentence for the person who sets it.
    public let documentation: String
    /// The kinds that must be chosen, as (path of the `kind` key, its value), for the key to exist.
    public let conditions: [Condition]
    let variants: [ConfigVariant]

    /// A choice of `kind` on which a key depends.
    public struct Condition: Sendable, Equatable {
        /// The dotted path of the `kind` key.
        public let path: String
        /// The kind that has the key.
        public let kind: String
    }

    /// A key at `path`.
    public init(_ path: String, _ type: ConfigType, _ documentation: String) {
        self.init(path, type, documentation, variants: [])
    }

    init(
        _ path: String, _ type: ConfigType, _ documentation: String, conditions: [Condition] = [],
        variants: [ConfigVariant]
    ) {
        self.path = path
        self.type = type
        self.documentation = documentation
        self.conditions = conditions
        self.variants = variants
    }

    func under(_ name: String) -> ConfigKey {
        ConfigKey(
            "\(name).\(path)", type, documentation,
            conditions: conditions.map { Condition(path: "\(name).\($0.path)", kind: $0.kind) }, variants: variants)
    }

    func onlyWith(_ kind: String) -> ConfigKey {
        ConfigKey(
            path, type, documentation, conditions: [Condition(path: "kind", kind: kind)] + conditions,
            variants: variants)
    }

    func exists(in tree: Tree) -> Bool {
        conditions.allSatisfy { tree[$0.path] == .string($0.kind) }
    }
}

extension [ConfigKey] {
    /// The keys of a component that stands in the section `name`.
    public static func section<Config: ComponentConfig>(_ name: String, _: Config.Type) -> [ConfigKey] {
        Config.keys.map { $0.under(name) }
    }
}
