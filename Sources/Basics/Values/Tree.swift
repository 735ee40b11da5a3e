/// A value as JSON and YAML have it: what configurations, summaries, metrics and `--json` are made of.
///
/// Sections keep the order in which their keys were set; equality does not look at it, and ``text(pretty:)`` sorts.
public indirect enum Tree: Sendable, Equatable {
    /// Nothing: an optional key that is not set; also what a number that is not finite becomes in JSON.
    case null
    /// A switch.
    case bool(Bool)
    /// A whole number.
    case integer(Int)
    /// A number with a fraction or an exponent.
    case number(Double)
    /// A text.
    case string(String)
    /// Values in order.
    case list([Tree])
    /// A section: values by key.
    case map(Map)

    /// A section's entries in the order in which they were first set; equality does not look at the order.
    public struct Map: Sendable, Equatable, ExpressibleByDictionaryLiteral {
        /// The keys in order.
        public private(set) var keys: [String] = []
        private var values: [String: Tree] = [:]

        /// A section without keys.
        public init() {}

        /// The given entries; a key that stands twice keeps its last value.
        public init(dictionaryLiteral elements: (String, Tree)...) {
            for (key, value) in elements { self[key] = value }
        }

        /// The entries of a dictionary, its keys sorted.
        public init(_ entries: [String: Tree]) {
            keys = entries.keys.sorted()
            values = entries
        }

        /// Whether there is no entry.
        public var isEmpty: Bool { keys.isEmpty }

        /// The value of a key, or nil; setting nil removes the key.
        public subscript(key: String) -> Tree? {
            get { values[key] }
            set {
                if newValue == nil {
                    keys.removeAll { $0 == key }
                } else if values[key] == nil {
                    keys.append(key)
                }
                values[key] = newValue
            }
        }

        /// Whether both hold the same values under the same keys.
        public static func == (left: Map, right: Map) -> Bool { left.values == right.values }
    }

    /// The entries of a section, or nil.
    public var map: Map? {
        if case .map(let map) = self { return map }
        return nil
    }

    /// The elements of a list, or nil.
    public var list: [Tree]? {
        if case .list(let list) = self { return list }
        return nil
    }

    /// The value of a whole number, or nil.
    public var integer: Int? {
        if case .integer(let value) = self { return value }
        return nil
    }

    /// The value of a number, whole or not, or nil.
    public var number: Double? {
        switch self {
        case .number(let value): return value
        case .integer(let value): return Double(value)
        default: return nil
        }
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
    public subscript(path: String) -> Tree? {
        get {
            guard !path.isEmpty else { return self }
            let (head, rest) = Self.split(path)
            guard let child = map?[head] else { return nil }
            return rest.map { child[$0] } ?? child
        }
        set {
            guard !path.isEmpty else { return self = newValue ?? .null }
            // Removing what is not there would make the sections on the way, and lose a value that stands there.
            guard newValue != nil || self[path] != nil else { return }
            let (head, rest) = Self.split(path)
            var entries = map ?? Map()
            if let rest {
                var child = entries[head] ?? .map(Map())
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

extension Tree {
    /// Every value that is not a section (and every empty section) with its dotted path, in the tree's order.
    public var leaves: [(path: String, value: Tree)] { leaves(under: "") }

    package func leaves(under prefix: String) -> [(path: String, value: Tree)] {
        guard case .map(let map) = self, !(map.keys.isEmpty && !prefix.isEmpty) else { return [(prefix, self)] }
        return map.keys.flatMap { key in
            (map[key] ?? .null).leaves(under: prefix.isEmpty ? key : "\(prefix).\(key)")
        }
    }

    /// The dotted paths at which two trees differ, with both values (nil: no such key), sorted by path.
    public static func differences(
        _ old: Tree, _ new: Tree
    ) -> [(path: String, old: Tree?, new: Tree?)] {
        let before = Dictionary(old.leaves.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
        let after = Dictionary(new.leaves.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
        return Set(before.keys).union(after.keys).sorted().compactMap { path in
            before[path] == after[path] ? nil : (path, before[path], after[path])
        }
    }

    /// How messages show a value: as YAML writes it, shortened; "a section" for a map.
    package var summary: String {
        switch self {
        case .map: return "a section"
        case .null: return "nothing (null)"
        case .string(let text): return Tree.string(text.count > 60 ? text.prefix(57) + "..." : text).text()
        default:
            let text = inlineYAML
            return text.count > 60 ? text.prefix(57) + "..." : text
        }
    }
}

extension Tree: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// The null value, written `nil` in code.
    public init(nilLiteral: ()) { self = .null }
    /// A switch, written `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A whole number, such as `3`.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A number with a fraction.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A text, such as `"relu"`.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A list, such as `[64, 32]`.
    public init(arrayLiteral elements: Tree...) { self = .list(elements) }
    /// A section; a key that stands twice keeps its last value.
    public init(dictionaryLiteral elements: (String, Tree)...) {
        var map = Map()
        for (key, value) in elements { map[key] = value }
        self = .map(map)
    }
}
