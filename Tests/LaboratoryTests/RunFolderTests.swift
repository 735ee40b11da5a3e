import Foundation
import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Run folders")
struct RunFolderTests {
    private let environment = RunEnvironment(version: "0.1.0", kernelSet: "baseline", threads: 2)
    private let tree: Tree = .map(["seed": .integer(1), "generator": .map(["hidden": .integer(64), "source": .null])])

    private func open(_ scratch: ScratchFolder, resume: Bool = false, _ tree: Tree? = nil) throws -> RunFolder {
        try RunFolder(at: scratch.file("run"), config: tree ?? self.tree, environment: environment, resume: resume)
    }

    @Test("A new folder holds the configuration and the environment, and nothing of the process's variables")
    func fresh() throws {
        let scratch = try ScratchFolder()
        #expect(RunFolder.state(at: scratch.file("run")) == .absent)
        let run = try open(scratch)
        try run.write("summary.json", "{}\n")
        #expect(try scratch.text("run/config.resolved.yaml") == tree.yaml)
        let recorded = try Tree(parsing: scratch.text("run/environment.json"))
        #expect(recorded["version"]?.string == "0.1.0" && recorded["threads"]?.number == 2)
        #expect(recorded["kernel_set"]?.string == "baseline" && recorded["processor"]?.string?.isEmpty == false)
        let home = try #require(ProcessInfo.processInfo.environment["PATH"])
        #expect(try !scratch.text("run/environment.json").contains(home))
        #expect(RunFolder.state(at: run.url) == .unfinished)
    }

    @Test("A finished run is refused, with or without resuming")
    func finished() throws {
        let scratch = try ScratchFolder()
        try open(scratch).finish()
        #expect(RunFolder.state(at: scratch.file("run")) == .finished)
        for resume in [false, true] {
            let error = try requireDataError { _ = try open(scratch, resume: resume) }
            #expect(error.found.hasPrefix("this run is finished") && error.hint.contains("--out"))
            #expect(ExitStatus(error) == .usage)
        }
    }

    @Test("An unfinished run needs to be asked for")
    func unfinished() throws {
        let scratch = try ScratchFolder()
        do { _ = try open(scratch) }
        let error = try requireDataError { _ = try open(scratch) }
        #expect(error.kind == .configuration && error.hint.contains("--resume"))
        #expect(throws: Never.self) { _ = try open(scratch, resume: true) }
    }

