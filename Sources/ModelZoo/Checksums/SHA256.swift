import Basics
import CCrypto

/// SHA-256 (FIPS 180-4), computed by OpenSSL's libcrypto.
public enum SHA256 {
    /// Length of a digest in bytes.
    public static let byteCount = 32

    /// The 32-byte digest of `bytes`.
    public static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let hasher = Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The digest of a file's content as 64 lower-case hexadecimal digits, read in pieces of 1 MiB.
    ///
    /// Throws `DataError.missing` where there is no such file, `.inputOutput` where it cannot be read.
    public static func hexDigest(ofFile path: String) throws -> String {
        let file = try RegularFile(path: path)
        let hasher = Hasher()
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { piece.deallocate() }
        var place = 0
        while true {
            let length = try file.read(into: piece, at: place)
            if length == 0 { return hex(hasher.finalize()) }
            hasher.update(UnsafeRawBufferPointer(rebasing: piece[..<length]))
            place += length
        }
    }

    /// Bytes as lower-case hexadecimal digits.
    public static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
