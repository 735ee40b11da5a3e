import Foundation
import ModelZoo
import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory
@testable import Reports

@Suite("What experiments leave in folders")
struct ExperimentFolderTests {
    private let environment = RunEnvironment(version: "0", kernelSet: "baseline", threads: 1)
    private let tree: Tree = .map(["seed": .integer(1)])

    private func open(_ url: URL, resume: Bool = false) throws -> RunFolder {
        try RunFolder(at: url, config: tree, environment: environment, resume: resume)
    }

    @Test("A run that did nothing is removed, with the folders that were made for it, and no others")
    func discard() throws {
        let scratch = try ScratchFolder()
        try scratch.put("mine/notes.txt", "x")
        try open(scratch.file("mine/a/b/c")).discardIfNothingDone()
        #expect(scratch.names == ["mine"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("mine").path) == ["notes.txt"])
        try FileManager.default.createDirectory(at: scratch.file("empty"), withIntermediateDirectories: true)
        try open(scratch.file("empty")).discardIfNothingDone()
        #expect(scratch.names == ["empty", "mine"] && RunFolder.state(at: scratch.file("empty")) == .absent)
    }

    @Test("A run is kept where a stage was done, where it was there before, and where something else lies in it")
    func kept() throws {
        let scratch = try ScratchFolder()
        let done = try open(scratch.file("done"))
        try done.stage("one") { try $0.write("one.txt", "1") }
        done.discardIfNothingDone()
        #expect(RunFolder.state(at: scratch.file("done")) == .unfinished)
        do { _ = try open(scratch.file("before")) }
        try open(scratch.file("before"), resume: true).discardIfNothingDone()
        #expect(RunFolder.state(at: scratch.file("before")) == .unfinished)
        let other = try open(scratch.file("other"))
        try scratch.put("other/zoos/zoo.h5", "x")
        other.discardIfNothingDone()
        #expect(try scratch.text("other/zoos/zoo.h5") == "x")
    }

    @Test("Where a file cannot be written is known before")
    func output() throws {
        let scratch = try ScratchFolder()
        try scratch.put("file", "x")
        #expect(throws: Never.self) { try OutputFile.check(scratch.file("new.h5")) }
        #expect(throws: Never.self) { try OutputFile.check(scratch.file("file"), replacing: true) }
        #expect(try requireDataError { try OutputFile.check(scratch.file("file")) }.kind == .configuration)
        for place in [scratch.file("no/new.h5"), scratch.file("file/new.h5"), scratch.url] {
            #expect(try requireDataError { try OutputFile.check(place) }.kind == .inputOutput)
        }
        #expect(scratch.names == ["file"])
    }

    @Test("Damaged records of a run are bad data, missing ones missing")
    func stored() throws {
        let scratch = try ScratchFolder()
        try scratch.put("good.json", "[1, 2]")
        try scratch.put("bad.json", "[1, ")
        try scratch.put("other.json", "{}")
        #expect(try StoredJSON.read([Int].self, scratch.file("good.json"), expected: "numbers") == [1, 2])
        for name in ["bad.json", "other.json"] {
            let error = try requireDataError {
                _ = try StoredJSON.read([Int].self, scratch.file(name), expected: "numbers")
            }
            #expect(error.kind == .malformed && error.path.hasSuffix(name) && error.found == "does not hold numbers")
        }
        let none = scratch.file("none.json")
        #expect(try requireDataError { _ = try StoredJSON.read([Int].self, none, expected: "") }.kind == .missing)
    }

    @Test("A recipe has one place among the shared zoos, and its training is remembered")
    func sharedZoos() throws {
        let scratch = try ScratchFolder()
        let zoos = SharedZoos(folder: scratch.url)
        var recipe = ZooRecipe()
        let file = zoos.file(try Tree(encoding: recipe).yaml)
        #expect(zoos.training(.train(recipe)) == nil && zoos.training(.file(.init())) == nil)
        try zoos.record(seconds: 7.5, networks: recipe.count, of: file)
        let training = try #require(zoos.training(.train(recipe)))
        #expect(training.seconds == 7.5 && training.networks == 140)
        recipe.networks.firstSeed = 1
        #expect(zoos.training(.train(recipe)) == nil)
        #expect(file != zoos.file(try Tree(encoding: recipe).yaml))
    }

    @Test("Costs come from the clock's record: what a network costs drawn and trained")
    func costs() throws {
        let scratch = try ScratchFolder()
        let result = RunResult(
            report: ReportInput.Run(seed: 0), chance: 0.1, isDiverged: true, notes: ["a note"])
        try scratch.put("evaluation.json", String(decoding: result.json(), as: UTF8.self))
        try scratch.put("timing.json", "{\"alignment\": 1, \"generator\": 20, \"judging\": 3, \"sampling\": 5}")
        var config = ExperimentConfig()
        config.sampling.count = 10
        let zoos = SharedZoos(folder: scratch.file("zoos"))
        let unknown = try FinishedRun(url: scratch.url, config: config, zoos: zoos).result()
        #expect(
            unknown.timing == [
                "alignment_seconds": 1, "generator_seconds": 20, "judging_seconds": 3, "sampling_seconds": 5,
            ])
        let recipe = ZooRecipe()
        config.zoo = .train(recipe)
        try FileManager.default.createDirectory(at: zoos.folder, withIntermediateDirectories: true)
        try zoos.record(seconds: 280, networks: 140, of: zoos.file(Tree(encoding: recipe).yaml))
        let known = try FinishedRun(url: scratch.url, config: config, zoos: zoos).result()
        #expect(known.timing["fresh_network_seconds"] == 2 && known.timing["zoo_training_seconds"] == 280)
        #expect(known.report.budget?.oneSample == 0.5)
        // 280 + 1 + 20 seconds are paid back at 2 - 0.5 a network.
        #expect(try abs(#require(known.timing["break_even_networks"]) - 301 / 1.5) < 1)
        #expect(known.verdict.diverged && known.verdict.text.contains("training.rate"))
        #expect(known.verdict.reasons.last == "a note")
    }
}
