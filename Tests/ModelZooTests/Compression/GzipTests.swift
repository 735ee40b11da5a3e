import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite struct GzipTests {
    /// What Python's `gzip.compress` makes of forty times "abcdefgh," and a line end, five times over.
    static let deflated = Array(
        Data(
            base64Encoded: "H4sIAAAAAAACA0tMSk5JTUvP0EkcZdCSwTUaCqMBPRrQo4zRgB68AQ0AEVVnAQ0HAAA=") ?? Data())
    static let unpacked = Array(
        String(repeating: String(repeating: "abcdefgh,", count: 40) + "\n", count: 5).utf8)

    private func read(_ bytes: [UInt8], maximumBytes: Int = 1 << 32) throws -> [UInt8] {
        try DatasetFolder.with { folder in
            try Gzip.decompress(contentsOf: folder.write(bytes, to: "file"), maximumBytes: maximumBytes)
        }
    }

    private func problem(_ bytes: [UInt8], maximumBytes: Int = 1 << 32) -> DataError? {
        #expect(throws: DataError.self) { try read(bytes, maximumBytes: maximumBytes) }
    }

    @Test func unpacksWhatAnotherProgramPacked() throws {
        #expect(try read(Self.deflated) == Self.unpacked)
    }

    @Test(arguments: [0, 1, 2, 1_000, 262_143, 262_144, 262_145, 700_001])
    func givesContentOfAnySizeBackPackedOrPlain(size: Int) throws {
        let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
        #expect(try read(DatasetBytes.gzip(content)) == content)
        #expect(try read(content) == content)
    }

    @Test func joinsMembers() throws {
        #expect(try read(DatasetBytes.gzip([1, 2]) + Self.deflated) == [1, 2] + Self.unpacked)
    }

    @Test func everyPrefixOfAStreamIsRefused() {
        for stream in [Self.deflated, DatasetBytes.gzip([1, 2, 3])] {
            for length in 2..<stream.count {
                #expect(problem(Array(stream[..<length]))?.kind == .malformed, "\(length) bytes")
            }
        }
    }

    @Test func everyFlippedByteAfterTheHeaderIsRefused() {
        for place in 10..<Self.deflated.count {
            var stream = Self.deflated
            stream[place] ^= 0xFF
            #expect(problem(stream)?.kind == .malformed, "byte \(place)")
        }
    }

    @Test(arguments: [[0], [0, 0, 0, 0], [0x1F, 0x8B], Array("more".utf8)] as [[UInt8]])
    func bytesAfterTheStreamAreRefused(trailing: [UInt8]) {
        let found = problem(Self.deflated + trailing)
        #expect(found?.kind == .malformed)
        if trailing.first != 0x1F, trailing.count > 1 { #expect(found?.expected.contains("nothing after") == true) }
    }

    @Test func theLimitCountsContentExactly() throws {
        #expect(try read(Self.deflated, maximumBytes: Self.unpacked.count) == Self.unpacked)
        #expect(problem(Self.deflated, maximumBytes: Self.unpacked.count - 1)?.kind == .malformed)
        #expect(try read([1, 2, 3], maximumBytes: 3) == [1, 2, 3])
        #expect(problem([1, 2, 3], maximumBytes: 2)?.kind == .malformed)
    }

    @Test func theExpansionLimitDoesNotOverflow() {
        #expect(Gzip.expansionLimit(fileSize: 100) == 103_200 + 4_096)
        #expect(Gzip.expansionLimit(fileSize: Int.max / 2) == Int.max)
        #expect(Gzip.expansionLimit(fileSize: Int.max / 1032) == Int.max)
    }

    @Test func missingFilesAndFoldersAreToldApart() throws {
        try DatasetFolder.with { folder in
            let missing = #expect(throws: DataError.self) { try Gzip.decompress(contentsOf: folder.path + "/none") }
            #expect(missing?.kind == .missing)
            let isFolder = #expect(throws: DataError.self) { try Gzip.decompress(contentsOf: folder.path) }
            #expect(isFolder?.kind == .malformed)
            #expect(isFolder?.found == "a folder")
        }
        let special = #expect(throws: DataError.self) { try Gzip.decompress(contentsOf: "/dev/null") }
        #expect(special?.kind == .malformed)
    }
}
