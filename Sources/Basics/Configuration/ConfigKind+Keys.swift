/// One key of a kind as listings show it.
public struct ConfigKeyListing: Sendable, Hashable, Encodable {
    /// The key's path below `kind`.
    public let key: String
    /// What it takes, in words.
    public let takes: String
    /// Its default, as in YAML; nil where it must be given, or the choice is left to the component.
    public let standard: String?
    /// What it means.
    public let meaning: String
}

extension ConfigKind {
    /// The kind's own keys, in their order.
    public func keys(_ tables: ConfigTables = .standard) -> [ConfigKeyListing] {
        let variant = variant(tables)
        let defaults = variant.defaults()
        return variant.keys.map { key in
            let value = defaults[key.path] ?? .null
            return ConfigKeyListing(
                key: key.path, takes: key.type.expectation, standard: value == .null ? nil : value.inlineYAML,
                meaning: key.documentation)
        }
    }

    /// What is wrong with the values of a description of this kind by its table of keys, each key by itself.
    ///
    /// Values under `excluding` are left to the component, which takes more forms than the table says.
    package func problems(
        of description: Tree, excluding: Set<String> = [], _ tables: ConfigTables = .standard
    ) -> [ConfigProblem] {
        guard let map = description.map else { return [] }
        let keys = variant(tables).keys
        return map.keys.compactMap { name in
            guard name != "kind", let value = map[name] else { return nil }
            guard let key = keys.first(where: { $0.path == name }) else {
                let known = keys.map(\.path)
                let near = Nearest.hint(Nearest.match(name, among: known))
                return ConfigProblem(
                    name, expected: "a key of \(self.name): \(known.joined(separator: ", "))", found: "an unknown one",
                    hint: near)
            }
            guard !excluding.contains(name), case .failure(let mismatch) = key.type.check(value, at: name) else {
                return nil
            }
            return ConfigProblem(mismatch.path, expected: mismatch.expected, found: mismatch.found)
        }
    }
}
