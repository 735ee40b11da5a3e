import Foundation

extension Tree: Codable {
    /// Reads any JSON; whole numbers become `integer`, others `number`, and the keys of sections are sorted.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .bool(flag)
        } else if let whole = try? value.decode(Int.self) {
            self = .integer(whole)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = Self.isNotFinite(text) ? .null : .string(text)
        } else if let values = try? value.decode([Tree].self) {
            self = .list(values)
        } else {
            self = .map(Map(try value.decode([String: Tree].self)))
        }
    }

    /// Writes the value into any encoder; not-finite numbers as null.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .bool(let flag): try value.encode(flag)
        case .integer(let whole): try value.encode(whole)
        case .number(let number): number.isFinite ? try value.encode(number) : try value.encodeNil()
        case .string(let text): try value.encode(text)
        case .list(let values): try value.encode(values)
        case .map(let map):
            try value.encode(Dictionary(uniqueKeysWithValues: map.keys.map { ($0, map[$0] ?? .null) }))
        }
    }

    /// The JSON of any encodable value; not-finite numbers become null, nil fields are absent. Throws what the value's
    /// own encoding throws.
    public init(encoding value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: Self.notFinite, negativeInfinity: Self.notFinite, nan: Self.notFinite)
        self = try JSONDecoder().decode(Tree.self, from: encoder.encode(value))
    }

    /// Parses JSON text; throws `DataError` (malformed) that names `path`.
    public init(parsing data: Data, path: String) throws {
        do {
            self = try JSONDecoder().decode(Tree.self, from: data)
        } catch {
            throw DataError(
                .malformed, path: path, expected: "JSON",
                found: data.isEmpty ? "an empty text" : DecodingError.reason(of: error))
        }
    }

    /// Parses JSON text; throws `DataError` (malformed) that names `path`.
    public init(parsing text: String, path: String = "JSON") throws {
        try self.init(parsing: Data(text.utf8), path: path)
    }

    /// Stands for a not-finite number on the way through the encoder; no text that a person writes.
    private static let notFinite = "\u{0}not finite\u{0}"

    private static func isNotFinite(_ text: String) -> Bool { text == notFinite }
}
