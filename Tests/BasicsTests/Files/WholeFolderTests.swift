import Foundation
import TestSupport
import Testing

@testable import Basics

@Suite("Whole folders and what they replace")
struct WholeFolderTests {
    @Test("A folder gets its name when it is complete, also where an empty one stands")
    func folder() throws {
        let scratch = try ScratchFolder()
        for isThere in [false, true] {
            let url = scratch.file("out\(isThere)")
            if isThere { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false) }
            let folder = try WholeFile.folder(for: url.path + "//")
            #expect(folder.path == url.path, "slashes at the end are not part of the name")
            try Data("x".utf8).write(to: URL(fileURLWithPath: folder.temporaryPath).appendingPathComponent("part"))
            #expect(FileManager.default.fileExists(atPath: url.appendingPathComponent("part").path) == false)
            try folder.commit()
            #expect(try FileManager.default.contentsOfDirectory(atPath: url.path) == ["part"])
        }
        #expect(scratch.names == ["outfalse", "outtrue"])
    }

    @Test("A file and a full folder are not replaced by a new folder, and nothing is left of it")
    func occupied() throws {
        let scratch = try ScratchFolder()
        try scratch.put("file", "x")
        try scratch.put("full/a", "x")
        for (name, found) in [("file", "is a file"), ("full", "is a folder that holds 1 file;")] {
            let error = try requireDataError { _ = try WholeFile.folder(for: scratch.file(name).path) }
            #expect(error.kind == .inputOutput && error.path == scratch.file(name).path && error.found.hasPrefix(found))
            #expect(error.hint == "choose another --out, or remove it")
        }
        #expect(scratch.names == ["file", "full"])
        let nowhere = scratch.file("no/folder").path
        #expect(try requireDataError { _ = try WholeFile.folder(for: nowhere) }.path == nowhere)
    }

    @Test("A folder that is dropped before its end removes what it holds")
    func dropped() throws {
        let scratch = try ScratchFolder()
        do {
            let folder = try WholeFile.folder(for: scratch.file("out").path)
            try Data("x".utf8).write(to: URL(fileURLWithPath: folder.temporaryPath).appendingPathComponent("part"))
            #expect(scratch.names.count == 1)
        }
        #expect(scratch.names.isEmpty)
    }

    @Test("What is produced replaces whatever stood there, a file for a folder and a folder for a file")
    func produced() throws {
        let scratch = try ScratchFolder()
        let url = scratch.file("x")
        for round in 0..<4 {
            let said = try WholeFile.produce(url) { url in
                guard round % 2 == 0 else { return try Data("text".utf8).write(to: url) }
                try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
                try Data("y".utf8).write(to: url.appendingPathComponent("inner"))
            }
            #expect(said == () && scratch.names == ["x"])
            let inner = try? FileManager.default.contentsOfDirectory(atPath: url.path)
            #expect(inner == (round % 2 == 0 ? ["inner"] : nil))
        }
        #expect(
            try WholeFile.produce(url) {
                try Data([1]).write(to: $0); return 42
            } == 42, "the result is passed on")
    }

    @Test("Bytes, data and text are written as they are", arguments: [0, 1, 100_000])
    func bytes(_ count: Int) throws {
        let scratch = try ScratchFolder()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        try WholeFile.write(bytes, to: scratch.file("bytes").path)
        try WholeFile.write(Data(bytes), to: scratch.file("data"))
        try WholeFile.write("é\u{0}\n", to: scratch.file("text"))
        #expect(
            try Data(contentsOf: scratch.file("bytes")) == Data(bytes)
                && Data(contentsOf: scratch.file("data"))
                    == Data(bytes)
        )
        #expect(try Data(contentsOf: scratch.file("text")) == Data([0xC3, 0xA9, 0, 0x0A]))
    }

    @Test("Temporary names say whose they are and are never the same")
    func names() {
        let files = (0..<20).map { _ in WholeFile(for: "zoo.h5") }
        let names = files.map(\.temporaryPath)
        #expect(Set(names).count == 20)
        for name in names { #expect(name.wholeMatch(of: /\.zoo\.h5\.([0-9]+)-[0-9]+\.partial/)?.1 == "\(getpid())") }
        #expect(WholeFile(for: "/a/b/").temporaryPath.hasPrefix("/a/.b.") && WholeFile(for: "/").path == "/")
    }
}
