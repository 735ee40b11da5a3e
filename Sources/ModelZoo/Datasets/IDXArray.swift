import Basics

/// An array read from an IDX file, the format of MNIST's files, with its elements still in file order and type.
///
/// Source: LeCun, Cortes, Burges, "The MNIST database", section "File formats".
public struct IDXArray: Sendable {
    /// Element types, by the code in the third byte of the file.
    public enum Element: UInt8, Sendable, CaseIterable {
        case uint8 = 0x08
        case int8 = 0x09
        case int16 = 0x0B
        case int32 = 0x0C
        case float32 = 0x0D
        case float64 = 0x0E

        /// Bytes of one element.
        public var size: Int {
            switch self {
            case .uint8, .int8: 1
            case .int16: 2
            case .int32, .float32: 4
            case .float64: 8
            }
        }

        /// Whether elements are whole numbers.
        public var isInteger: Bool { self != .float32 && self != .float64 }
    }

    /// Where the array came from.
    public let path: String
    /// The type of the elements.
    public let element: Element
    /// Extents; the last axis varies fastest.
    public let shape: [Int]
    /// The whole file, uncompressed: header, then big-endian elements.
    let bytes: [UInt8]

    /// The number of elements, the product of the shape.
    public var count: Int { shape.reduce(1, *) }
    /// Bytes before the first element.
    var headerSize: Int { 4 + 4 * shape.count }
    /// The elements' bytes.
    var payload: ArraySlice<UInt8> { bytes[headerSize...] }
}

extension IDXArray {
    /// Reads an IDX file, gzipped or not, with elements of any of the format's six types.
    ///
    /// Throws `DataError` unless the magic number is IDX's and the file holds exactly what its extents claim.
    public init(contentsOf path: String, maximumBytes: Int = 1 << 32) throws {
        try self.init(bytes: Gzip.decompress(contentsOf: path, maximumBytes: maximumBytes), path: path)
    }

    /// Takes the bytes of an uncompressed IDX file; `path` is for messages.
    init(bytes: [UInt8], path: String) throws {
        func malformed(_ expected: String, _ found: String) -> DataError {
            DataError(.malformed, path: path, expected: expected, found: found)
        }
        guard bytes.count >= 4 else { throw malformed("an IDX file", "\(bytes.count) bytes") }
        guard bytes[0] == 0, bytes[1] == 0, let element = Element(rawValue: bytes[2]), bytes[3] > 0 else {
            let start = bytes.prefix(4).map { String($0, radix: 16) }.joined(separator: " ")
            throw malformed("an IDX file (00 00, a type from 08 to 0e, a rank above 0)", "the bytes \(start)")
        }
        let rank = Int(bytes[3])
        let headerSize = 4 + 4 * rank
        guard bytes.count >= headerSize else {
            throw malformed("an IDX header of \(headerSize) bytes for rank \(rank)", "\(bytes.count) bytes")
        }
        let shape = (0..<rank).map { axis in
            bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
        }
        let claimed = shape.reduce(Optional(element.size)) { size, extent in
            guard let (product, overflow) = size?.multipliedReportingOverflow(by: extent), !overflow else { return nil }
            return product
        }
        guard let claimed, claimed == bytes.count - headerSize else {
            throw malformed(
                "\(claimed.map(String.init) ?? "more than 2^63") bytes of \(element) for extents \(shape)",
                "\(bytes.count - headerSize)")
        }
        self.init(path: path, element: element, shape: shape, bytes: bytes)
    }
}

extension IDXArray {
    /// All elements in file order, as the nearest single-precision numbers.
    public func floats() -> [Float] {
        switch element {
        case .uint8: payload.map { Float($0) }
        case .int8: payload.map { Float(Int8(bitPattern: $0)) }
        case .int16: elements { (bits: UInt16) in Float(Int16(bitPattern: bits)) }
        case .int32: elements { (bits: UInt32) in Float(Int32(bitPattern: bits)) }
        case .float32: elements { (bits: UInt32) in Float(bitPattern: bits) }
        case .float64: elements { (bits: UInt64) in Float(Double(bitPattern: bits)) }
        }
    }

    /// The elements of a rank-1 array as classes; throws `malformed` for another rank, fractions and negatives.
    public func labels() throws -> [Int32] {
        guard shape.count == 1, element.isInteger else {
            throw DataError(
                .malformed, path: path, expected: "one whole number a sample", found: "\(element) of extents \(shape)")
        }
        let values: [Int32] =
            switch element {
            case .uint8: payload.map { Int32($0) }
            case .int8: payload.map { Int32(Int8(bitPattern: $0)) }
            case .int16: elements { (bits: UInt16) in Int32(Int16(bitPattern: bits)) }
            default: elements { (bits: UInt32) in Int32(bitPattern: bits) }
            }
        if let row = values.firstIndex(where: { $0 < 0 }) {
            throw DataError(
                .malformed, path: path, expected: "classes from 0 up", found: "\(values[row]) at sample \(row)")
        }
        return values
    }

    private func elements<Bits: FixedWidthInteger & UnsignedInteger, Value>(
        _ convert: (Bits) -> Value
    ) -> [Value] {
        bytes.withUnsafeBytes { raw in
            (0..<count).map { index in
                let offset = headerSize + index * MemoryLayout<Bits>.size
                return convert(Bits(bigEndian: raw.loadUnaligned(fromByteOffset: offset, as: Bits.self)))
            }
        }
    }
}
