import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("ZIP archives", .timeLimit(.minutes(2)))
struct ZipArchiveTests {
    private static let text = Array(String(repeating: "weights ", count: 100).utf8)

    private func written(
        _ files: [(String, [UInt8])], wideFrom: Int = ZipFormat.elsewhere32, in folder: String
    ) throws -> String {
        var writer = try ZipWriter(path: "\(folder)/a.zip", wideFrom: wideFrom)
        for (name, bytes) in files { try writer.add(name, bytes) }
        try writer.finish()
        return "\(folder)/a.zip"
    }

    /// An archive of one file "f" whose content is `text`.
    private static let whole: [UInt8]? = try? withFolder { (folder: String) throws in
        var writer = try ZipWriter(path: "\(folder)/a.zip")
        try writer.add("f", text)
        try writer.finish()
        return Array(try bytes("\(folder)/a.zip"))
    }

    /// What is wrong with that archive when it is changed at some places.
    private func problem(_ changes: (inout [UInt8]) -> Void) throws -> DataError? {
        try withFolder { (folder: String) throws in
            var damaged = try #require(Self.whole)
            changes(&damaged)
            let path = try DatasetFolder(path: folder).write(damaged, to: "a.zip")
            return dataError {
                let archive = try ZipArchive(path: path)
                for entry in archive.entries { _ = try archive.read(entry) }
            }
        }
    }

    /// Where the directory of `problem`'s archive begins: behind the local header, the name and the content.
    private var directory: Int { 30 + 1 + Self.text.count }

    @Test("what Python wrote: stored, deflated, zip64 fields, a comment, names beyond ASCII")
    func fromPython() throws {
        let archive = try ZipArchive(path: checkpointFixture("plain.zip"))
        #expect(archive.entries.map(\.name) == ["folder/é 0", "folder/é 1", "empty"])
        #expect(archive.entries.map(\.method) == [0, 8, 0])
        #expect(try archive.entries.map { try archive.read($0) } == [Self.text, Self.text, []])
        #expect(archive["empty"]?.count == 0 && archive["other"] == nil)
    }

    @Test("an archive that would unpack to far more than its size is refused before anything is unpacked")
    func expansion() throws {
        try withFolder { (folder: String) throws in
            let path = try written([("w.npy", [UInt8](repeating: 0, count: 200_000))], in: folder)
            var bytes = Array(try bytes(path))
            let directory = 30 + 5 + 200_000
            func set(_ value: Int, _ count: Int, at place: Int) {
                for (index, byte) in PickleBytes.little(value, count).enumerated() { bytes[place + index] = byte }
            }
            set(ZipFormat.deflated, 2, at: directory + 10)
            for (size, isRefused) in [(190 << 20, true), (100 << 20, false)] {
                set(size, 4, at: directory + 24)
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                let error = dataError { _ = try ZipArchive(path: path) }
                #expect((error != nil) == isRefused)
                #expect(error.map { $0.found == "195 KiB that unpack to 190 MiB" } ?? true, "\(error as Any)")
            }
        }
    }

    @Test("what we wrote, of any size, also as zip64", arguments: [ZipFormat.elsewhere32, 100, 1, 0])
    func roundTrip(wideFrom: Int) throws {
        try withFolder { (folder: String) throws in
            let files: [(String, [UInt8])] = [("a", []), ("b/é", Self.text), ("c", [1, 2, 3]), ("", [0])]
            let archive = try ZipArchive(path: try written(files, wideFrom: wideFrom, in: folder))
            #expect(archive.entries.map(\.name) == files.map(\.0))
            #expect(try archive.entries.map { try archive.read($0) } == files.map(\.1))
        }
    }

    @Test("more files than 16 bits count, and none")
    func counts() throws {
        try withFolder { (folder: String) throws in
            let many = try ZipArchive(path: try written((0..<65_536).map { ("\($0)", []) }, in: folder))
            #expect(many.entries.count == 65_536 && many["65535"] != nil)
            #expect(try ZipArchive(path: try written([], in: folder)).entries.isEmpty)
        }
    }

    @Test("equal files give equal bytes, and nothing appears before the end")
    func determinism() throws {
        try withFolder { (folder: String) throws in
            let first = try bytes(try written([("f", Self.text)], in: folder))
            #expect(try bytes(try written([("f", Self.text)], in: folder)) == first)
            var writer = try ZipWriter(path: "\(folder)/b.zip")
            try writer.add("f", Self.text)
            #expect(dataError { _ = try RegularFile(path: "\(folder)/b.zip") }?.kind == .missing)
            #expect(dataError { _ = try ZipWriter(path: "\(folder)/none/c.zip") }?.kind == .inputOutput)
        }
    }

