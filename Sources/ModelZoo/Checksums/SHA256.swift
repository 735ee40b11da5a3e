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

extension SHA256 {
    /// A SHA-256 computation that takes its input in pieces.
    public final class Hasher {
        private let context: OpaquePointer

        /// Starts a digest of nothing; traps where libcrypto has no SHA-256 or no memory.
        public init() {
            guard let context = EVP_MD_CTX_new() else { preconditionFailure("SHA256: libcrypto is out of memory") }
            self.context = context
            restart()
        }

        deinit { EVP_MD_CTX_free(context) }

        /// Appends `bytes` to the message.
        public func update(_ bytes: UnsafeRawBufferPointer) {
            guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
            precondition(EVP_DigestUpdate(context, start, bytes.count) == 1, "SHA256: libcrypto refused an update")
        }

        /// The 32-byte digest of the pieces so far; the hasher then starts again with an empty message.
        public func finalize() -> [UInt8] {
            var digest = [UInt8](repeating: 0, count: SHA256.byteCount)
            precondition(EVP_DigestFinal_ex(context, &digest, nil) == 1, "SHA256: libcrypto refused to finish")
            restart()
            return digest
        }

        private func restart() {
            precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "SHA256: libcrypto has no SHA-256")
        }
    }
}
