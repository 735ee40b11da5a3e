import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

/// A ZIP archive of stored files written by hand, with what other writers add to it.
private struct HandZip {
    var prefix: [UInt8] = []
    /// Whether sizes and checksum follow the content, and the local header says 0 (bit 3 of the flags).
    var hasDescriptors = false
    var localExtra: [UInt8] = []
    var centralExtra: [UInt8] = []
    /// Whether sizes and offset stand in a zip64 extra field, after `centralExtra`.
    var isWide = false
    var entryComment: [UInt8] = []
    var comment: [UInt8] = []
    /// What the record at the end says of the number of entries, if not the truth.
    var count: Int?

    func bytes(_ files: [(String, [UInt8])]) -> [UInt8] {
        var (bytes, directory) = (prefix, [UInt8]())
        for (name, content) in files {
            let checksum = little(Int(ZipArchive.checksum(content)), 4)
            let sizes = little(content.count, 4) + little(content.count, 4)
            let start = bytes.count
            let flags = little(hasDescriptors ? 8 : 0, 2)
            bytes += little(ZipFormat.localHeader, 4) + little(20, 2) + flags + little(0, 6)
            bytes += hasDescriptors ? little(0, 12) : checksum + sizes
            bytes += little(name.utf8.count, 2) + little(localExtra.count, 2) + name.utf8 + localExtra + content
            if hasDescriptors { bytes += little(0x0807_4B50, 4) + checksum + sizes }
            let wide = little(content.count, 8) + little(content.count, 8) + little(start, 8)
            let extra = centralExtra + (isWide ? little(1, 2) + little(24, 2) + wide : [])
            directory += little(ZipFormat.centralHeader, 4) + little(20, 2) + little(20, 2) + flags + little(0, 6)
            directory += checksum + (isWide ? [UInt8](repeating: 255, count: 8) : sizes)
            directory +=
                little(name.utf8.count, 2) + little(extra.count, 2) + little(entryComment.count, 2) + little(0, 8)
            directory += (isWide ? [255, 255, 255, 255] : little(start, 4)) + name.utf8 + extra + entryComment
        }
        let (number, place) = (count ?? files.count, bytes.count)
        bytes += directory + little(ZipFormat.directoryEnd, 4) + little(0, 4) + little(number, 2) + little(number, 2)
        return bytes + little(directory.count, 4) + little(place, 4) + little(comment.count, 2) + comment
    }

    private func little(_ value: Int, _ count: Int) -> [UInt8] { PickleBytes.little(value, count) }
}

@Suite("ZIP directories of other writers")
struct ZipDirectoryTests {
    private static let files: [(String, [UInt8])] = [("a", [1, 2, 3]), ("dir/", []), ("dir/b", Array(0...200))]

    private func open<Result>(_ bytes: [UInt8], _ body: (ZipArchive) throws -> Result) throws -> Result {
        try withFolder { (folder: String) throws in
            try body(try ZipArchive(path: try DatasetFolder(path: folder).write(bytes, to: "x.zip")))
        }
    }

    private func check(_ zip: HandZip) throws {
        try open(zip.bytes(Self.files)) { (archive: ZipArchive) throws in
            #expect(archive.entries.map(\.name) == Self.files.map(\.0))
            #expect(try archive.entries.map { try archive.read($0) } == Self.files.map(\.1))
        }
    }

    @Test("Plain, with data descriptors, extra fields, comments of entries, and bytes before the first file")
    func forms() throws {
        let other: [UInt8] = [0x55, 0x54, 2, 0, 9, 9]
        try check(HandZip())
        try check(HandZip(hasDescriptors: true))
        try check(HandZip(localExtra: other, centralExtra: other + other, entryComment: Array("said".utf8)))
        try check(HandZip(prefix: Array("#!/bin/sh\n".utf8), hasDescriptors: true))
    }

    @Test("Sizes and places in zip64 fields, alone or after other fields")
    func wide() throws {
        try check(HandZip(isWide: true))
        try check(HandZip(centralExtra: [0x55, 0x54, 1, 0, 7], isWide: true))
        try check(HandZip(hasDescriptors: true, centralExtra: [9, 9, 0, 0], isWide: true, entryComment: [0]))
    }

    @Test("Comments of the archive, also of the longest kind and with signatures in them")
    func comments() throws {
        let end = PickleBytes.little(ZipFormat.directoryEnd, 4)
        for comment in [
            Array("made by hand".utf8), end, end + end + [UInt8](repeating: 1, count: 40),
            [UInt8](repeating: 0x50, count: 65_535),
        ] { try check(HandZip(comment: comment)) }
    }

    @Test("One byte after the archive, or a comment cut short, and there is no end record")
    func noEnd() throws {
        let whole = HandZip(comment: [1, 2, 3]).bytes(Self.files)
        for bytes in [whole + [0], Array(whole.dropLast()), [], Array(repeating: 0, count: 100)] {
            let error = try requireDataError { try open(bytes) { _ in } }
            #expect(error.found == "no such record" && error.hint.contains("not a ZIP archive"))
        }
    }

    @Test("Counts that are not the directory's are refused", arguments: [(1, 3), (4, 3), (0, 3), (1000, 3)])
    func counts(said: Int, real: Int) throws {
        let error = try requireDataError { try open(HandZip(count: said).bytes(Self.files)) { _ in } }
        #expect(error.kind == .malformed && error.expected.contains("\(said) entries") && Self.files.count == real)
    }

    @Test("A zip64 field that is too short leaves sizes that cannot be")
    func shortWide() throws {
        var bytes = HandZip(isWide: true).bytes([("a", [1, 2, 3])])
        let field = bytes.count - 22 - 28
        #expect(bytes[field] == 1 && bytes[field + 2] == 24)
        for length in [0, 7, 8, 16] as [UInt8] {
            // What is left of the field becomes a field of its own, which says nothing.
            bytes[field + 2] = length
            #expect(dataError { try open(bytes) { _ in } }?.kind == .malformed, "\(length)")
        }
    }

    @Test("Names of one file that differ in the directory and before the content are refused")
    func names() throws {
        var bytes = HandZip().bytes([("a", [1])])
        bytes[30] = UInt8(ascii: "b")
        let error = try requireDataError { try open(bytes) { _ in } }
        #expect(error.path.hasSuffix("x.zip, a") && error.found == "another or none")
    }

    @Test("Random damage of an archive with all of this gives errors, or what the checksums allow")
    func damage() throws {
        let whole = HandZip(hasDescriptors: true, centralExtra: [9, 9, 0, 0], isWide: true, comment: [1, 2]).bytes(
            Self.files)
        var noise = DatasetNoise(seed: 61)
        for _ in 0..<150 {
            do {
                try open(noise.damaged(whole)) { archive in
                    for entry in archive.entries where [0, 8].contains(entry.method) && !entry.isEncrypted {
                        let content = try archive.read(entry)
                        #expect(content.count == entry.count && ZipArchive.checksum(content) == entry.checksum)
                    }
                }
            } catch let error as DataError { #expect(error.kind == .malformed) }
        }
    }
}
