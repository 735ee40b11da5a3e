/// What a configuration key takes.
public indirect enum ConfigType: Sendable, Equatable {
    /// true or false.
    case flag
    /// A whole number in a range; see ``integer(_:)`` and ``integer(atLeast:)``.
    case whole(ClosedRange<Int>)
    /// A finite number within bounds; see ``number(above:atLeast:below:atMost:)``.
    case real(Bounds)
    /// A text that is not empty.
    case text
    /// One of some words.
    case choice([String])
    /// A list of so many elements of one type.
    case list(ConfigType, count: ClosedRange<Int>)
    /// The type, or null.
    case optional(ConfigType)

    /// The bounds of a number; nil is none.
    public struct Bounds: Sendable, Equatable {
        let above, atLeast, below, atMost: Double?
    }

    /// A whole number in a range.
    public static func integer(_ range: ClosedRange<Int>) -> ConfigType { .whole(range) }
    /// A whole number not below a bound.
    public static func integer(atLeast bound: Int) -> ConfigType { .whole(bound...Int.max) }
    /// A seed: see ``Seed/range``.
    public static let seed = ConfigType.whole(Seed.range)
    /// A finite number within bounds.
    public static func number(
        above: Double? = nil, atLeast: Double? = nil, below: Double? = nil, atMost: Double? = nil
    ) -> ConfigType {
        .real(Bounds(above: above, atLeast: atLeast, below: below, atMost: atMost))
    }
    /// A list of at least so many elements.
    public static func list(_ element: ConfigType, atLeast count: Int = 0) -> ConfigType {
        .list(element, count: count...Int.max)
    }
}

extension ConfigType {
    /// What messages say is expected.
    public var expectation: String {
        switch self {
        case .flag: return "true or false"
        case .whole(let range): return "a whole number" + Self.describe(range)
        case .real(let bounds): return "a number" + bounds.description
        case .text: return "a text"
        case .choice(let words): return (words.count > 1 ? "one of " : "") + words.joined(separator: ", ")
        case .list(let element, let count):
            let extent =
                count.lowerBound == count.upperBound
                ? " of \(count.lowerBound) elements"
                : count == 0...Int.max ? "" : " with a number of elements" + Self.describe(count)
            return "a list\(extent), each \(element.expectation)"
        case .optional(let type): return type.expectation + ", or null"
        }
    }

    private static func describe(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (Int.min, Int.max): return ""
        case (let low, Int.max): return " of at least \(low)"
        case (Int.min, let high): return " of at most \(high)"
        case (let low, let high): return " from \(low) to \(high)" + (range == Seed.range ? " (2^53 - 1)" : "")
        }
    }

    package struct Mismatch: Error {
        let path, expected, found: String
    }

    /// The value in the key's own form (a whole number for 5.0 or 1e3, a number for 5), or what does not fit.
    package func check(_ value: Tree, at path: String) -> Result<Tree, Mismatch> {
        switch (self, value) {
        case (.optional, .null), (.flag, .bool): return .success(value)
        case (.optional(let type), _):
            return type.check(value, at: path).mapError { error in
                error.path == path ? Mismatch(path: path, expected: expectation, found: error.found) : error
            }
        case (.whole(let range), .integer(let number)) where range.contains(number): return .success(value)
        case (.whole(let range), .number(let number)):
            if abs(number) < 0x1p53, let exact = Int(exactly: number), range.contains(exact) {
                return .success(.integer(exact))
            }
        case (.real(let bounds), .integer(let number)):
            if bounds.contains(Double(number)) { return .success(.number(Double(number))) }
        case (.real(let bounds), .number(let number)) where bounds.contains(number): return .success(value)
        case (.text, .string(let text)) where !text.isEmpty: return .success(value)
        case (.choice(let words), .string(let word)) where words.contains(word): return .success(value)
        case (.list(let element, let count), .list(let values)) where count.contains(values.count):
            return Result { () throws(Mismatch) in
                var checked: [Tree] = []
                for (index, value) in values.enumerated() {
                    checked.append(try element.check(value, at: "\(path)[\(index)]").get())
                }
                return .list(checked)
            }
        default: break
        }
        return .failure(Mismatch(path: path, expected: expectation, found: value.summary))
    }
}

extension ConfigType.Bounds {
    func contains(_ value: Double) -> Bool {
        value.isFinite && above.map { value > $0 } ?? true && atLeast.map { value >= $0 } ?? true
            && below.map { value < $0 } ?? true && atMost.map { value <= $0 } ?? true
    }

    var description: String {
        let bounds = [("above", above), ("of at least", atLeast), ("below", below), ("of at most", atMost)]
        let parts = bounds.compactMap { word, bound in bound.map { "\(word) \(Tree.number($0).text())" } }
        return parts.isEmpty ? "" : " " + parts.joined(separator: " and ")
    }
}
