/// A family of components of which a section holds one: velocity nets, sources, processes.
///
/// The members are usually `any SomethingConfig`, a protocol of the family's room; ``standard`` is the one table of
/// kinds, one line each, from which a section's keys, defaults, messages, decoding and encoding follow (``Described``).
public protocol ConfigFamily: Sendable {
    /// What the section holds.
    associatedtype Member: Sendable
    /// The kinds of the product, the default's first.
    static var standard: ConfigKinds<Member> { get }
}

/// One kind of a section: one line of a family's table.
public struct ConfigKind<Member: Sendable>: Sendable {
    /// The value of `kind:`.
    public let name: String
    /// What the kind is, in a few words.
    public let documentation: String
    /// What it computes, a picture in words for listings; often empty.
    public let picture: String
    let variant: @Sendable (ConfigTables) -> ConfigVariant
    let standard: @Sendable () -> Member
    package let decode: @Sendable (any Decoder) throws -> Member
    let settings: @Sendable (Member) -> (any ComponentConfig)?

    /// A kind whose settings are a `Config`; `member` puts them into the family's type.
    ///
    /// For a family of existentials that is `{ $0 }`. For an enum it is the case, and `settings` takes its payload out.
    public init<Config: ComponentConfig>(
        _ name: String, _: Config.Type, _ documentation: String,
        _ member: @escaping @Sendable (Config) -> Member,
        settings: @escaping @Sendable (Member) -> Config? = { ($0 as Any) as? Config }
    ) {
        self.name = name
        self.documentation = documentation
        picture = ""
        variant = { ConfigVariant(name, Config.self, documentation, $0) }
        standard = { member(Config()) }
        decode = { member(try Config(from: $0)) }
        self.settings = settings
    }

    /// A kind whose settings are described by keys and defaults alone, and whose members encode themselves.
    ///
    /// A default of null leaves the choice to the member, which may make it depend on other keys.
    package init(
        _ name: String, _ documentation: String, picture: String = "", keys: [ConfigKey], defaults: Tree.Map,
        decode: @escaping @Sendable (any Decoder) throws -> Member
    ) {
        self.name = name
        self.documentation = documentation
        self.picture = picture
        variant = { _ in ConfigVariant(name, keys: keys, defaults: defaults, documentation) }
        standard = { preconditionFailure("\(name): members of this kind have no standard settings of their own") }
        self.decode = decode
        settings = { _ in nil }
    }

    /// Whether both are of this kind and have the same settings.
    func areEqual(_ first: Member, _ second: Member) -> Bool {
        func equal<Config: ComponentConfig>(_ first: Config, _ second: any ComponentConfig) -> Bool {
            (second as? Config) == first
        }
        guard let first = settings(first), let second = settings(second) else { return false }
        return equal(first, second)
    }
}

/// A family's table of kinds, the default's first: an immutable value.
///
/// More kinds are another table: `VelocityNets.standard + [mine]`, handed on in ``ConfigTables``.
public struct ConfigKinds<Member: Sendable>: Sendable, ExpressibleByArrayLiteral {
    /// The kinds in their order.
    public let all: [ConfigKind<Member>]

    /// A table of kinds; traps where there are none or two share a name.
    public init(_ kinds: [ConfigKind<Member>]) {
        precondition(!kinds.isEmpty && Set(kinds.map(\.name)).count == kinds.count, "kinds \(kinds.map(\.name))")
        all = kinds
    }

    /// A table of kinds.
    public init(arrayLiteral kinds: ConfigKind<Member>...) { self.init(kinds) }

    /// The table with more kinds after its own; traps where two share a name.
    public static func + (kinds: Self, more: [ConfigKind<Member>]) -> Self { Self(kinds.all + more) }

    /// The kind of a name, if there is one.
    public subscript(name: String) -> ConfigKind<Member>? { all.first { $0.name == name } }

    /// The kind that a member belongs to, if it belongs to one.
    func kind(of member: Member) -> ConfigKind<Member>? { all.first { $0.settings(member) != nil } }

    /// Decodes the kind that the decoder's `kind` names. Throws for a name that is not in the table.
    func decode(from decoder: any Decoder) throws -> (kind: ConfigKind<Member>, member: Member) {
        let name = try decoder.variantKind()
        guard let kind = self[name] else { throw decoder.unknownKind(name) }
        return (kind, try kind.decode(decoder))
    }
}

/// The tables of kinds with which a configuration is read: each family's own, unless another one is given.
///
/// A value that is handed to the resolver; nothing is registered anywhere.
public struct ConfigTables: Sendable {
    private var others: [ObjectIdentifier: any Sendable] = [:]

    /// The tables of the product: of each family its `standard`.
    public static let standard = ConfigTables()

    /// The same with another table for one family.
    public func with<Family: ConfigFamily>(_: Family.Type, _ kinds: ConfigKinds<Family.Member>) -> ConfigTables {
        var tables = self
        tables.others[ObjectIdentifier(Family.self)] = kinds
        return tables
    }

    /// The keys and defaults of every kind of a family.
    package func variants<Family: ConfigFamily>(of _: Family.Type) -> [ConfigVariant] {
        self[Family.self].all.map { $0.variant(self) }
    }

    /// The table of a family.
    public subscript<Family: ConfigFamily>(_: Family.Type) -> ConfigKinds<Family.Member> {
        others[ObjectIdentifier(Family.self)] as? ConfigKinds<Family.Member> ?? Family.standard
    }
}

extension CodingUserInfoKey {
    // The initialiser fails for no text; a key made by hand is what the type offers.
    fileprivate static var tables: CodingUserInfoKey? { CodingUserInfoKey(rawValue: "config.tables") }
}

extension Decoder {
    /// The tables that the resolver handed on, or the standard ones.
    package var configTables: ConfigTables {
        CodingUserInfoKey.tables.flatMap { userInfo[$0] as? ConfigTables } ?? .standard
    }
}

extension [CodingUserInfoKey: any Sendable] {
    /// What a decoder needs to read kinds by other tables than the standard ones.
    static func handing(on tables: ConfigTables) -> Self {
        CodingUserInfoKey.tables.map { [$0: tables] } ?? [:]
    }
}
