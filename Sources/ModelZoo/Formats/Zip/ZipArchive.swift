import CZlib
import Networks

/// A ZIP archive's files, read through its central directory; stored and deflate, zip64 (PKWARE APPNOTE 6.3.10).
struct ZipArchive: Sendable {
    /// The archive itself.
    let file: FileBytes
    /// The files in it, in the directory's order, folders among them.
    let entries: [ZipEntry]
    private let places: [String: Int]
    private let directoryOffset: Int

    /// Opens an archive and reads its directory; throws `.missing`, `.inputOutput`, or `.malformed` for damage.
    init(path: String) throws { try self.init(file: FileBytes(path: path)) }

    /// Reads an open archive's directory; throws `.inputOutput`, or `.malformed` for damage.
    init(file: FileBytes) throws {
        let directory = try ZipDirectory(file: file)
        entries = try directory.entries(of: file)
        places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
        directoryOffset = directory.range.lowerBound
        self.file = file
    }

    /// The entry of that name, or nil.
    subscript(name: String) -> ZipEntry? { places[name].map { entries[$0] } }

    /// An entry's content, whose length and CRC-32 are verified; throws `.malformed` or `.inputOutput`.
    func read(_ entry: ZipEntry) throws -> [UInt8] {
        guard !entry.isEncrypted, [ZipFormat.stored, ZipFormat.deflated].contains(entry.method) else {
            throw problem(
                entry, expected: "a stored or deflated file",
                found: entry.isEncrypted ? "an encrypted one" : "packing method \(entry.method)")
        }
        let stored = try file.read(content(of: entry))
        let bytes = entry.method == ZipFormat.stored ? stored : try unpacked(stored, entry)
        let checksum = Self.checksum(bytes)
        guard checksum == entry.checksum else {
            throw problem(
                entry, expected: "CRC-32 \(String(entry.checksum, radix: 16))",
                found: String(checksum, radix: 16), hint: "the file is damaged: get it again")
        }
        return bytes
    }

    /// CRC-32 as ZIP archives use it.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
    }

    private func content(of entry: ZipEntry) throws -> Range<Int> {
        let header = entry.headerOffset..<(entry.headerOffset + ZipFormat.localHeaderSize)
        let fields = ZipFields(bytes: try file.read(header)[...])
        let start = header.upperBound + fields.short(26) + fields.short(28)
        guard fields.word(0) == ZipFormat.localHeader, fields.short(26) == entry.nameCount,
            start <= directoryOffset, entry.storedCount <= directoryOffset - start
        else {
            throw problem(entry, expected: "a file where the directory points", found: "none")
        }
        let name = try file.read(header.upperBound..<(header.upperBound + entry.nameCount))
        guard String(decoding: name, as: UTF8.self) == entry.name else {
            throw problem(entry, expected: "that name", found: "another in the file's own header")
        }
        return start..<(start + entry.storedCount)
    }

    private func unpacked(_ stored: [UInt8], _ entry: ZipEntry) throws -> [UInt8] {
        do {
            return try Inflater.unpack(stored, count: entry.count)
        } catch let failure as Inflater.Failure {
            throw problem(
                entry, expected: "a sound deflate stream of \(entry.count) bytes",
                found: "damage: \(failure.message)", hint: "get the file again")
        }
    }

    private func problem(_ entry: ZipEntry, expected: String, found: String, hint: String = "") -> DataError {
        DataError(.malformed, path: "\(file.path), \(entry.name)", expected: expected, found: found, hint: hint)
    }
}
