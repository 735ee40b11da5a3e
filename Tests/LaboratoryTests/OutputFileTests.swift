import Foundation
import Networks
import Testing
import TestSupport

@testable import Laboratory

@Suite("Output files")
struct OutputFileTests {
    @Test("A new file, or one that is there, in a folder that takes files; nothing is left behind")
    func good() throws {
        let scratch = try ScratchFolder()
        try scratch.put("old.h5", "old")
        try OutputFile.check(scratch.file("new.h5"))
        try OutputFile.check(
            scratch.file("old.h5"), reading: [scratch.file("other.h5").path], replacing: true)
        let error = try requireDataError { try OutputFile.check(scratch.file("old.h5")) }
        #expect(error.kind == .configuration && error.hint.contains("--force"))
        #expect(scratch.names == ["old.h5"] && (try? scratch.text("old.h5")) == "old")
    }

    @Test("Places that take no file", arguments: ["/proc/x.h5", "/no/such/folder/x.h5", "/dev/null", "/tmp"])
    func bad(_ path: String) throws {
        let error = try requireDataError { try OutputFile.check(URL(fileURLWithPath: path)) }
        #expect(error.kind == .inputOutput && error.path == path, "\(error)")
    }

    @Test("The file that is read is not replaced, under whatever name")
    func same() throws {
        let scratch = try ScratchFolder()
        try scratch.put("in.h5", "networks")
        try FileManager.default.createSymbolicLink(
            at: scratch.file("soft.h5"), withDestinationURL: scratch.file("in.h5"))
        try FileManager.default.linkItem(at: scratch.file("in.h5"), to: scratch.file("hard.h5"))
        for name in ["in.h5", "./in.h5", "soft.h5", "hard.h5"] {
            let error = try requireDataError {
                try OutputFile.check(scratch.file(name), reading: ["/nowhere", scratch.file("in.h5").path])
            }
            #expect(error.kind == .configuration && error.path == "--out", "\(error)")
        }
        #expect(try scratch.text("in.h5") == "networks")
    }

    @Test("a file in a folder that is read is not replaced; a new one there is nobody's")
    func folders() throws {
        let scratch = try ScratchFolder()
        try scratch.put("runs/deep/net.pt", "networks")
        try scratch.put("runs-2/net.pt", "others")
        try FileManager.default.createSymbolicLink(
            at: scratch.file("link"), withDestinationURL: scratch.file("runs"))
        let runs = scratch.file("runs").path
        for name in ["runs/deep/net.pt", "link/deep/net.pt"] {
            let error = try requireDataError { try OutputFile.check(scratch.file(name), reading: [runs]) }
            #expect(error.kind == .configuration && error.path == "--out", "\(error)")
        }
        try OutputFile.check(scratch.file("runs/new.h5"), reading: [runs])
        try OutputFile.check(scratch.file("runs-2/net.pt"), reading: [runs], replacing: true)
    }
}
