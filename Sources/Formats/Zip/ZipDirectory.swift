import Basics
import ModelZoo

/// Where a ZIP archive's central directory stands, as the records at the archive's end say.
struct ZipDirectory {
    /// The directory's bytes in the file, which end before the records that name them.
    let range: Range<Int>
    /// How many entries it holds; the directory's size has room for them.
    let count: Int

    /// Finds the directory; throws `.malformed` where the file is no whole ZIP archive.
    init(file: RegularFile) throws {
        let end = try Self.findEnd(file)
        let fields = ZipFields(bytes: try file.read(end..<(end + ZipFormat.directoryEndSize))[...])
        var (count, size, offset, limit) = (fields.short(10), fields.word(12), fields.word(16), end)
        if count == ZipFormat.elsewhere16 || size == ZipFormat.elsewhere32 || offset == ZipFormat.elsewhere32,
            let wide = try Self.wideEnd(file, before: end)
        {
            (count, size, offset, limit) = wide
        }
        guard offset <= limit, size <= limit - offset else {
            throw DataError(
                .malformed, path: file.path, expected: "a ZIP directory before byte \(limit)",
                found: "one of \(size) bytes from byte \(offset)", hint: "the file is damaged or incomplete")
        }
        guard count <= size / ZipFormat.centralHeaderSize else {
            throw DataError(
                .malformed, path: file.path, expected: "a ZIP directory with room for \(count) entries",
                found: "\(size) bytes")
        }
        range = offset..<(offset + size)
        self.count = count
    }

    /// The last end record whose comment reaches exactly to the end of the file.
    private static func findEnd(_ file: RegularFile) throws -> Int {
        let start = max(0, file.count - ZipFormat.directoryEndSize - ZipFormat.elsewhere16)
        let tail = try file.read(start..<file.count)
        var place = tail.count - ZipFormat.directoryEndSize
        while place >= 0 {
            let fields = ZipFields(bytes: tail[place...])
            let rest = tail.count - place - ZipFormat.directoryEndSize
            if tail[place] == 0x50, fields.word(0) == ZipFormat.directoryEnd, fields.short(20) == rest {
                return start + place
            }
            place -= 1
        }
        throw DataError(
            .malformed, path: file.path, expected: "a ZIP archive with its directory at the end",
            found: "no such record", hint: "the file is not a ZIP archive, or is incomplete")
    }

    /// Entry count, size and offset from the zip64 record, and where that begins; nil where there is none.
    private static func wideEnd(
        _ file: RegularFile, before end: Int
    ) throws -> (count: Int, size: Int, offset: Int, limit: Int)? {
        guard end >= ZipFormat.locator64Size else { return nil }
        let locator = ZipFields(bytes: try file.read((end - ZipFormat.locator64Size)..<end)[...])
        guard locator.word(0) == ZipFormat.locator64 else { return nil }
        let place = locator.long(8)
        let latest = end - ZipFormat.locator64Size - ZipFormat.directoryEnd64Size
        guard place <= latest else { throw lostRecord(file) }
        let fields = ZipFields(bytes: try file.read(place..<(place + ZipFormat.directoryEnd64Size))[...])
        guard fields.word(0) == ZipFormat.directoryEnd64 else { throw lostRecord(file) }
        return (fields.long(32), fields.long(40), fields.long(48), place)
    }

    private static func lostRecord(_ file: RegularFile) -> DataError {
        DataError(
            .malformed, path: file.path, expected: "a zip64 record where the archive's end points",
            found: "none there", hint: "the file is damaged")
    }
}

extension ZipDirectory {
    /// The entries in the directory's order.
    ///
    /// Throws `.malformed` for a damaged directory, entries that share bytes or a name, and sizes that their stored
    /// bytes cannot unpack to.
    func entries(of file: RegularFile) throws -> [ZipEntry] {
        let bytes = try file.read(range)
        var entries: [ZipEntry] = []
        entries.reserveCapacity(count)
        var place = 0
        while entries.count < count {
            guard bytes.count - place >= ZipFormat.centralHeaderSize else { throw damage(file, place) }
            let fields = ZipFields(bytes: bytes[place...])
            let (nameCount, extraCount) = (fields.short(28), fields.short(30))
            let length = ZipFormat.centralHeaderSize + nameCount + extraCount + fields.short(32)
            guard fields.word(0) == ZipFormat.centralHeader, length <= bytes.count - place else {
                throw damage(file, place)
            }
            let nameStart = place + ZipFormat.centralHeaderSize
            let entry = try Self.entry(
                fields, name: bytes[nameStart..<(nameStart + nameCount)],
                extra: bytes[(nameStart + nameCount)..<(nameStart + nameCount + extraCount)], path: file.path)
            try check(entry, path: file.path)
            entries.append(entry)
            place += length
        }
        guard place == bytes.count else { throw damage(file, place) }
        try checkTogether(entries, path: file.path)
        return entries
    }

