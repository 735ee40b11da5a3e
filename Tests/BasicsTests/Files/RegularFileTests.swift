import Foundation
import TestSupport
import Testing

@testable import Basics

@Suite("Regular files")
struct RegularFileTests {
    private static func made(_ bytes: [UInt8], in scratch: ScratchFolder) throws -> RegularFile {
        try Data(bytes).write(to: scratch.file("data"))
        return try RegularFile(path: scratch.file("data").path)
    }

    @Test("Every range gives its bytes, in any order")
    func ranges() throws {
        let scratch = try ScratchFolder()
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let file = try Self.made(bytes, in: scratch)
        #expect(file.count == 1000)
        var noise = DatasetNoise(seed: 4)
        for _ in 0..<100 {
            let ends = [noise.below(1001), noise.below(1001)].sorted()
            #expect(try file.read(ends[0]..<ends[1]) == Array(bytes[ends[0]..<ends[1]]))
        }
        #expect(try file.read(1000..<1000).isEmpty && file.read(0..<1000) == bytes)
    }

    @Test("A buffer is filled as far as the file goes")
    func buffers() throws {
        let scratch = try ScratchFolder()
        let file = try Self.made([1, 2, 3, 4, 5], in: scratch)
        var buffer = [UInt8](repeating: 9, count: 4)
        func fill(_ offset: Int) throws -> Int {
            try buffer.withUnsafeMutableBytes {
                try file.read(
                    into: $0,
                    at: offset)
            }
        }
        #expect(try fill(0) == 4 && buffer == [1, 2, 3, 4])
        #expect(try fill(3) == 2 && buffer == [4, 5, 3, 4])
        #expect(try fill(5) == 0 && fill(700) == 0 && buffer == [4, 5, 3, 4])
    }

    @Test(
        "A range beyond the file is damage, and nothing is allocated for it", arguments: [0..<6, -1..<2, 5..<Int.max])
    func beyond(_ range: Range<Int>) throws {
        let scratch = try ScratchFolder()
        let file = try Self.made([1, 2, 3, 4, 5], in: scratch)
        let error = try requireDataError { _ = try file.read(range) }
        #expect(
            error.kind == .malformed && error.path == file.path
                && error.found.hasPrefix("ends after 5 bytes, but byte "))
        #expect(error.hint == "the file is damaged or incomplete")
    }

    @Test("A file that has become shorter is a failure of reading")
    func shorter() throws {
        let scratch = try ScratchFolder()
        let file = try Self.made([1, 2, 3, 4, 5], in: scratch)
        #expect(truncate(file.path, 3) == 0)
        #expect(try file.read(0..<3) == [1, 2, 3])
        let error = try requireDataError { _ = try file.read(1..<5) }
        #expect(error.kind == .inputOutput && error.found == "became shorter while it was read")
    }

    @Test("What is no regular file is named: nothing, a folder, a device, a pipe without a writer")
    func others() throws {
        let scratch = try ScratchFolder()
        _ = try Self.made([1], in: scratch)
        #expect(mkfifo(scratch.file("pipe").path, 0o600) == 0)
        let cases: [(path: String, kind: DataError.Kind, expected: String, found: String)] = [
            (scratch.file("none").path, .missing, "", "there is no such file or folder"),
            (scratch.file("data/x").path, .missing, "", "a part of the path is a file, not a folder"),
            (scratch.url.path, .malformed, "a regular file", "a folder"),
            ("/dev/null", .malformed, "a regular file", "a special file"),
            (scratch.file("pipe").path, .malformed, "a regular file", "a special file"),
        ]
        for wanted in cases {
            let error = try requireDataError { _ = try RegularFile(path: wanted.path) }
            #expect(error.kind == wanted.kind && error.path == wanted.path)
            #expect(error.expected == wanted.expected && error.found == wanted.found)
        }
        let folder = try requireDataError { _ = try RegularFile(path: scratch.url.path, of: "HDF5 file") }
        #expect(folder.expected == "a readable HDF5 file" && folder.hint == "name a file in it")
    }
}
