/// A section that holds one member of a family: written `{kind: NAME, ...the kind's own keys}`.
///
/// It is made from the member; its kind is looked up in the family's table, or, where it is read, in the table that
/// was handed to the resolver.
@dynamicMemberLookup
public struct Described<Family: ConfigFamily>: VariantConfig {
    /// The settings of the kind that was chosen.
    public let member: Family.Member
    private let type: ConfigKind<Family.Member>

    /// The value of `kind:`.
    public var kind: String { type.name }

    /// The first kind of the family's `standard`, with its defaults.
    public init() {
        type = Family.standard.all[0]
        member = type.standard()
    }

    /// Describes a member; traps unless the table has its kind.
    public init(_ member: Family.Member, in kinds: ConfigKinds<Family.Member> = Family.standard) {
        guard let type = kinds.kind(of: member) else {
            preconditionFailure("\(member) is of no kind in the table: \(kinds.all.map(\.name))")
        }
        (self.member, self.type) = (member, type)
    }

    /// The kind of a name with its defaults; nil where the table has none of that name.
    public init?(kind name: String, in kinds: ConfigKinds<Family.Member> = Family.standard) {
        guard let type = kinds[name] else { return nil }
        (self.type, member) = (type, type.standard())
    }

    /// A property of the member.
    public subscript<Value>(dynamicMember path: KeyPath<Family.Member, Value>) -> Value { member[keyPath: path] }

    /// The kinds of the family.
    public static func variants(_ tables: ConfigTables) -> [ConfigVariant] {
        tables[Family.self].all.map { $0.variant(tables) }
    }

    /// Reads `kind` and its settings.
    public init(from decoder: any Decoder) throws {
        (type, member) = try decoder.configTables[Family.self].decode(from: decoder)
    }

    /// Writes `kind` beside the settings.
    public func encode(to encoder: any Encoder) throws {
        guard let settings = type.settings(member) else { return }
        try encoder.encodeVariant(type.name, settings)
    }

    /// Whether kind and settings are the same.
    public static func == (first: Self, second: Self) -> Bool {
        first.kind == second.kind && first.type.areEqual(first.member, second.member)
    }

    /// What is wrong across the settings of the kind that was chosen.
    public func problems() -> [ConfigProblem] { type.settings(member)?.problems() ?? [] }
}

/// A component that comes in a fixed number of kinds, an enum with one case each: it is its own family.
///
/// Its table says for each kind how the case is made of the kind's settings, and how they are taken out of it.
public protocol ConfigChoice: VariantConfig, ConfigFamily where Member == Self {}

extension ConfigChoice {
    /// The first kind with its defaults.
    public init() { self = Self.standard.all[0].standard() }

    /// The kinds of the table.
    public static func variants(_ tables: ConfigTables) -> [ConfigVariant] {
        tables[Self.self].all.map { $0.variant(tables) }
    }

    /// Reads `kind` and its settings.
    public init(from decoder: any Decoder) throws {
        self = try decoder.configTables[Self.self].decode(from: decoder).member
    }

    /// Writes `kind` beside the settings.
    public func encode(to encoder: any Encoder) throws {
        guard let kind = Self.standard.kind(of: self), let settings = kind.settings(self) else { return }
        try encoder.encodeVariant(kind.name, settings)
    }

    /// What is wrong across the settings of this case.
    public func problems() -> [ConfigProblem] {
        Self.standard.kind(of: self)?.settings(self)?.problems() ?? []
    }

    /// The value of `kind:`.
    public var kind: String { Self.standard.kind(of: self)?.name ?? "" }
}

/// The settings of a kind that has none.
public struct NoSettings: ComponentConfig {
    /// The only value, as there is nothing to set.
    public init() {}
    /// An empty table: a kind without keys of its own.
    public static let keys: [ConfigKey] = []
}
