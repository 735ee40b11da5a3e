/// The framing of TensorFlow's record files (TFRecord), which event files use.
///
/// A record is the length of the data (8 bytes), a checksum of these 8 bytes (4), the data, and a checksum of the data
/// (4), all little-endian. A checksum is c = CRC32C(bytes), masked as ((c >> 15) | (c << 17)) + 0xa282ead8, since a
/// CRC over bytes that hold CRCs says little. Source: TensorFlow, `tensorflow/core/lib/io/record_writer.h`.
enum EventRecord {
    /// The data with its frame.
    static func framed(_ data: [UInt8]) -> [UInt8] {
        let length = littleEndian(UInt64(data.count))
        return length + littleEndian(masked(length)) + data + littleEndian(masked(data))
    }

    /// The checksum of bytes, masked.
    static func masked(_ bytes: [UInt8]) -> UInt32 {
        let code = crc32c(bytes)
        return ((code >> 15) | (code << 17)) &+ 0xa282_ead8
    }

    /// The cyclic redundancy check with Castagnoli's polynomial, 0x1EDC6F41, bits reversed (RFC 3720, appendix B.4).
    static func crc32c(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { code, byte in table[Int(UInt8(truncatingIfNeeded: code) ^ byte)] ^ (code >> 8) }
    }

    /// What each value of a byte does to the check.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { code, _ in code & 1 == 0 ? code >> 1 : (code >> 1) ^ 0x82f6_3b78 }
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
