extension ConfigSchema {
    /// The table as a JSON Schema (draft 2020-12) for editors; keys of all kinds stand side by side, each with a note
    /// of its kind. Arms have the same keys, and all know a grid's by name; of keys that are written with dots only the
    /// name is looked at.
    public var jsonSchema: Tree {
        var root = Self.section(keys.map { (Array($0.path.split(separator: ".").map(String.init)), $0) }, self)
        root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        guard case .map(var properties)? = root["properties"] else { return .map(root) }
        let dotted = dottedNames
        var arm: Tree.Map = [:]
        for name in properties.keys { arm[name] = ["$ref": .string("#/properties/\(name)")] }
        arm["default"] = ["type": "boolean", "description": "Whether the arm runs without being asked for by --arm"]
        arm["seeds"] = ["type": "array", "items": ["$ref": "#/properties/seed"], "minItems": 1]
        arm["grid"] = ["$ref": "#/properties/grid"]
        let isSeeded = properties["seed"] != nil
        if !isSeeded { arm["seeds"] = nil }
        properties["grid"] = [
            "type": "object", "description": "Keys to vary, each with a list of values: one arm for every combination",
            "propertyNames": ["enum": .list((properties.keys + dotted).map { .string($0) })],
            "additionalProperties": ["type": ["array", "object"]],
        ]
        properties["arms"] = [
            "type": "object", "description": "Arms by name, each with what it sets over the rest of the file",
            "additionalProperties": Self.withDots(dotted, ["type": "object", "properties": .map(arm)]),
        ]
        root["properties"] = .map(properties)
        return Self.withDots(dotted, root)
    }

    /// The paths of all keys and sections that have a dot, in order.
    private var dottedNames: [String] {
        let paths = keys.flatMap { key in
            key.path.indices.filter { key.path[$0] == "." }.map { String(key.path[..<$0]) } + [key.path]
        }
        return Set(paths.filter { $0.contains(".") }).sorted()
    }

    /// A section that takes its properties, and names with dots where they are known.
    private static func withDots(_ dotted: [String], _ section: Tree.Map) -> Tree {
        var section = section
        section["additionalProperties"] = false
        if !dotted.isEmpty {
            let known = section["properties"]?.map?.keys.map { String($0) } ?? []
            section["patternProperties"] = ["\\.": true]
            section["propertyNames"] = ["enum": .list((known + dotted).map { .string($0) })]
        }
        return .map(section)
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
