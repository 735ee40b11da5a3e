/// A configuration's table of keys with the defaults filled in: what merging, messages and the JSON Schema read.
public struct ConfigSchema: Sendable {
    /// The whole table, nested components included.
    public let keys: [ConfigKey]
    /// The defaults as a tree, in the table's order, optional keys as null.
    public let defaults: Tree
    /// Where the table and the coded properties disagree (a mistake of the programmer; tests expect none).
    public let discrepancies: [String]
    /// The dotted paths of all sections.
    let sections: Set<String>

    /// The table of a component, with the kinds of these tables.
    public init<Config: ComponentConfig>(_: Config.Type, _ tables: ConfigTables = .standard) {
        keys = Config.keys.flatMap { $0.expanded(tables) }
        sections = Set(keys.flatMap { key in Self.prefixes(of: key.path) })
        do {
            let encoded = try Tree(encoding: Config())
            (defaults, discrepancies) = Self.complete(encoded, keys)
        } catch {
            (defaults, discrepancies) = (.map(Tree.Map()), ["the defaults cannot be encoded: \(error)"])
        }
    }

    /// The key at a path among those that exist with the tree's kinds, or nil.
    func key(at path: String, in tree: Tree) -> ConfigKey? {
        keys.first { $0.path == path && $0.exists(in: tree) }
    }

    /// The default of a key as text for a person, or nil for a key of a kind that is not the default.
    public func defaultText(of path: String) -> String? { defaults[path].map(\.inlineYAML) }

    /// What a key means among those that exist with the tree's kinds; of `kind` what the chosen one is. Nil for no key.
    package func meaning(of path: String, in tree: Tree) -> String? {
        guard let key = key(at: path, in: tree) else { return nil }
        let chosen = key.variants.first { .string($0.kind) == tree[path] }
        return chosen?.documentation ?? key.documentation
    }

    /// The default of a key with the tree's kinds; nil for no key.
    package func standard(of path: String, in tree: Tree) -> Tree? {
        // The innermost section in kinds says its keys' defaults.
        let sections = Self.prefixes(of: path).reversed()
        for section in sections {
            guard let choice = key(at: "\(section).kind", in: tree), path != choice.path else { continue }
            let variant = choice.variants.first { .string($0.kind) == tree[choice.path] }
            return variant?.defaults()[String(path.dropFirst(section.count + 1))]
        }
        return defaults[path]
    }

    /// The known path that a person most likely meant, or nil.
    func nearest(to path: String) -> String? {
        let known = Set(keys.map(\.path)).union(sections).sorted()
        if let close = Nearest.match(path, among: known) { return close }
        func last(_ path: String) -> String { String(path.split(separator: ".").last ?? "") }
        let word = last(path)
        return known.first { last($0) == word } ?? known.first { Nearest.match(word, among: [last($0)]) != nil }
    }

    static func prefixes(of path: String) -> [String] {
        let parts = path.split(separator: ".")
        return parts.indices.dropFirst().map { parts[..<$0].joined(separator: ".") }
    }

    private static func complete(_ encoded: Tree, _ keys: [ConfigKey]) -> (Tree, [String]) {
        var tree = Tree.map(Tree.Map())
        var discrepancies: [String] = []
        for key in keys where key.exists(in: encoded) {
            let value = encoded[key.path] ?? .null
            switch key.type.check(value, at: key.path) {
            case .success(let checked): tree[key.path] = checked
            case .failure(let mismatch):
                tree[key.path] = value
                discrepancies.append("\(mismatch.path): default \(mismatch.found) is not \(mismatch.expected)")
            }
        }
        for leaf in encoded.leaves where tree[leaf.path] == nil {
            discrepancies.append("\(leaf.path): not in the table of keys")
            tree[leaf.path] = leaf.value
        }
        return (tree, discrepancies)
    }
}
