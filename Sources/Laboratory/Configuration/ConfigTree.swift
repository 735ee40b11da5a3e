/// A configuration as a tree, between the text that a person writes and the value that a component reads.
public indirect enum ConfigTree: Sendable, Equatable {
    /// Nothing: an optional key that is not set.
    case null
    /// A switch.
    case bool(Bool)
    /// A whole number.
    case int(Int)
    /// A number with a fraction or an exponent.
    case double(Double)
    /// A text.
    case string(String)
    /// A list of values.
    case list([ConfigTree])
    /// A section: values by key, in the order of declaration.
    case map(ConfigMap)

    /// The entries of a section, or nil.
    public var map: ConfigMap? {
        if case .map(let map) = self { return map }
        return nil
    }

    /// The elements of a list, or nil.
    public var list: [ConfigTree]? {
        if case .list(let list) = self { return list }
        return nil
    }

    /// The value of a whole number, or nil.
    public var int: Int? {
        if case .int(let value) = self { return value }
        return nil
    }

    /// The value of a text, or nil.
    public var string: String? {
        if case .string(let value) = self { return value }
        return nil
    }

    /// The value of a switch, or nil.
    public var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// The value at a dotted path (`generator.hidden`; the empty path is the tree itself), or nil where there is none;
    /// setting makes the sections on the way, setting nil removes.
    public subscript(path: String) -> ConfigTree? {
        get {
            guard !path.isEmpty else { return self }
            let (head, rest) = Self.split(path)
            guard let child = map?[head] else { return nil }
            return rest.map { child[$0] } ?? child
        }
        set {
            guard !path.isEmpty else { return self = newValue ?? .null }
            let (head, rest) = Self.split(path)
            var entries = map ?? ConfigMap()
            if let rest {
                var child = entries[head] ?? .map(ConfigMap())
                child[rest] = newValue
                entries[head] = child
            } else {
                entries[head] = newValue
            }
            self = .map(entries)
        }
    }

    private static func split(_ path: String) -> (head: String, rest: String?) {
        guard let dot = path.firstIndex(of: ".") else { return (path, nil) }
        return (String(path[..<dot]), String(path[path.index(after: dot)...]))
    }
}

extension ConfigTree {
    /// Every value that is not a section (and every empty section) with its dotted path, in the tree's order.
    public var leaves: [(path: String, value: ConfigTree)] { leaves(under: "") }

    func leaves(under prefix: String) -> [(path: String, value: ConfigTree)] {
        guard case .map(let map) = self, !(map.keys.isEmpty && !prefix.isEmpty) else { return [(prefix, self)] }
        return map.keys.flatMap { key in
            (map[key] ?? .null).leaves(under: prefix.isEmpty ? key : "\(prefix).\(key)")
        }
    }

    /// The dotted paths at which two trees differ, with both values (nil: no such key), sorted by path.
    public static func differences(
        _ old: ConfigTree, _ new: ConfigTree
    ) -> [(path: String, old: ConfigTree?, new: ConfigTree?)] {
        let before = Dictionary(old.leaves.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
        let after = Dictionary(new.leaves.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
        return Set(before.keys).union(after.keys).sorted().compactMap { path in
            before[path] == after[path] ? nil : (path, before[path], after[path])
        }
    }

    /// How messages show a value: as YAML writes it, shortened; "a section" for a map.
    var summary: String {
        switch self {
        case .map: return "a section"
        case .null: return "nothing (null)"
        case .string(let text): return JSONValue.string(text.count > 60 ? text.prefix(57) + "..." : text).text()
        default:
            let text = inlineYAML
            return text.count > 60 ? text.prefix(57) + "..." : text
        }
    }
}
