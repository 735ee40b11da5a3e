import Basics
import Foundation

/// Decodes JSON that others wrote.
///
/// Foundation's readers trap on some bytes that are not UTF-8, so these are refused first; its JSON5 reader is not used.
enum ForeignJSON {
    /// Decodes a value; throws `DecodingError`. With `allowsNaN` NaN and Infinity, which Python writes, are null.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: some Sequence<UInt8>, allowsNaN: Bool = false
    ) throws -> Value {
        var bytes = Array(bytes)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "bytes that are not UTF-8"))
        }
        if allowsNaN { bytes = withoutNaN(bytes) }
        return try JSONDecoder().decode(type, from: Data(bytes))
    }

    /// The same text with null for NaN, Infinity and -Infinity outside of strings.
    private static func withoutNaN(_ bytes: [UInt8]) -> [UInt8] {
        let words = ["NaN", "-Infinity", "Infinity"].map { Array($0.utf8) }
        guard bytes.contains(UInt8(ascii: "N")) || bytes.contains(UInt8(ascii: "I")) else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        var isInText = false
        while position < bytes.count {
            let byte = bytes[position]
            if isInText {
                // The byte after a backslash ends no text.
                let length = byte == UInt8(ascii: "\\") && position + 1 < bytes.count ? 2 : 1
                result += bytes[position..<position + length]
                position += length
                if byte == UInt8(ascii: "\"") { isInText = false }
            } else if let word = words.first(where: { bytes[position...].starts(with: $0) }) {
                result += "null".utf8
                position += word.count
            } else {
                result.append(byte)
                position += 1
                isInText = byte == UInt8(ascii: "\"")
            }
        }
        return result
    }
}

/// The numbers, texts and truth values of a JSON object, one level of objects below it included (`optimizer.lr`).
struct JSONColumnValues: Decodable {
    /// The facts by key; truth values are 1 and 0, lists and what lies deeper are passed over.
    var facts: [String: ColumnValue] = [:]

    /// What stands below these keys counts as standing beside them, where nothing else of that name does.
    private static let wrappers: Set<String> = ["config", "train_loop_config"]

    /// Reads one object; throws `.malformed` naming `place`.
    static func read(_ text: some Sequence<UInt8>, place: String) throws -> [String: ColumnValue] {
        do {
            return try ForeignJSON.decode(JSONColumnValues.self, from: text, allowsNaN: true).facts
        } catch {
            throw DataError(
                .malformed, path: place, expected: "a JSON object", found: DecodingError.reason(of: error))
        }
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: AnyKey.self)
        var wrapped: [String: ColumnValue] = [:]
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

    private static func fact(_ key: AnyKey, in fields: KeyedDecodingContainer<AnyKey>) -> ColumnValue? {
        if let flag = try? fields.decode(Bool.self, forKey: key) { return .integer(flag ? 1 : 0) }
        if let value = try? fields.decode(Int64.self, forKey: key) { return .integer(value) }
        if let value = try? fields.decode(UInt64.self, forKey: key) { return .unsigned(value) }
        if let value = try? fields.decode(Double.self, forKey: key) { return value.isFinite ? .real(value) : nil }
        if let text = try? fields.decode(String.self, forKey: key) { return text.isEmpty ? nil : .text(text) }
        return nil
    }
}
