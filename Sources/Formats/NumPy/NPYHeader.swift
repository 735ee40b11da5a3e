import Basics

/// The header of a `.npy` array (NumPy enhancement proposal 1, versions 1 to 3), held against the bytes that follow.
struct NPYHeader: Sendable, Hashable {
    let element: NPYElement
    let isBigEndian: Bool
    /// Whether the first axis runs fastest.
    let isFortran: Bool
    let shape: [Int]
    /// Where the numbers begin.
    let start: Int

    /// Bytes of the longest header.
    static let mostBytes = 1 << 20
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Whether bytes begin as an array does.
    static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

    /// Reads the header of an array of `size` bytes; throws `.malformed` where anything does not hold.
    init(place: String, size: Int, read: (Range<Int>) throws -> [UInt8]) throws {
        func refuse(_ expected: String, _ found: String, _ hint: String = "") -> DataError {
            DataError(.malformed, path: place, expected: expected, found: found, hint: hint)
        }
        let beginning = try read(0..<min(12, size))
        guard beginning.count == 12, Self.begins(beginning) else { throw refuse("a NumPy array", "other bytes") }
        let (major, minor) = (beginning[6], beginning[7])
        guard (1...3).contains(major), minor == 0 else {
            throw refuse("version 1.0, 2.0 or 3.0 of the format", "\(major).\(minor)")
        }
        let first = major == 1 ? 10 : 12
        let length = beginning[8..<first].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= size - first, length <= Self.mostBytes else {
            throw refuse("a header within \(size) bytes", "one of \(length)")
        }
        let fields = try NPYLiteral.fields(of: try read(first..<first + length), place: place)
        guard let number = Self.number(fields.descr) else {
            throw refuse(
                "numbers (f2, f4, f8, i1, i2, i4, i8, u1, u8, b1) or text (U)", "the type \"\(fields.descr)\"",
                "convert the array, for example with astype(\"<f4\")")
        }
        let bytes = size - first - length
        guard let count = ForeignTensor.count(of: fields.shape),
            count.multipliedReportingOverflow(by: number.element.byteCount) == (bytes, false)
        else {
            throw refuse(
                "numbers \(fields.descr) \(fields.shape)", "\(bytes) bytes", "the file is damaged or incomplete")
        }
        (element, isBigEndian) = number
        (isFortran, shape, start) = (fields.isFortran, fields.shape, first + length)
    }

    /// The number type of a text such as `<f4`.
    private static func number(_ text: String) -> (element: NPYElement, isBigEndian: Bool)? {
        guard let order = text.first, let element = NPYElement(String(text.dropFirst())) else { return nil }
        switch order {
        case "<", "=": return (element, false)
        case "|": return element.byteCount == 1 ? (element, false) : nil
        case ">": return (element, true)
        default: return nil
        }
    }
}
