import Foundation
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Stages taken over from another run")
struct RunAdoptionTests {
    private let environment = RunEnvironment(version: "0", kernelSet: "none", threads: 1)

    private func folder(_ scratch: ScratchFolder, _ name: String, resume: Bool = false) throws -> RunFolder {
        try RunFolder(
            at: scratch.file(name), config: .map(["seed": .integer(0)]), environment: environment, resume: resume)
    }

    /// A run of two stages, one of which wrote a folder.
    private func base(_ scratch: ScratchFolder) throws {
        let run = try folder(scratch, "base")
        try run.stage("first", inputs: "made of this") { try $0.write("a.txt", "one") }
        try run.stage("second") { writer in
            try writer.produce("parts") { url in
                try POSIXFile.makeFolders(url.path)
                try WholeFile.write("two", to: url.appendingPathComponent("b.txt"))
            }
        }
        try run.write("metrics.jsonl", "{}\n")
    }

    @Test("their files are there, and they are not done again; what comes later is")
    func adopts() throws {
        let scratch = try ScratchFolder()
        try base(scratch)
        let run = try folder(scratch, "own")
        try run.adopt(["first", "second"], from: scratch.file("base"))
        #expect(run.completed == ["first", "second"])
        #expect(try scratch.text("own/a.txt") == "one" && scratch.text("own/parts/b.txt") == "two")
        #expect(try scratch.text("own/metrics.jsonl") == "{}\n")
        #expect(try !run.stage("first", inputs: "made of this") { _ in })
        #expect(try run.stage("third") { try $0.write("c.txt", "three") })
        // Files are second names: what is written anew here does not reach the other run.
        try run.write("a.txt", "changed")
        #expect(try scratch.text("base/a.txt") == "one")
        // A second time nothing is taken.
        try run.adopt(["first", "second"], from: scratch.file("nowhere"))
        #expect(run.completed == ["first", "second", "third"])
    }

    @Test("what the other run has not completed, or has lost since, is refused by the stage's name")
    func incomplete() throws {
        let scratch = try ScratchFolder()
        try base(scratch)
        let run = try folder(scratch, "own")
        let error = try requireDataError { try run.adopt(["first", "third"], from: scratch.file("base")) }
        #expect(error.kind == .missing && error.found.contains("`third`"), "\(error)")
        try FileManager.default.removeItem(at: scratch.file("base/a.txt"))
        let other = try folder(scratch, "other")
        let lost = try requireDataError { try other.adopt(["first"], from: scratch.file("base")) }
        #expect(lost.found.contains("`first`"), "\(lost)")
    }

    @Test("a run that did no more is removed, and one that did stays")
    func discarded() throws {
        let scratch = try ScratchFolder()
        try base(scratch)
        let names = ["first", "second"]
        do {
            let run = try folder(scratch, "none")
            try run.adopt(names, from: scratch.file("base"))
            run.discardIfOnlyAdopted(names)
            run.discardIfNothingDone()
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.file("none").path))
        let run = try folder(scratch, "some")
        try run.adopt(names, from: scratch.file("base"))
        try run.stage("third") { try $0.write("c.txt", "three") }
        run.discardIfOnlyAdopted(names)
        run.discardIfNothingDone()
        #expect(run.completed == ["first", "second", "third"])
        #expect(try scratch.text("some/a.txt") == "one")
        #expect(try scratch.text("base/a.txt") == "one")
    }
}
