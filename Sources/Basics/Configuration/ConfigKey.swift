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
    /// The path under which older configurations have the key, or nil: named to whoever still writes it.
    private(set) var formerly: String?
    /// The kinds of a section that is still to be expanded with the tables in force.
    private let kinds: (@Sendable (ConfigTables) -> [ConfigVariant])?

    /// A choice of `kind` on which a key depends.
    public struct Condition: Sendable, Equatable {
        /// The dotted path of the `kind` key.
        public let path: String
        /// The kind that has the key.
        public let kind: String
    }

    /// A key at `path`, which once was called `formerly`: the old name is refused with a word on the new one.
    public init(_ path: String, _ type: ConfigType, _ documentation: String, formerly: String? = nil) {
        self.init(path, type, documentation, variants: [])
        self.formerly = formerly
    }

    init(
        _ path: String, _ type: ConfigType, _ documentation: String, conditions: [Condition] = [],
        variants: [ConfigVariant], kinds: (@Sendable (ConfigTables) -> [ConfigVariant])? = nil
    ) {
        self.path = path
        self.type = type
        self.documentation = documentation
        self.conditions = conditions
        self.variants = variants
        self.kinds = kinds
    }

    /// The key `kind` of a section whose kinds the tables say.
    init(kinds: @escaping @Sendable (ConfigTables) -> [ConfigVariant]) {
        self.init(Self.kindName, .text, "", variants: [], kinds: kinds)
    }

    private static let kindName = "kind"

    /// The key itself; of a section in kinds the key `kind` with its choices, then each kind's own keys.
    func expanded(_ tables: ConfigTables) -> [ConfigKey] {
        guard let kinds = kinds?(tables) else { return [self] }
        let documentation = kinds.map { "\($0.kind): \($0.documentation)" }.joined(separator: "; ")
        let section = String(path.dropLast(Self.kindName.count))
        let choice = ConfigKey(
            path, .choice(kinds.map(\.kind)), documentation, conditions: conditions, variants: kinds)
        return [choice]
            + kinds.flatMap { kind in
                kind.keys.map { key in
                    var own = ConfigKey(
                        section + key.path, key.type, key.documentation,
                        conditions: conditions + [Condition(path: path, kind: kind.kind)]
                            + key.conditions.map { Condition(path: section + $0.path, kind: $0.kind) },
                        variants: key.variants)
                    own.formerly = key.formerly.map { section + $0 }
                    return own
                }
            }
    }

    func under(_ name: String) -> ConfigKey {
        var key = ConfigKey(
            "\(name).\(path)", type, documentation,
            conditions: conditions.map { Condition(path: "\(name).\($0.path)", kind: $0.kind) }, variants: variants,
            kinds: kinds)
        key.formerly = formerly.map { "\(name).\($0)" }
        return key
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
