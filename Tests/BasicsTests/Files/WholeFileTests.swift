import Foundation
import Testing
import TestSupport

@testable import Basics

@Suite("Whole files")
struct WholeFileTests {
    struct Failure: Error, Equatable {}

    @Test("A file is written and replaced, nothing else is left")
    func write() throws {
        let scratch = try ScratchFolder()
        try WholeFile.write("one", to: scratch.file("a.txt"))
        try WholeFile.write("two", to: scratch.file("a.txt"))
        try WholeFile.write("", to: scratch.file("empty"))
        #expect(try scratch.text("a.txt") == "two" && scratch.names == ["a.txt", "empty"])
    }

    @Test("A writer that fails leaves what was there and nothing of its own")
    func failure() throws {
        let scratch = try ScratchFolder()
        try WholeFile.write("old", to: scratch.file("a.txt"))
        for name in ["a.txt", "new.txt"] {
            #expect(throws: Failure()) {
                try WholeFile.produce(scratch.file(name)) { url in
                    try Data("half".utf8).write(to: url)
                    #expect(scratch.names.count == 2, "the temporary name stands beside")
                    throw Failure()
                }
            }
        }
        #expect(try scratch.text("a.txt") == "old" && scratch.names == ["a.txt"])
    }

    @Test("A writer that writes nothing is an error")
    func nothing() throws {
        let scratch = try ScratchFolder()
        #expect(try requireDataError { try WholeFile.produce(scratch.file("a")) { _ in } }.kind == .inputOutput)
        #expect(scratch.names.isEmpty)
    }

    @Test("A folder replaces a folder as a whole")
    func folders() throws {
        let scratch = try ScratchFolder()
        try scratch.put("generator/old", "x")
        try WholeFile.produce(scratch.file("generator")) { url in
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
            try Data("y".utf8).write(to: url.appendingPathComponent("new"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("generator").path) == ["new"])
        #expect(scratch.names == ["generator"])
    }

    @Test("A second name for the file that is there already leaves one, and no temporary one")
    func links() throws {
        let scratch = try ScratchFolder()
        try scratch.put("shared.h5", "networks")
        for _ in 0..<2 {
            try WholeFile.produce(scratch.file("zoo.h5")) { url in
                try FileManager.default.linkItem(at: scratch.file("shared.h5"), to: url)
            }
            #expect(scratch.names == ["shared.h5", "zoo.h5"])
        }
        #expect(try scratch.text("zoo.h5") == "networks")
    }

    @Test("A place that cannot be written is an I/O failure that names it")
    func unwritable() throws {
        let scratch = try ScratchFolder()
        let url = scratch.file("no/such/folder/a.txt")
        let error = try requireDataError { try WholeFile.write("x", to: url) }
        #expect(
            error.kind == .inputOutput && error.path == url.path
                && error.found == "cannot be written: there is no such file or folder")
    }

    @Test("A file that cannot be opened is said to be missing, or no file, in the caller's words")
    func unreadable() throws {
        let scratch = try ScratchFolder()
        try scratch.put("folder/a", "")
        func error(_ name: String, _ content: String?) throws -> DataError {
            try requireDataError {
                _ = try RegularFile(path: scratch.file(name).path, of: content)
            }
        }
        let (none, missing) = (try error("none", nil), try error("none", "HDF5 file"))
        #expect(none.kind == .missing && none.description == "\(none.path): there is no such file or folder")
        #expect(missing.kind == .missing && missing.found == none.found)
        #expect(missing.found == "there is no such file or folder")
        let (plain, folder) = (try error("folder", nil), try error("folder", "HDF5 file"))
        #expect(plain.kind == .malformed && plain.expected == "a regular file" && plain.found == "a folder")
        #expect(folder.kind == .malformed && folder.expected == "a readable HDF5 file" && folder.found == "a folder")
    }

    @Test("Leftovers are removed, other hidden files are not")
    func leftovers() throws {
        let scratch = try ScratchFolder()
        for name in [".zoo.h5.123.partial", ".hidden", "a.partial"] { try scratch.put(name, "") }
        try scratch.put(".generator.1.partial/step", "")
        try WholeFile.removeLeftovers(in: scratch.url)
        #expect(scratch.names == [".hidden", "a.partial"])
    }
}
