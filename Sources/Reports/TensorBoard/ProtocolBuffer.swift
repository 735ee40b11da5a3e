/// A message in the wire format of protocol buffers, as far as events need it: fields in the order in which they are
/// added, each a key (number << 3 | type) and a value. A number that is zero and a text that is empty are left out, as
/// the format's third version does; `repeated` ones are not.
///
/// Source: Google, "Protocol Buffers: Encoding".
struct ProtocolBuffer {
    private(set) var bytes: [UInt8] = []

    private enum WireType: UInt64 {
        case varint = 0
        case eightBytes = 1
        case length = 2
        case fourBytes = 5
    }

    /// Adds a whole number; negative ones take ten bytes.
    mutating func add(_ field: UInt64, _ value: Int) {
        guard value != 0 else { return }
        key(field, .varint)
        varint(UInt64(bitPattern: Int64(value)))
    }

    /// Adds a number in double precision.
    mutating func add(_ field: UInt64, _ value: Double) {
        guard value.bitPattern != 0 else { return }
        key(field, .eightBytes)
        fixed(value.bitPattern)
    }

    /// Adds a number in single precision, also zero: a member of a `oneof` says by being there which member it is.
    mutating func add(_ field: UInt64, _ value: Float) {
        key(field, .fourBytes)
        fixed(value.bitPattern)
    }

    /// Adds a text.
    mutating func add(_ field: UInt64, _ text: String) {
        if !text.isEmpty { add(field, bytes: Array(text.utf8)) }
    }

    /// Adds bytes, also none: an element of a `repeated` field.
    mutating func add(_ field: UInt64, bytes value: [UInt8]) {
        key(field, .length)
        varint(UInt64(value.count))
        bytes += value
    }

    /// Adds a message, also an empty one.
    mutating func add(_ field: UInt64, _ fill: (inout ProtocolBuffer) -> Void) {
        var message = ProtocolBuffer()
        fill(&message)
        add(field, bytes: message.bytes)
    }

    /// Adds packed numbers in double precision.
    mutating func add(_ field: UInt64, packed values: [Double]) {
        guard !values.isEmpty else { return }
        key(field, .length)
        varint(UInt64(8 * values.count))
        for value in values { fixed(value.bitPattern) }
    }

    private mutating func key(_ field: UInt64, _ type: WireType) { varint(field << 3 | type.rawValue) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func fixed(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }
}