    @Test("A folder of something else is refused and left alone; resuming nothing starts")
    func foreign() throws {
        let scratch = try ScratchFolder()
        try scratch.put("run/thesis.tex", "x")
        #expect(
            try requireDataError { _ = try open(scratch, resume: true) }.found.hasPrefix("is a folder of other things"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("run").path) == ["thesis.tex"])
        try FileManager.default.removeItem(at: scratch.file("run"))
        try FileManager.default.createDirectory(at: scratch.file("run"), withIntermediateDirectories: true)
        #expect(throws: Never.self) { _ = try open(scratch, resume: true) }
    }

    @Test("A file in the place of the folder is an I/O failure or refused")
    func fileInPlace() throws {
        let scratch = try ScratchFolder()
        try scratch.put("run", "a file")
        #expect(throws: DataError.self) { _ = try open(scratch) }
        #expect(try scratch.text("run") == "a file")
    }

    @Test("Another configuration is refused with the keys that differ")
    func otherConfig() throws {
        let scratch = try ScratchFolder()
        do { _ = try open(scratch) }
        var changed = tree
        changed["generator.hidden"] = .integer(512)
        changed["extra"] = .string("new")
        let error = try requireDataError { _ = try open(scratch, resume: true, changed) }
        #expect(error.kind == .configuration)
        #expect(
            error.found
                == "the run was begun with other settings: extra = absent, not \"new\"; generator.hidden = 64, not 512")
        #expect(try RunFolder.differences(at: scratch.file("run"), from: tree).isEmpty)
        #expect(try scratch.text("run/config.resolved.yaml") == tree.yaml)
    }

    @Test("Two at once: the second is told that the folder is in use, and by whom")
    func lock() throws {
        let scratch = try ScratchFolder()
        let first = try open(scratch)
        for resume in [false, true] {
            let error = try requireDataError { _ = try open(scratch, resume: resume) }
            #expect(error.kind == .busy && ExitStatus(error) == .tryAgain)
            #expect(error.found == "process \(ProcessInfo.processInfo.processIdentifier) is at work in it")
        }
        try first.write("still.txt", "mine")
    }

    @Test("Of many that open a folder at once, one gets it")
    func race() async throws {
        let scratch = try ScratchFolder()
        let url = scratch.file("run")
        let (tree, environment) = (tree, environment)
        let results = await withTaskGroup(of: Result<RunFolder, any Error>.self) { group in
            for _ in 0..<8 {
                group.addTask { Result { try RunFolder(at: url, config: tree, environment: environment) } }
            }
            var results: [Result<RunFolder, any Error>] = []
            for await result in group { results.append(result) }
            return results
        }
        #expect(results.count { (try? $0.get()) != nil } == 1)
        for case .failure(let error) in results { #expect(ExitStatus(error) == .tryAgain, "\(error)") }
    }

    @Test("The lock goes with its holder")
    func unlock() throws {
        let scratch = try ScratchFolder()
        do {
            let lock = try FolderLock(scratch.url)
            #expect(throws: DataError.self) { try FolderLock(scratch.url) }
            withExtendedLifetime(lock) {}
        }
        #expect(throws: Never.self) { try FolderLock(scratch.url) }
    }

    @Test("Stages that are complete are not done again; a changed or damaged one is, with all after it")
    func stages() throws {
        let scratch = try ScratchFolder()
        func run(inputs: String = "1") throws -> [String] {
            let folder = try open(scratch, resume: true)
            var ran: [String] = []
            for name in ["zoo", "train", "sample"] {
                let didRun = try folder.stage(name, inputs: name == "train" ? inputs : "") { writer in
                    ran.append(name)
                    try writer.write("\(name).txt", "content of \(name)")
                }
                #expect(didRun == (ran.last == name))
            }
            return ran
        }
        #expect(try run() == ["zoo", "train", "sample"])
        #expect(try run() == [])
        #expect(try run(inputs: "2") == ["train", "sample"])
        try scratch.put("run/zoo.txt", "truncat")
        #expect(try run(inputs: "2") == ["zoo", "train", "sample"])
        try FileManager.default.removeItem(at: scratch.file("run/sample.txt"))
        #expect(try run(inputs: "2") == ["sample"])
        try scratch.put("run/stages.json", "{damaged")
        #expect(try run(inputs: "2") == ["zoo", "train", "sample"])
    }

    @Test("A stage that fails is not recorded, and what was begun is cleaned up on resuming")
    func failedStage() throws {
        struct Failure: Error {}
        let scratch = try ScratchFolder()
        do {
            let folder = try open(scratch)
            #expect(throws: Failure.self) {
                try folder.stage("zoo") { writer in
                    try writer.produce("zoo.h5") { url in
                        try Data("half".utf8).write(to: url)
                        throw Failure()
                    }
                }
            }
            #expect(!FileManager.default.fileExists(atPath: folder.file("zoo.h5").path))
        }
        try scratch.put("run/.zoo.h5.99.partial", "of a killed process")
        let folder = try open(scratch, resume: true)
        #expect(!FileManager.default.fileExists(atPath: folder.file(".zoo.h5.99.partial").path))
        let ran = try folder.stage("zoo") { writer in
            try writer.produce("generator") { url in
                try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
                try Data("w".utf8).write(to: url.appendingPathComponent("weights"))
            }
            try folder.write("own.txt", "x")
            writer.adopt("own.txt")
        }
        #expect(ran)
        #expect(try folder.stage("zoo") { _ in Issue.record("done again") } == false)
        try FileManager.default.removeItem(at: folder.file("generator/weights"))
        #expect(try folder.stage("zoo") { _ in })
    }

    @Test("Runs stand where the design says")
    func layout() {
        let single = RunLayout(experiment: "quick", hasArms: false, seed: 3)
        #expect(single.folder(arm: "default", seed: 3).relativePath.hasSuffix("runs/quick/seed-3"))
        let arms = RunLayout(experiment: "quick", hasArms: true, seed: 0)
        #expect(arms.root.relativePath.hasSuffix("runs/quick"))
        #expect(arms.folder(arm: "hidden-64", seed: 1).path.hasSuffix("runs/quick/arms/hidden-64/seed-1"))
        let out = URL(fileURLWithPath: "/tmp/x")
        #expect(RunLayout(experiment: "q", out: out, hasArms: false, seed: 3).folder(arm: "default", seed: 3) == out)
    }
}
