extension Tree {
    /// The tree as YAML: block sections, lists in one line, keys in the tree's order; equal trees of equal order give
    /// equal bytes, and parsing the text gives the tree back.
    public var yaml: String {
        guard let map, !map.keys.isEmpty else { return inlineYAML + "\n" }
        var text = ""
        Self.write(map, indent: "", to: &text)
        return text
    }

    private static func write(_ map: Map, indent: String, to text: inout String) {
        for key in map.keys {
            let value = map[key] ?? .null
            text += indent + quoted(key) + ":"
            if let section = value.map, !section.keys.isEmpty {
                text += "\n"
                write(section, indent: indent + "  ", to: &text)
            } else {
                text += " " + value.inlineYAML + "\n"
            }
        }
    }

    /// The tree on one line, in YAML's flow style.
    package var inlineYAML: String {
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .number(let value): return Self.number(value)
        case .string(let value): return Self.quoted(value)
        case .list(let values): return "[" + values.map(\.inlineYAML).joined(separator: ", ") + "]"
        case .map(let map):
            let entries = map.keys.map { Self.quoted($0) + ": " + (map[$0] ?? .null).inlineYAML }
            return "{" + entries.joined(separator: ", ") + "}"
        }
    }

    /// A number that YAML 1.1 and 1.2 readers alike take for one (1.1 wants a point before an exponent).
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? ".nan" : value < 0 ? "-.inf" : ".inf" }
        let text = value.description
        guard let exponent = text.firstIndex(of: "e"), !text[..<exponent].contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }

    /// A text without quotes where no reader could take it for anything else, otherwise in double quotes.
    private static func quoted(_ text: String) -> String {
        let words: Set<String> = ["y", "n", "yes", "no", "on", "off"]
        let isPlain = text.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "_-./+".utf8.contains($0)
        }
        let startsAsWord = text.first.map { $0.isLetter || $0 == "_" || $0 == "/" } ?? false
        if isPlain, startsAsWord, !words.contains(text.lowercased()), plainScalar(text) == .string(text) { return text }
        return Tree.string(text).text()
    }

    /// What a plain scalar means in YAML 1.2's core schema: null, true/false, whole numbers (decimal, 0x), numbers
    /// (`1e-3`, `.5`, `.inf`, `.nan`), text otherwise.
    package static func plainScalar(_ text: String) -> Tree {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".inf", "+.inf", ".Inf", "+.Inf", ".INF": return .number(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
        case ".nan", ".NaN", ".NAN": return .number(.nan)
        default: break
        }
        if let match = text.wholeMatch(of: #/0x([0-9a-fA-F]+)/#), let value = Int(match.1, radix: 16) {
            return .integer(value)
        }
        guard text.wholeMatch(of: #/[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/#) != nil else {
            return .string(text)
        }
        if let value = Int(text) { return .integer(value) }
        return Double(text).map { .number($0) } ?? .string(text)
    }
}
