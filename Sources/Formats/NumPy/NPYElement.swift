/// What a NumPy array holds: numbers that tensors may have, or what only columns of facts have.
enum NPYElement: Sendable, Hashable, CustomStringConvertible {
    case number(ForeignElement)
    /// Integers up to 2^64 - 1, such as seeds.
    case unsigned
    /// Texts of at most so many characters, one at least, four bytes each.
    case text(Int)

    private static let numbers: [String: ForeignElement] = [
        "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "u1": .uint8, "i2": .int16, "i4": .int32,
        "i8": .int64, "b1": .bool,
    ]

    /// Reads NumPy's code without its byte order, `f4`; nil where it is none that we read.
    init?(_ code: String) {
        if let number = Self.numbers[code] {
            self = .number(number)
        } else if code == "u8" {
            self = .unsigned
        } else if code.first == "U", let length = Int(code.dropFirst()), (1...1 << 24).contains(length) {
            self = .text(length)
        } else {
            return nil
        }
    }

    /// Bytes of one element.
    var byteCount: Int {
        switch self {
        case .number(let element): element.byteCount
        case .unsigned: 8
        case .text(let length): 4 * length
        }
    }

    /// Whether elements are floating-point numbers.
    var isReal: Bool { if case .number(let element) = self { element.isReal } else { false } }

    var description: String {
        switch self {
        case .number(let element): "\(element)"
        case .unsigned: "uint64"
        case .text: "text"
        }
    }
}
