import Basics
import ModelZoo

/// A NumPy array in a file or in memory, read whole or by rows.
struct NPYArray: Sendable {
    /// Where it stands, for messages.
    let place: String
    let header: NPYHeader
    private let read: @Sendable (Range<Int>) throws -> [UInt8]

    /// The array of a `.npy` file; throws `.missing`, `.inputOutput`, or `.malformed`.
    init(path: String) throws {
        let file = try RegularFile(path: path)
        try self.init(place: path, size: file.count) { try file.read($0) }
    }

    /// The array that bytes in memory hold; throws `.malformed`.
    init(place: String, bytes: [UInt8]) throws {
        try self.init(place: place, size: bytes.count) { Array(bytes[$0]) }
    }

    private init(place: String, size: Int, read: @escaping @Sendable (Range<Int>) throws -> [UInt8]) throws {
        self.place = place
        self.read = read
        header = try NPYHeader(place: place, size: size) { range in
            guard range.upperBound <= size else {
                throw DataError(.malformed, path: place, expected: "a NumPy array", found: "\(size) bytes")
            }
            return try read(range)
        }
    }

    /// Extents.
    var shape: [Int] { header.shape }

    /// The whole array, row-major; throws `.inputOutput`, or `.malformed` where it holds no numbers of a tensor.
    func tensor(_ name: String) throws -> ForeignTensor {
        let count = shape.reduce(1, *)
        let stored = header.isFortran ? Array(shape.reversed()) : shape
        let tensor = ForeignTensor(name: name, shape: stored, values: try values(0..<count))
        return header.isFortran ? tensor.transposed(Array(shape.indices.reversed())) : tensor
    }

    /// A one-axis array as a column of facts; traps where it has more axes. Throws `.inputOutput`.
    func column() throws -> ZooColumn {
        precondition(shape.count == 1, "\(place): a column of \(shape)")
        switch header.element {
        case .number(let element):
            let values = try values(0..<shape[0])
            return element.isReal ? .real(values.doubles()) : .integer(values.integers())
        case .unsigned:
            // The same bits as signed numbers.
            let bits = ForeignValues(
                bytes: try bytes(0..<shape[0]), element: .int64, bigEndian: header.isBigEndian)
            return .unsigned(bits.integers().map { UInt64(bitPattern: $0) })
        case .bytes(let length):
            let bytes = try bytes(0..<shape[0])
            return .text(
                (0..<shape[0]).map { row in
                    String(decoding: bytes[row * length..<(row + 1) * length].prefix { $0 != 0 }, as: UTF8.self)
                })
        case .text(let length):
            let points = ForeignValues(
                bytes: try bytes(0..<shape[0]), element: .int32, bigEndian: header.isBigEndian
            ).integers()
            return .text(
                (0..<shape[0]).map { row in
                    let scalars = points[row * length..<(row + 1) * length].prefix { $0 != 0 }.map {
                        UInt32(exactly: $0).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
                    }
                    return String(String.UnicodeScalarView(scalars))
                })
        }
    }

    /// Refuses a matrix whose rows are empty: no bytes would bound their number. Throws `.malformed`.
    func checkWidth() throws {
        guard shape.last != 0 else {
            throw DataError(.malformed, path: place, expected: "networks with parameters", found: "rows of 0 numbers")
        }
    }

    /// Rows of a matrix, one after the other; traps where it is none or they go beyond it. Throws `.inputOutput`.
    func rows(_ rows: Range<Int>) throws -> [Float] {
        precondition(shape.count == 2 && rows.lowerBound >= 0 && rows.upperBound <= shape[0], "\(place): rows \(rows)")
        let width = shape[1]
        guard header.isFortran else {
            return try values(rows.lowerBound * width..<rows.upperBound * width).floats()
        }
        var result = [Float](repeating: 0, count: rows.count * width)
        for column in 0..<width {
            let first = column * shape[0]
            let part = try values(first + rows.lowerBound..<first + rows.upperBound).floats()
            for row in part.indices { result[row * width + column] = part[row] }
        }
        return result
    }

    private func values(_ elements: Range<Int>) throws -> ForeignValues {
        guard case .number(let element) = header.element else {
            throw DataError(.malformed, path: place, expected: "numbers of a tensor", found: "\(header.element)")
        }
        return ForeignValues(bytes: try bytes(elements), element: element, bigEndian: header.isBigEndian)
    }

    private func bytes(_ elements: Range<Int>) throws -> [UInt8] {
        let size = header.element.byteCount
        return try read(header.start + elements.lowerBound * size..<header.start + elements.upperBound * size)
    }
}

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
                "numbers (f2, f4, f8, i1, i2, i4, i8, u1, u8, b1) or text (U, S)", "the type \"\(fields.descr)\"",
                "convert the array: astype(\"<f4\") for numbers, astype(\"U\") for text")
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
        case "|":
            if case .bytes = element { return (element, false) }
            return element.byteCount == 1 ? (element, false) : nil
        case ">": return (element, true)
        default: return nil
        }
    }
}

/// What a NumPy array holds: numbers that tensors may have, or what only columns of facts have.
enum NPYElement: Sendable, Hashable, CustomStringConvertible {
    case number(ForeignElement)
    /// Integers up to 2^64 - 1, such as seeds.
    case unsigned
    /// Texts of at most so many characters, one at least, four bytes each.
    case text(Int)
    /// Texts of at most so many bytes, one at least.
    case bytes(Int)

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
        } else if code.first == "S", let length = Int(code.dropFirst()), (1...1 << 24).contains(length) {
            self = .bytes(length)
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
        case .bytes(let length): length
        }
    }

    /// Whether elements are floating-point numbers.
    var isReal: Bool { if case .number(let element) = self { element.isReal } else { false } }

    var description: String {
        switch self {
        case .number(let element): "\(element)"
        case .unsigned: "uint64"
        case .text, .bytes: "text"
        }
    }
}

/// Writes NumPy arrays, version 1.0 of the format, row-major and little-endian.
enum NPYWriter {
    /// The bytes before the numbers of an array; a multiple of 64.
    static func header(_ descr: String, shape: [Int]) -> [UInt8] {
        let extents = shape.map { "\($0), " }.joined()
        let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(extents.dropLast(2)))"
        var text = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(tuple), }"
        while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
        text += "\n"
        let length = UInt16(text.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(text.utf8)
    }

    /// A column as an array of one axis.
    static func column(_ column: ZooColumn) -> [UInt8] {
        func array<Value>(_ descr: String, _ values: [Value]) -> [UInt8] {
            header(descr, shape: [column.count]) + values.withUnsafeBytes { Array($0) }
        }
        switch column {
        case .real(let values): return array("<f8", values)
        case .integer(let values): return array("<i8", values)
        case .unsigned(let values): return array("<u8", values)
        case .text(let values):
            let width = max(1, values.map(\.unicodeScalars.count).max() ?? 1)
            let points = values.flatMap { text in
                let scalars = text.unicodeScalars.map(\.value)
                return scalars + [UInt32](repeating: 0, count: width - scalars.count)
            }
            return header("<U\(width)", shape: [column.count]) + points.withUnsafeBytes { Array($0) }
        }
    }
}
