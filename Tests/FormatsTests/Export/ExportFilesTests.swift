import Basics
import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Files and folders that exports write")
struct ExportFilesTests {
    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test("a folder appears when it is complete, or not at all")
    func temporaryFolder() throws {
        try withFolder { (folder: String) throws in
            do {
                let lost = try WholeFile.folder(for: "\(folder)/lost")
                try POSIXFile.create([1, 2], to: "\(lost.temporaryPath)/x")
                #expect(try names(folder).count == 1 && !names(folder).contains("lost"))
            }
            #expect(try names(folder) == [])
            let kept = try WholeFile.folder(for: "\(folder)/kept//")
            try POSIXFile.create([3], to: "\(kept.temporaryPath)/x")
            try kept.commit()
            #expect(try names(folder) == ["kept"] && names("\(folder)/kept") == ["x"])
            #expect(
                dataError { _ = try WholeFile.folder(for: "\(folder)/kept") }?.description.contains(
                    "is a folder that holds 1 file") == true)
            #expect(
                dataError { _ = try WholeFile.folder(for: "\(folder)/kept/x") }?.description.contains(
                    "is a file, where a folder is to be made") == true)
            #expect(dataError { _ = try WholeFile.folder(for: "\(folder)/no/folder") }?.kind == .inputOutput)
        }
    }

    @Test("a folder that another has filled in the meantime is not replaced")
    func race() throws {
        try withFolder { (folder: String) throws in
            let late = try WholeFile.folder(for: "\(folder)/x")
            try FileManager.default.createDirectory(atPath: "\(folder)/x", withIntermediateDirectories: false)
            try POSIXFile.create([1], to: "\(folder)/x/other")
            #expect(dataError { try late.commit() }?.kind == .inputOutput)
            #expect(try names("\(folder)/x") == ["other"])
        }
    }

    @Test("whole files, and what cannot be written")
    func plainFile() throws {
        try withFolder { (folder: String) throws in
            let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
            for bytes in [content, [], [7]] {
                try POSIXFile.create(bytes, to: "\(folder)/f")
                #expect(try Array(bytes_("\(folder)/f")) == bytes)
            }
            #expect(dataError { try POSIXFile.create([1], to: "\(folder)/no/f") }?.kind == .inputOutput)
            #expect(dataError { try POSIXFile.create([1], to: folder) }?.kind == .inputOutput)
        }
    }

    private func bytes_(_ path: String) throws -> Data { try bytes(path) }

    @Test("an archive's file in pieces has the bytes of the whole")
    func pieces() throws {
        let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try withFolder { (folder: String) throws in
            var whole = try ZipWriter(path: "\(folder)/a.zip")
            try whole.add("x", content)
            try whole.finish()
            var checksum = ZipChecksum()
            for start in stride(from: 0, to: content.count, by: 999) {
                checksum.add(Array(content[start..<min(start + 999, content.count)]))
                checksum.add([UInt8]())
            }
            #expect(checksum.value == ZipArchive.checksum(content))
            var parts = try ZipWriter(path: "\(folder)/b.zip")
            try parts.add("x", size: content.count, checksum: checksum.value) { write in
                try write(Array(content[..<10]))
                try write([])
                try write(Array(content[10...]))
            }
            try parts.finish()
            #expect(try bytes("\(folder)/a.zip") == bytes("\(folder)/b.zip"))
        }
    }

    @Test("ranges of a file, and beyond it")
    func fileBytes() throws {
        try withFolder { (folder: String) throws in
            try POSIXFile.create([1, 2, 3, 4], to: "\(folder)/f")
            let file = try RegularFile(path: "\(folder)/f")
            #expect(try file.read(1..<3) == [2, 3] && file.read(4..<4) == [] && file.count == 4)
            for range in [0..<5, 4..<6, -1..<2, 0..<Int.max] {
                #expect(dataError { _ = try file.read(range) }?.kind == .malformed)
            }
            #expect(dataError { _ = try RegularFile(path: folder) }?.found == "a folder")
            #expect(dataError { _ = try RegularFile(path: "/dev/null") }?.found == "a special file")
            #expect(dataError { _ = try RegularFile(path: "\(folder)/none") }?.kind == .missing)
            try POSIXFile.create([1], to: "\(folder)/f")
            #expect(dataError { _ = try file.read(0..<4) }?.kind == .inputOutput)
        }
    }
}
