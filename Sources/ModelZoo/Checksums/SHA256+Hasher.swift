import CCrypto

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
