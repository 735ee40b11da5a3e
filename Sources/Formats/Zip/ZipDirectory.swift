import Basics

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
            found: "no such record", hint: "the file is no ZIP archive, or incomplete")
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
