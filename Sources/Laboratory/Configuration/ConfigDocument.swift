import Basics

/// What a person wrote: a tree, and for every value in it the place where it stands.
public struct ConfigDocument: Sendable {
    /// The name of the file, for messages.
    public let file: String
    /// The values as they stand; keys may be dotted (`generator.hidden: 64`).
    public let tree: Tree
    let origins: [String: ConfigOrigin]

    /// The place of the value at a path of keys, or of the nearest section around it.
    func origin(_ path: String) -> ConfigOrigin {
        var path = path[...]
        while true {
            if let origin = origins[String(path)] { return origin }
            guard let dot = path.lastIndex(of: ".") else { return .file(file, line: 1, column: 1) }
            path = path[..<dot]
        }
    }

    /// The values below `prefix` (a path of keys in the document) as assignments, without the keys in `excluding`.
    func assignments(below prefix: String, of section: Tree, excluding: Set<String> = []) -> [ConfigAssignment] {
        guard var map = section.map else { return [] }
        for key in excluding { map[key] = nil }
        guard !map.keys.isEmpty else { return [] }
        return Tree.map(map).leaves.map { leaf in
            let place = prefix.isEmpty ? leaf.path : "\(prefix).\(leaf.path)"
            return ConfigAssignment(path: leaf.path, value: leaf.value, origin: origin(place))
        }
    }
}

extension ConfigAssignment {
    /// Reads `a.b.c=VALUE`, the value written as in YAML (`3`, `0.5`, `text`, `[64, 32]`, `{kind: raw}`, empty for
    /// null); throws ``ConfigError`` on another form.
    public init(setting text: String) throws {
        let origin = ConfigOrigin.option("--set \(text)")
        func wrong(_ found: String) -> ConfigError {
            ConfigError([
                ConfigProblem(
                    "", expected: "key.path=value", found: found, hint: "as in --set generator.hidden=64",
                    origin: origin)
            ])
        }
        guard let equals = text.firstIndex(of: "=") else { throw wrong("no =") }
        let path = String(text[..<equals])
        guard path.wholeMatch(of: #/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*/#) != nil else {
            throw wrong(path.isEmpty ? "no key" : "the key \(Tree.string(path).text())")
        }
        do {
            let value = try YAMLReader.read(String(text[text.index(after: equals)...]), file: "--set \(path)")
            self.init(path: path, value: value.tree, origin: origin)
        } catch {
            throw wrong("a value that is not YAML: \(error)")
        }
    }
}
