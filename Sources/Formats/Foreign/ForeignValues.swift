/// The numbers of a foreign tensor as they stand in its file, row-major; converted only when asked.
public struct ForeignValues: Sendable, Hashable {
    /// The stored number type.
    public let element: ForeignElement
    /// Whether the most significant byte comes first.
    public let bigEndian: Bool
    /// The elements' bytes, one element after the other.
    public let bytes: ArraySlice<UInt8>

    /// Wraps bytes; traps where they are not whole elements.
    public init(bytes: ArraySlice<UInt8>, element: ForeignElement, bigEndian: Bool = false) {
        precondition(
            bytes.count % element.byteCount == 0, "ForeignValues: \(bytes.count) bytes are not whole \(element)s")
        self.bytes = bytes
        self.element = element
        self.bigEndian = bigEndian
    }

    /// Wraps bytes; traps where they are not whole elements.
    public init(bytes: [UInt8], element: ForeignElement, bigEndian: Bool = false) {
        self.init(bytes: bytes[...], element: element, bigEndian: bigEndian)
    }

    /// Wraps numbers that are in memory.
    public init(floats: [Float]) {
        self.init(bytes: floats.withUnsafeBytes { Array($0) }, element: .float32)
    }

    /// How many elements the bytes hold.
    public var count: Int { bytes.count / element.byteCount }

    /// All elements in single precision, rounded to the nearest (ties to even).
    public func floats() -> [Float] {
        if element == .float32 && !bigEndian {
            return bytes.withUnsafeBytes { bytes in
                [Float](unsafeUninitializedCapacity: count) { target, written in
                    UnsafeMutableRawBufferPointer(target).copyMemory(from: bytes)
                    written = count
                }
            }
        }
        // Integers go directly, not through a double: a conversion rounds once.
        return converted {
            Float($0)
        } integer: {
            Float($0)
        }
    }

    /// All elements in double precision; exact but for integers beyond 2^53, which are rounded to the nearest.
    public func doubles() -> [Double] {
        converted {
            $0
        } integer: {
            Double($0)
        }
    }

    /// All elements as integers; real numbers are cut off towards zero, and 0 where no integer is near.
    func integers() -> [Int64] {
        converted {
            Int64(exactly: $0.rounded(.towardZero)) ?? 0
        } integer: {
            $0
        }
    }

    private func converted<Value>(real: (Double) -> Value, integer: (Int64) -> Value) -> [Value] {
        switch element {
        case .float16: map(UInt16.self) { real(Double(Float16(bitPattern: $0))) }
        case .bfloat16: map(UInt16.self) { real(Double(Float(bitPattern: UInt32($0) << 16))) }
        case .float32: map(UInt32.self) { real(Double(Float(bitPattern: $0))) }
        case .float64: map(UInt64.self) { real(Double(bitPattern: $0)) }
        case .int8: map(UInt8.self) { integer(Int64(Int8(bitPattern: $0))) }
        case .uint8: map(UInt8.self) { integer(Int64($0)) }
        case .int16: map(UInt16.self) { integer(Int64(Int16(bitPattern: $0))) }
        case .int32: map(UInt32.self) { integer(Int64(Int32(bitPattern: $0))) }
        case .int64: map(UInt64.self) { integer(Int64(bitPattern: $0)) }
        case .bool: map(UInt8.self) { integer($0 == 0 ? 0 : 1) }
        }
    }

    private func map<Bits: FixedWidthInteger, Value>(_ type: Bits.Type, _ body: (Bits) -> Value) -> [Value] {
        bytes.withUnsafeBytes { bytes in
            (0..<count).map { index in
                let bits = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
                return body(bigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
            }
        }
    }
}

/// The number type of a foreign tensor.
public enum ForeignElement: String, Sendable, Hashable, CaseIterable {
    case float16, bfloat16, float32, float64
    case int8, uint8, int16, int32, int64
    case bool

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16: 2
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }

    /// Whether elements are floating-point numbers.
    public var isReal: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: true
        case .int8, .uint8, .int16, .int32, .int64, .bool: false
        }
    }
}
