/// JSON has no infinity and no not-a-number: they are written as null and read as not a number.
extension KeyedEncodingContainer {
    /// Writes `value`, or null where it is not finite.
    package mutating func encodeNumber(_ value: Double, forKey key: Key) throws {
        if value.isFinite {
            try encode(value, forKey: key)
        } else {
            try encodeNil(forKey: key)
        }
    }

    /// Writes `value` as `encodeNumber` does, or nothing where there is none.
    package mutating func encodeNumberIfPresent(_ value: Double?, forKey key: Key) throws {
        if let value { try encodeNumber(value, forKey: key) }
    }

    /// Writes a list with null for each number that is not finite.
    package mutating func encodeNumbers(_ values: [Double], forKey key: Key) throws {
        try encode(values.map { $0.isFinite ? $0 : nil }, forKey: key)
    }
}

extension KeyedDecodingContainer {
    /// Reads a number that must be there; null is not a number.
    package func decodeNumber(forKey key: Key) throws -> Double {
        guard contains(key) else {
            throw DecodingError.keyNotFound(
                key, .init(codingPath: codingPath, debugDescription: "expected a number or null"))
        }
        return try decodeNil(forKey: key) ? .nan : decode(Double.self, forKey: key)
    }

    /// Reads a number that may be absent; null is not a number.
    package func decodeNumberIfPresent(forKey key: Key) throws -> Double? {
        contains(key) ? try decodeNumber(forKey: key) : nil
    }

    /// Reads a list in which null is not a number.
    package func decodeNumbers(forKey key: Key) throws -> [Double] {
        try decode([Double?].self, forKey: key).map { $0 ?? .nan }
    }
}
