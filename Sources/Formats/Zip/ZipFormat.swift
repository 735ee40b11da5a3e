import CZlib

/// Signatures and sizes of a ZIP archive's records (PKWARE APPNOTE 6.3.10, section 4.3).
enum ZipFormat {
    static let localHeader = 0x0403_4B50
    /// The same as the bytes with which an archive begins.
    static let signature: [UInt8] = [0x50, 0x4B, 3, 4]
    static let centralHeader = 0x0201_4B50
    static let directoryEnd = 0x0605_4B50
    static let directoryEnd64 = 0x0606_4B50
    static let locator64 = 0x0706_4B50

    static let localHeaderSize = 30
    static let centralHeaderSize = 46
    static let directoryEndSize = 22
    static let directoryEnd64Size = 56
    static let locator64Size = 20

    static let stored = 0
    static let deflated = 8
    /// The extra field that holds sizes and offsets of 64 bits.
    static let extra64 = 0x0001
    /// A 16-bit field whose value stands in a zip64 record instead.
    static let elsewhere16 = 0xFFFF
    /// A 32-bit field whose value stands in a zip64 record or extra field instead.
    static let elsewhere32 = 0xFFFF_FFFF
}

/// Little-endian numbers at places of a record whose length was checked before.
struct ZipFields {
    let bytes: ArraySlice<UInt8>

    /// The number of two bytes at `offset`.
    func short(_ offset: Int) -> Int { number(offset, 2) }
    /// The number of four bytes at `offset`.
    func word(_ offset: Int) -> Int { number(offset, 4) }
    /// The number of eight bytes at `offset`; `Int.max` for larger ones, which no file reaches.
    func long(_ offset: Int) -> Int {
        let high = number(offset + 4, 4)
        return high > 0x7FFF_FFFF ? .max : high << 32 | word(offset)
    }

    private func number(_ offset: Int, _ count: Int) -> Int {
        let start = bytes.startIndex + offset
        return (0..<count).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    }
}

/// A record of a ZIP archive under construction: little-endian numbers one after the other.
struct ZipRecord {
    var bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    init(signature: Int) {
        bytes = []
        append(word: signature)
    }

    mutating func append(short value: Int) { append(value, 2) }
    mutating func append(word value: Int) { append(value, 4) }
    mutating func append(long value: Int) { append(value, 8) }

    /// What local and central headers share: version, flags (UTF-8 names), method, date, checksum, sizes, name length.
    mutating func appendFacts(checksum: UInt32, size: Int, nameCount: Int, wideFrom: Int) {
        append(short: 45)
        append(short: 1 << 11)
        append(short: ZipFormat.stored)
        // Midnight of 1 January 1980, the format's first date.
        append(short: 0)
        append(short: 1 << 5 | 1)
        append(word: Int(checksum))
        for _ in 0..<2 { append(word: size >= wideFrom ? ZipFormat.elsewhere32 : size) }
        append(short: nameCount)
    }

    /// A zip64 extra field.
    mutating func append(wide values: [Int]) {
        append(short: ZipFormat.extra64)
        append(short: 8 * values.count)
        for value in values { append(long: value) }
    }

    private mutating func append(_ value: Int, _ count: Int) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}

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

/// CRC-32 as ZIP archives use it, of bytes that come in pieces.
struct ZipChecksum {
    private(set) var value: UInt32 = 0

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let start = bytes.bindMemory(to: UInt8.self).baseAddress
        // zlib starts anew where it is given no bytes at all.
        guard let start, bytes.count > 0 else { return }
        value = UInt32(truncatingIfNeeded: crc32_z(UInt(value), start, bytes.count))
    }

    mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }
}
