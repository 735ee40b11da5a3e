import Foundation

extension ConfigTree {
    /// The tree of any encodable value; nil fields are absent (``ConfigSchema`` puts them back as null).
    init(encoding value: some Encodable) throws {
        self.init(try JSONValue(encoding: value))
    }

    /// The tree of a JSON value, sections with sorted keys.
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .int(value)
        case .number(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .array(let values): self = .list(values.map { ConfigTree($0) })
        case .object(let fields):
            var map = ConfigMap()
            for (key, value) in fields.sorted(by: { $0.key < $1.key }) { map[key] = ConfigTree(value) }
            self = .map(map)
        }
    }

    /// The same tree as a JSON value.
    public var json: JSONValue {
        switch self {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .integer(value)
        case .double(let value): return .number(value)
        case .string(let value): return .string(value)
        case .list(let values): return .array(values.map(\.json))
        case .map(let map):
            return .object(Dictionary(uniqueKeysWithValues: map.keys.map { ($0, (map[$0] ?? .null).json) }))
        }
    }

    /// Reads a value out of the tree; throws ``ConfigError`` that names the dotted path that does not fit.
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(json.text().utf8))
        } catch let error as DecodingError {
            throw ConfigError([Self.problem(error)])
        }
    }

    private static func problem(_ error: DecodingError) -> ConfigProblem {
        func path(_ context: DecodingError.Context, _ last: [any CodingKey] = []) -> String {
            (context.codingPath + last).map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
                .joined(separator: ".").replacing(".[", with: "[")
        }
        switch error {
        case .typeMismatch(let type, let context):
            return ConfigProblem(path(context), expected: "\(type)", found: context.debugDescription)
        case .valueNotFound(let type, let context):
            return ConfigProblem(path(context), expected: "\(type)", found: "nothing (null)")
        case .keyNotFound(let key, let context):
            return ConfigProblem(path(context, [key]), expected: "a value", found: "no such key")
        case .dataCorrupted(let context):
            return ConfigProblem(path(context), expected: "a usable value", found: context.debugDescription)
        @unknown default:
            return ConfigProblem("", expected: "a usable configuration", found: "\(error)")
        }
    }
}