    private static func entry(
        _ fields: ZipFields, name: ArraySlice<UInt8>, extra: ArraySlice<UInt8>, path: String
    ) throws -> ZipEntry {
        var sizes = [fields.word(24), fields.word(20), fields.word(42)]
        if sizes.contains(ZipFormat.elsewhere32), var wide = wideFields(extra) {
            for index in sizes.indices where sizes[index] == ZipFormat.elsewhere32 && wide.count >= 8 {
                sizes[index] = ZipFields(bytes: wide).long(0)
                wide = wide.dropFirst(8)
            }
        }
        return ZipEntry(
            name: String(decoding: name, as: UTF8.self), count: sizes[0], storedCount: sizes[1],
            method: fields.short(10), isEncrypted: fields.short(8) & 1 != 0,
            checksum: UInt32(truncatingIfNeeded: fields.word(16)), headerOffset: sizes[2], nameCount: name.count)
    }

    /// The content of the zip64 extra field, or nil.
    private static func wideFields(_ extra: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = extra
        while rest.count >= 4 {
            let fields = ZipFields(bytes: rest)
            let content = rest.dropFirst(4).prefix(fields.short(2))
            if fields.short(0) == ZipFormat.extra64 { return content }
            rest = rest.dropFirst(4 + fields.short(2))
        }
        return nil
    }

    private func check(_ entry: ZipEntry, path: String) throws {
        let room = range.lowerBound - ZipFormat.localHeaderSize - entry.nameCount
        guard entry.headerOffset <= room, entry.storedCount <= room - entry.headerOffset else {
            throw DataError(
                .malformed, path: path, expected: "\(entry.name.printable()) before the archive's directory",
                found: "\(entry.storedCount) bytes from byte \(entry.headerOffset)", hint: "the file is damaged")
        }
        let (largest, isBeyond) = entry.storedCount.multipliedReportingOverflow(by: Gzip.largestExpansion)
        let isPossible = entry.method == ZipFormat.stored ? entry.count == entry.storedCount : entry.count <= largest
        guard isPossible, !isBeyond else {
            throw DataError(
                .malformed, path: path,
                expected: "a size of \(entry.name.printable()) that its \(entry.storedCount) bytes give",
                found: "\(entry.count) bytes")
        }
    }

    private func checkTogether(_ entries: [ZipEntry], path: String) throws {
        let byPlace = entries.sorted { $0.headerOffset < $1.headerOffset }
        for (first, second) in zip(byPlace, byPlace.dropFirst()) where first.earliestEnd > second.headerOffset {
            throw DataError(
                .malformed, path: path, expected: "entries one after the other",
                found: "\(first.name) and \(second.name) in the same bytes".printable())
        }
        try checkExpansion(entries, path: path)
        var names: Set<String> = []
        for entry in entries where !names.insert(entry.name).inserted {
            throw DataError(
                .malformed, path: path, expected: "entries with names of their own",
                found: "two \(entry.name.printable())")
        }
    }

    /// What an archive may unpack to, in sizes of what is packed, and bytes that are always allowed. Numbers of networks
    /// hardly shrink: what shrinks more than that is zeros, or made to fill the memory.
    static let (largestExpansion, alwaysAllowed) = (16, 128 << 20)

    private func checkExpansion(_ entries: [ZipEntry], path: String) throws {
        let packed = entries.reduce(0) { $0 + $1.storedCount }
        let unpacked = entries.reduce(0) { min($0 + $1.count, 1 << 60) }
        guard unpacked / Self.largestExpansion <= packed || unpacked <= Self.alwaysAllowed else {
            throw DataError(
                .malformed, path: path,
                expected: "an archive that unpacks to at most \(Self.largestExpansion) times its size",
                found: "\(packed >> 10) KiB that unpack to \(unpacked >> 20) MiB",
                hint: "it is made to fill the memory, or is nearly all zeros: save it without compression")
        }
    }

    private func damage(_ file: RegularFile, _ place: Int) -> DataError {
        DataError(
            .malformed, path: file.path, expected: "\(count) entries of a ZIP directory",
            found: "something else at byte \(range.lowerBound + place)", hint: "the file is damaged")
    }
}
