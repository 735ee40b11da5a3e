import Basics

/// The numbers, texts and truth values of a JSON object, one level of objects below it included (`optimizer.lr`).
struct JSONFacts: Decodable {
    /// The facts by key; truth values are 1 and 0, lists and what lies deeper are passed over.
    var facts: [String: ZooFact] = [:]

    /// What stands below these keys counts as standing beside them, where nothing else of that name does.
    private static let wrappers: Set<String> = ["config", "train_loop_config"]

    /// Reads one object; throws `.malformed` naming `place`.
    static func read(_ text: some Sequence<UInt8>, place: String) throws -> [String: ZooFact] {
        do {
            return try ForeignJSON.decode(JSONFacts.self, from: text, allowsNaN: true).facts
        } catch {
            throw DataError(
                .malformed, path: place, expected: "a JSON object", found: DecodingError.reason(of: error))
        }
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: AnyKey.self)
        var wrapped: [String: ZooFact] = [:]
        for key in fields.allKeys {
            let name = key.stringValue
            if let fact = Self.fact(key, in: fields) {
                facts[name] = fact
            } else if let below = try? fields.nestedContainer(keyedBy: AnyKey.self, forKey: key) {
                for inner in below.allKeys {
                    guard let fact = Self.fact(inner, in: below) else { continue }
                    if Self.wrappers.contains(name) {
                        wrapped[inner.stringValue] = fact
                    } else {
                        facts["\(name).\(inner.stringValue)"] = fact
                    }
                }
            }
        }
        facts.merge(wrapped) { beside, _ in beside }
    }

    private static func fact(_ key: AnyKey, in fields: KeyedDecodingContainer<AnyKey>) -> ZooFact? {
        if let flag = try? fields.decode(Bool.self, forKey: key) { return .integer(flag ? 1 : 0) }
        if let value = try? fields.decode(Int64.self, forKey: key) { return .integer(value) }
        if let value = try? fields.decode(UInt64.self, forKey: key) { return .unsigned(value) }
        if let value = try? fields.decode(Double.self, forKey: key) { return value.isFinite ? .real(value) : nil }
        if let text = try? fields.decode(String.self, forKey: key) { return text.isEmpty ? nil : .text(text) }
        return nil
    }
}
