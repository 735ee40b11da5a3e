import ModelZoo
import Basics

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
                .malformed, path: path, expected: "entries one behind the other",
                found: "\(first.name) and \(second.name) in the same bytes".printable())
        }
        var names: Set<String> = []
        for entry in entries where !names.insert(entry.name).inserted {
            throw DataError(
                .malformed, path: path, expected: "entries with names of their own",
                found: "two \(entry.name.printable())")
        }
    }

    private func damage(_ file: RegularFile, _ place: Int) -> DataError {
        DataError(
            .malformed, path: file.path, expected: "\(count) entries of a ZIP directory",
            found: "something else at byte \(range.lowerBound + place)", hint: "the file is damaged")
    }
}
