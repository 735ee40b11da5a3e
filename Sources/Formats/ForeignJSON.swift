import Foundation

/// Decodes JSON that others wrote.
///
/// Foundation's readers trap on some bytes that are no UTF-8, so these are refused first; its JSON5 reader is not used.
enum ForeignJSON {
    /// Decodes a value; throws `DecodingError`. With `allowsNaN` NaN and Infinity, which Python writes, are null.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: some Sequence<UInt8>, allowsNaN: Bool = false
    ) throws -> Value {
        var bytes = Array(bytes)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "bytes that are no UTF-8"))
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
                // The byte behind a backslash ends no text.
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
