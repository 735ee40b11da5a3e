import Foundation

/// A JSON value with one fixed text: what summaries, metrics and `--json` are made of.
public indirect enum JSONValue: Sendable, Equatable {
    /// Nothing; also what a number that is not finite becomes in text.
    case null
    /// A truth value.
    case bool(Bool)
    /// A number.
    case number(Double)
    /// A whole number.
    case integer(Int)
    /// A text.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Values by key; the text sorts them.
    case object([String: JSONValue])

    /// The field of an object, or nil; setting works on objects only and makes one out of anything else.
    public subscript(key: String) -> JSONValue? {
        get {
            if case .object(let fields) = self { return fields[key] }
            return nil
        }
        set {
            var fields: [String: JSONValue] = [:]
            if case .object(let present) = self { fields = present }
            fields[key] = newValue
            self = .object(fields)
        }
    }

    /// The number, whole or not, or nil.
    public var double: Double? {
        switch self {
        case .number(let value): return value
        case .integer(let value): return Double(value)
        default: return nil
        }
    }

    /// The text, or nil.
    public var string: String? {
        if case .string(let value) = self { return value }
        return nil
    }

    /// The elements, or nil.
    public var array: [JSONValue]? {
        if case .array(let values) = self { return values }
        return nil
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// `nil` is null.
    public init(nilLiteral: ()) { self = .null }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object; a key that stands twice keeps its last value.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
