/// One file inside a ZIP archive, as the archive's central directory describes it.
struct ZipEntry: Sendable, Hashable {
    /// Its path inside the archive; bytes that are no UTF-8 are replaced.
    let name: String
    /// Bytes of its content.
    let count: Int
    /// Bytes it takes in the archive.
    let storedCount: Int
    /// How it is packed: 0 stored, 8 deflate; others are not read.
    let method: Int
    /// Whether it is encrypted; such entries are not read.
    let isEncrypted: Bool
    /// CRC-32 of its content.
    let checksum: UInt32
    /// Where its local header begins.
    let headerOffset: Int
    /// Bytes of its name.
    let nameCount: Int

    /// Where the entry ends at the earliest: its local header may hold more than the name.
    var earliestEnd: Int { headerOffset + ZipFormat.localHeaderSize + nameCount + storedCount }
}
