/// A number that JSON writes as null where it is not finite, and reads back as not a number; of an optional one, nil is
/// left out.
///
/// A type whose keys are its stored properties needs no code of its own for that: its synthesised `Codable` calls the
/// functions below, which do what `encodeNumber` and `decodeNumber` do.
@propertyWrapper
public struct OrNull<Number> {
    /// The number.
    public var wrappedValue: Number

    /// Wraps a number.
    public init(wrappedValue: Number) { self.wrappedValue = wrappedValue }
}

extension OrNull: Sendable where Number: Sendable {}
extension OrNull: Equatable where Number: Equatable {}

extension OrNull: Codable where Number: Codable {
    /// Reads a number that stands by itself.
    public init(from decoder: any Decoder) throws {
        wrappedValue = try decoder.singleValueContainer().decode(Number.self)
    }

    /// Writes a number that stands by itself.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

extension KeyedEncodingContainer {
    /// Writes a wrapped number, or null.
    package mutating func encode(_ number: OrNull<Double>, forKey key: Key) throws {
        try encodeNumber(number.wrappedValue, forKey: key)
    }

    /// Writes a wrapped number, null, or nothing where there is none.
    package mutating func encode(_ number: OrNull<Double?>, forKey key: Key) throws {
        try encodeNumberIfPresent(number.wrappedValue, forKey: key)
    }
}

extension KeyedDecodingContainer {
    /// Reads a wrapped number that must be there.
    package func decode(_ type: OrNull<Double>.Type, forKey key: Key) throws -> OrNull<Double> {
        OrNull(wrappedValue: try decodeNumber(forKey: key))
    }

    /// Reads a wrapped number that may be absent.
    package func decode(_ type: OrNull<Double?>.Type, forKey key: Key) throws -> OrNull<Double?> {
        OrNull(wrappedValue: try decodeNumberIfPresent(forKey: key))
    }
}
