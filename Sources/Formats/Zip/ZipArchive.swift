import ModelZoo
import Basics
import CZlib

/// A ZIP archive's files, read through its central directory; stored and deflate, zip64 (PKWARE APPNOTE 6.3.10).
struct ZipArchive: Sendable {
    /// The archive itself.
    let file: RegularFile
    /// The files in it, in the directory's order, folders among them.
    let entries: [ZipEntry]
    private let places: [String: Int]
    /// Where the entries' packed bytes stand.
    private let contents: [Range<Int>]

    /// Opens an archive and reads its directory; throws `.missing`, `.inputOutput`, or `.malformed` for damage.
    init(path: String) throws { try self.init(file: RegularFile(path: path)) }

    /// Reads an open archive's directory and holds every file's own header against it; throws `.inputOutput`, or
    /// `.malformed` for damage.
    init(file: RegularFile) throws {
        let directory = try ZipDirectory(file: file)
        entries = try directory.entries(of: file)
        places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
        contents = try entries.map { try Self.content(of: $0, in: file, before: directory.range.lowerBound) }
        self.file = file
    }

    /// The entry of that name, or nil.
    subscript(name: String) -> ZipEntry? { places[name].map { entries[$0] } }

    /// An entry's content, whose length and CRC-32 are verified; throws `.malformed` or `.inputOutput`, traps where
    /// the entry is none of this archive.
    func read(_ entry: ZipEntry) throws -> [UInt8] {
        guard !entry.isEncrypted, [ZipFormat.stored, ZipFormat.deflated].contains(entry.method) else {
            throw Self.problem(
                entry, file, expected: "a stored or deflated file",
                found: entry.isEncrypted ? "an encrypted one" : "packing method \(entry.method)")
        }
        guard let place = places[entry.name] else { preconditionFailure("ZipArchive: no entry \(entry.name)") }
        let stored = try file.read(contents[place])
        let bytes = entry.method == ZipFormat.stored ? stored : try unpacked(stored, entry)
        let checksum = Self.checksum(bytes)
        guard checksum == entry.checksum else {
            throw Self.problem(
                entry, file, expected: "CRC-32 \(String(entry.checksum, radix: 16))",
                found: String(checksum, radix: 16), hint: "the file is damaged: get it again")
        }
        return bytes
    }

    /// CRC-32 as ZIP archives use it.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
    }

    private static func content(of entry: ZipEntry, in file: RegularFile, before end: Int) throws -> Range<Int> {
        let names = entry.headerOffset + ZipFormat.localHeaderSize
        let header = try file.read(entry.headerOffset..<(names + entry.nameCount))
        let fields = ZipFields(bytes: header[...])
        let start = names + entry.nameCount + fields.short(28)
        guard fields.word(0) == ZipFormat.localHeader, fields.short(26) == entry.nameCount,
            String(decoding: header[ZipFormat.localHeaderSize...], as: UTF8.self) == entry.name
        else {
            throw problem(entry, file, expected: "that file where the directory points", found: "another or none")
        }
        guard start <= end, entry.storedCount <= end - start else {
            throw problem(entry, file, expected: "\(entry.storedCount) bytes before the directory", found: "fewer")
        }
        return start..<(start + entry.storedCount)
    }

    private func unpacked(_ stored: [UInt8], _ entry: ZipEntry) throws -> [UInt8] {
        do {
            return try Inflater.unpack(stored, count: entry.count)
        } catch let failure as Inflater.Failure {
            throw Self.problem(
                entry, file, expected: "a sound deflate stream of \(entry.count) bytes",
                found: "damage: \(failure.message)", hint: "get the file again")
        }
    }

    private static func problem(
        _ entry: ZipEntry, _ file: RegularFile, expected: String, found: String, hint: String = ""
    ) -> DataError {
        DataError(
            .malformed, path: "\(file.path), \(entry.name.printable())", expected: expected, found: found, hint: hint)
    }
}
