/// A record of a ZIP archive under construction: little-endian numbers one behind the other.
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
