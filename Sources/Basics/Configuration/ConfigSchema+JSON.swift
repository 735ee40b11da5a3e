extension ConfigSchema {
    /// The table as a JSON Schema (draft 2020-12) for editors; keys of all kinds stand side by side, each with a note
    /// of its kind.
    public var jsonSchema: Tree {
        var root = Self.section(keys.map { (Array($0.path.split(separator: ".").map(String.init)), $0) }, self)
        root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        if case .map(var properties)? = root["properties"] {
            properties["grid"] = ["type": "object"]
            properties["arms"] = ["type": "object"]
            root["properties"] = .map(properties)
        }
        return .map(root)
    }

    private static func section(
        _ keys: [(path: [String], key: ConfigKey)], _ schema: ConfigSchema
    ) -> Tree.Map {
        var properties: Tree.Map = [:]
        for (name, group) in Dictionary(grouping: keys, by: { $0.path[0] }) {
            let inner = group.filter { $0.path.count > 1 }
            if inner.isEmpty {
                properties[name] = leaf(group.map(\.key), schema)
            } else {
                properties[name] = .map(section(inner.map { (Array($0.path.dropFirst()), $0.key) }, schema))
            }
        }
        return ["type": "object", "additionalProperties": false, "properties": .map(properties)]
    }

    private static func leaf(_ keys: [ConfigKey], _ schema: ConfigSchema) -> Tree {
        let texts = keys.map { key in
            let kinds = key.conditions.map { "\($0.path): \($0.kind)" }.joined(separator: ", ")
            return key.documentation + (kinds.isEmpty ? "" : " (with \(kinds))")
        }
        let types = keys.map(\.type.json).reduce(into: [Tree]()) { if !$0.contains($1) { $0.append($1) } }
        var fields: Tree.Map = ["anyOf": .list(types)]
        if types.count == 1, case .map(let only) = types[0] { fields = only }
        fields["description"] = .string(texts.joined(separator: " Or: "))
        if let value = schema.defaults[keys[0].path] { fields["default"] = value }
        return .map(fields)
    }
}

extension ConfigType {
    /// The type as a JSON Schema.
    var json: Tree {
        switch self {
        case .flag: return ["type": "boolean"]
        case .text: return ["type": "string", "minLength": 1]
        case .choice(let words): return ["enum": .list(words.map { .string($0) })]
        case .whole(let range):
            var fields: Tree.Map = ["type": "integer"]
            if range.lowerBound != Int.min { fields["minimum"] = .integer(range.lowerBound) }
            if range.upperBound != Int.max { fields["maximum"] = .integer(range.upperBound) }
            return .map(fields)
        case .real(let bounds):
            var fields: Tree.Map = ["type": "number"]
            fields["exclusiveMinimum"] = bounds.above.map { .number($0) }
            fields["minimum"] = bounds.atLeast.map { .number($0) }
            fields["exclusiveMaximum"] = bounds.below.map { .number($0) }
            fields["maximum"] = bounds.atMost.map { .number($0) }
            return .map(fields)
        case .list(let element, let count):
            var fields: Tree.Map = ["type": "array", "items": element.json]
            if count.lowerBound > 0 { fields["minItems"] = .integer(count.lowerBound) }
            if count.upperBound != Int.max { fields["maxItems"] = .integer(count.upperBound) }
            return .map(fields)
        case .optional(let type): return ["anyOf": [type.json, ["type": "null"]]]
        }
    }
}
