import Foundation
import Testing
@testable import Basics

@Suite("What killed writers leave")
struct WholeFileLeftoverTests {
    /// A process that is gone: `true` has ended and has been waited for.
    private static func goneProcess() throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        return process.processIdentifier
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("leftovers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test("A write removes what writers of the same name left whose process is gone, and nothing else")
    func sameName() throws {
        try withFolder { folder in
            let gone = try Self.goneProcess()
            let parent = getppid()
            let kept = [
                ".zoo.h5.\(parent)-1.partial", ".other.h5.\(gone)-1.partial", ".zoo.h5.x-1.partial",
                ".zoo.h5.\(gone)-1",
                ".zoo.h5.gz.\(gone)-1.partial", ".zoo.h5.0-1.partial",
            ]
            let removed = [
                ".zoo.h5.\(gone)-1.partial", ".zoo.h5.\(gone)-12.partial", ".zoo.h5.\(getpid())-999999999.partial",
            ]
            for name in kept + removed { try Data("x".utf8).write(to: folder.appendingPathComponent(name)) }
            let inside = folder.appendingPathComponent(".zoo.h5.\(gone)-2.partial/part")
            try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
            try WholeFile.write("new", to: folder.appendingPathComponent("zoo.h5"))
            #expect(try names(folder) == (kept + ["zoo.h5"]).sorted())
        }
    }

    @Test("Two writers of one name in one process leave each other alone")
    func two() throws {
        try withFolder { folder in
            let path = folder.appendingPathComponent("a").path
            let first = WholeFile(for: path)
            try POSIXFile.create([1], to: first.temporaryPath)
            let second = WholeFile(for: path)
            try POSIXFile.create([2], to: second.temporaryPath)
            #expect(first.temporaryPath != second.temporaryPath)
            #expect(try names(folder).count == 2)
            try first.commit()
            try second.commit()
            #expect(try names(folder) == ["a"] && Data(contentsOf: URL(fileURLWithPath: path)) == Data([2]))
        }
    }

    @Test("A writer inside a larger write uses the larger one's temporary name")
    func nested() throws {
        try withFolder { folder in
            let url = folder.appendingPathComponent("zoo.h5")
            try WholeFile.produce(url) { temporary in
                let inner = WholeFile(for: temporary.path)
                try POSIXFile.create([1, 2], to: inner.temporaryPath)
                #expect(try names(folder) == [temporary.lastPathComponent])
                #expect(temporary.lastPathComponent.hasPrefix(".zoo.h5.\(getpid())-"))
                #expect(temporary.lastPathComponent.hasSuffix(".partial"))
                try inner.commit()
                #expect(try names(folder) == [temporary.lastPathComponent], "the larger write is not complete yet")
            }
            #expect(try names(folder) == ["zoo.h5"] && Data(contentsOf: url) == Data([1, 2]))

            struct Failure: Error {}
            #expect(throws: Failure.self) {
                try WholeFile.produce(url) { temporary in
                    let inner = WholeFile(for: temporary.path)
                    try POSIXFile.create([3], to: inner.temporaryPath)
                    throw Failure()
                }
            }
            #expect(try names(folder) == ["zoo.h5"] && Data(contentsOf: url) == Data([1, 2]))
        }
    }

    @Test("A file does not replace a folder; a folder that is produced does")
    func folders() throws {
        try withFolder { folder in
            let url = folder.appendingPathComponent("x")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
            try Data("old".utf8).write(to: url.appendingPathComponent("old"))
            #expect(throws: DataError.self) { try WholeFile.write("new", to: url) }
            #expect(try names(url) == ["old"] && names(folder) == ["x"])
        }
    }
}