    @Test("every truncation, and every flipped byte that says something, is found")
    func damage() throws {
        #expect(try problem { _ in } == nil)
        let count = directory + 46 + 1 + 22
        for length in 0..<count { #expect(try problem { $0.removeSubrange(length...) } != nil, "\(length) bytes") }
        // Version, flags, method, date, checksum and sizes of the local header are the directory's business.
        for place in Array(0..<4) + Array(26..<count) where !harmless.contains(place - directory) {
            #expect(try problem { $0[place] ^= 0xFF }?.kind == .malformed, "byte \(place)")
        }
    }

    /// Places after the directory's begin that say nothing about content: versions, the date, attributes, disks.
    private var harmless: Set<Int> {
        Set(4..<8).union(9..<10).union(12..<16).union(34..<42).union(47 + 4..<47 + 10)
    }

    @Test("sizes that stored bytes cannot give, and places outside")
    func sizes() throws {
        func set(_ value: Int, _ count: Int, at place: Int) -> (inout [UInt8]) -> Void {
            { $0.replaceSubrange(place..<(place + count), with: PickleBytes.little(value, count)) }
        }
        #expect(try problem(set(801, 4, at: directory + 24))?.found == "801 bytes")
        let bomb = try problem { bytes in
            set(8, 2, at: directory + 10)(&bytes)
            set(800 * 1032 + 1, 4, at: directory + 24)(&bytes)
        }
        #expect(bomb?.found == "825601 bytes")
        #expect(try problem(set(8, 2, at: directory + 10))?.expected == "a sound deflate stream of 800 bytes")
        #expect(try problem(set(12, 2, at: directory + 10))?.found.contains("800 bytes") != true)
        #expect(try problem(set(1, 2, at: directory + 8))?.found == "an encrypted one")
        #expect(try problem(set(0xFFFF_FFF0, 4, at: directory + 42))?.kind == .malformed)
        #expect(try problem(set(0xFFFF_FFFF, 4, at: directory + 42))?.kind == .malformed)
        #expect(try problem(set(60_000, 2, at: directory + 47 + 10))?.expected.contains("60000 entries") == true)
    }

    @Test("two entries in the same bytes, or with one name")
    func overlaps() throws {
        try withFolder { (folder: String) throws in
            let path = try written([("f", Self.text), ("g", Self.text)], in: folder)
            let whole = Array(try bytes(path))
            let files = DatasetFolder(path: folder)
            var overlapping = whole
            let second = 2 * 831 + 47
            overlapping.replaceSubrange((second + 42)..<(second + 46), with: [0, 0, 0, 0])
            let error = dataError { _ = try ZipArchive(path: try files.write(overlapping, to: "o.zip")) }
            #expect(error?.found == "f and g in the same bytes")
            var same = whole
            same[831 + 30] = UInt8(ascii: "f")
            same[second + 46] = UInt8(ascii: "f")
            #expect(dataError { _ = try ZipArchive(path: try files.write(same, to: "s.zip")) }?.found == "two f")
        }
    }

    @Test("methods that are not read are named when they are asked for")
    func otherMethods() throws {
        let archive = try ZipArchive(path: checkpointFixture("bzip2.zip"))
        #expect(dataError { _ = try archive.read(archive.entries[0]) }?.found == "packing method 12")
    }

    @Test("deflate gives as many bytes as declared, from all that is stored")
    func deflate() throws {
        let archive = try ZipArchive(path: checkpointFixture("plain.zip"))
        let stored = try archive.file.read(0..<archive.file.count)
        // The deflated entry's stream: behind the first entry and its own header, with a zip64 field of 20 bytes each.
        let entry = archive.entries[1]
        let start = entry.headerOffset + 30 + entry.nameCount + 20
        let stream = Array(stored[start..<(start + entry.storedCount)])
        #expect(try Inflater.unpack(stream, count: 800) == Self.text)
        for count in [0, 1, 799, 801, 1_000_000] {
            #expect(throws: Inflater.Failure.self) { try Inflater.unpack(stream, count: count) }
        }
        #expect(throws: Inflater.Failure.self) { try Inflater.unpack(stream + [0], count: 800) }
        #expect(throws: Inflater.Failure.self) { try Inflater.unpack(stream.dropLast(), count: 800) }
        #expect(throws: Inflater.Failure.self) { try Inflater.unpack([], count: 0) }
    }
}
