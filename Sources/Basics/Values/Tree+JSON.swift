extension Tree {
    /// The value as JSON: keys sorted, whole numbers as digits, others in the shortest form that reads back as the
    /// same number, not-finite ones as null; pretty: two spaces a level, arrays of plain values on one line. Equal
    /// values give equal text.
    public func text(pretty: Bool = false) -> String {
        var text = ""
        write(to: &text, indent: pretty ? "" : nil)
        return text
    }

    private func write(to text: inout String, indent: String?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += Self.number(value)
        case .string(let value): Self.quote(value, to: &text)
        case .list(let values):
            let inner = values.allSatisfy(\.isPlain) ? nil : indent
            let separator = indent == nil ? "," : ", "
            Self.block("[", "]", values, indent: inner, separator: separator, to: &text) { value, indent, text in
                value.write(to: &text, indent: indent)
            }
        case .map(let map):
            let sorted = map.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            Self.block("{", "}", sorted, indent: indent, separator: ",", to: &text) { key, inner, text in
                Self.quote(key, to: &text)
                text += indent == nil ? ":" : ": "
                (map[key] ?? .null).write(to: &text, indent: inner)
            }
        }
    }

    private static func block<Item>(
        _ open: String, _ close: String, _ items: [Item], indent: String?, separator: String, to text: inout String,
        _ write: (Item, String?, inout String) -> Void
    ) {
        text += open
        let inner = items.isEmpty ? nil : indent.map { $0 + "  " }
        for (index, item) in items.enumerated() {
            if index > 0 { text += inner == nil ? separator : "," }
            if let inner { text += "\n" + inner }
            write(item, inner, &text)
        }
        if inner != nil, let indent { text += "\n" + indent }
        text += close
    }

    private var isPlain: Bool {
        switch self {
        case .list, .map: return false
        default: return true
        }
    }

    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        return Int(exactly: value).map { String($0) } ?? value.description
    }

    private static func quote(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || 0x2028...0x2029 ~= scalar.value:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
