import Basics

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
