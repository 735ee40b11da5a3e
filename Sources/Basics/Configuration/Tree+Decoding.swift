import Foundation

extension Tree {
    /// Reads a value out of the tree, its kinds by these tables; throws ``ConfigError`` that names the dotted path that
    /// does not fit.
    public func decode<Value: Decodable>(_ type: Value.Type, _ tables: ConfigTables = .standard) throws -> Value {
        do {
            let decoder = JSONDecoder()
            decoder.userInfo = .handing(on: tables)
            return try decoder.decode(type, from: Data(text().utf8))
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
            return ConfigProblem(path(context), expected: DecodingError.noun(type), found: "something else")
        case .valueNotFound(let type, let context):
            return ConfigProblem(path(context), expected: DecodingError.noun(type), found: "nothing (null)")
        case .keyNotFound(let key, let context):
            return ConfigProblem(path(context, [key]), expected: "a value", found: "no such key")
        case .dataCorrupted(let context):
            return ConfigProblem(path(context), expected: "a usable value", found: context.debugDescription)
        @unknown default:
            return ConfigProblem("", expected: "a configuration that can be used", found: "another one")
        }
    }
}
