import Foundation
import Generation
import ModelZoo
import Networks
import Testing
import TestSupport

@testable import Laboratory

/// Runs that ended early, wherever that was, and what became of their files meanwhile.
@Suite("Runs that go on")
struct RunResumeTests {
    @Test("a run that ended behind any stage goes on to the bytes of one that was let alone")
    func anywhere() throws {
        let small = try SmallExperiment()
        let whole = try small.run(out: "whole")
        for stages in 0..<6 {
            let cut = "cut-\(stages)"
            try small.cut("whole", as: cut, after: stages)
            let resumed = try small.run(out: cut, resume: true)
            for name in [
                "zoo.h5", "aligned.h5", "coordinates/tensors.h5", "generator/net.h5", "ensemble.h5",
                "ensemble-codes.h5",
                "evaluation.json", "metrics.jsonl",
            ] {
                #expect(try small.bytes("\(cut)/\(name)") == small.bytes("whole/\(name)"), "\(cut): \(name)")
            }
            #expect(resumed.status == whole.status && RunFolder.state(at: small.scratch.file(cut)) == .finished)
            #expect(Set(resumed.summary.timing.keys) == Set(whole.summary.timing.keys), "the clock remembers \(cut)")
        }
    }

    @Test("a run does not go on with another zoo in the place of its own, finished or not")
    func replaced() throws {
        let small = try SmallExperiment()
        try small.run(out: "whole")
        try small.cut("whole", as: "cut", after: 3)
        let zoo = try small.bytes("zoo.h5")
        try ZooWriter.write(Small.zoo(9, split: [0, 0, 0, 0, 0, 0, 2, 2, 2]), to: small.scratch.file("other.h5").path)
        try small.bytes("other.h5").write(to: small.scratch.file("zoo.h5"))
        for folder in ["cut", "whole"] {
            let error = try requireDataError { _ = try small.run(out: folder, resume: true) }
            #expect(error.kind == .configuration && error.path.hasSuffix("zoo.h5"), "\(error)")
            #expect(error.description.contains("begun with"))
        }
        try FileManager.default.removeItem(at: small.scratch.file("zoo.h5"))
        #expect(try small.run(out: "whole", resume: true).wasFinished, "what is gone says nothing")
        try zoo.write(to: small.scratch.file("zoo.h5"))
        try small.run(out: "cut", resume: true)
    }

    /// A number of the file's first row is changed; the size stays what the stage recorded.
    @Test("bytes that changed since a stage wrote them are bad data, named, and never used")
    func flipped() throws {
        let small = try SmallExperiment()
        try small.run(out: "whole")
        for (name, stages) in [
            ("zoo.h5", 1), ("aligned.h5", 2), ("coordinates/tensors.h5", 3), ("generator/net.h5", 4),
            ("ensemble.h5", 5),
            ("ensemble-codes.h5", 5),
        ] {
            let cut = "cut-\(name.replacing("/", with: "-"))"
            try small.cut("whole", as: cut, after: stages)
            let file = small.scratch.file("\(cut)/\(name)")
            let row = try ZooReader(path: file.path).readAll().row(0).withUnsafeBytes { Data($0) }
            var bytes = try Data(contentsOf: file)
            let place = try #require(bytes.range(of: row))
            bytes[place.lowerBound + 6] ^= 0x08
            try bytes.write(to: file)
            let error = try requireDataError { _ = try small.run(out: cut, resume: true) }
            #expect(error.kind == .malformed && error.path.contains("\(cut)/\(name)"), "\(error)")
        }
    }

    @Test("records that were damaged are bad data, named, with what to do")
    func damaged() throws {
        let small = try SmallExperiment()
        try small.run(out: "whole")
        for (name, stages, old, new) in [
            ("alignment.json", 2, "\"reference\"", "\"referenca\""),
            ("alignment.json", 5, "\"reference\": 0", "\"reference\": 9"),
            ("coordinates/coordinates.json", 3, "\"codeStd\"", "\"codestd\""),
            ("generator/generator.json", 4, "\"training\"", "\"trainung\""),
            ("sampling.json", 5, "\"not_finite\": 0", "\"not_finite\": 5"),
        ] {
            let cut = "cut-\(stages)-\(new.count)"
            try small.cut("whole", as: cut, after: stages)
            try small.edit("\(cut)/\(name)", old, new)
            let error = try requireDataError { _ = try small.run(out: cut, resume: true) }
            #expect(error.kind == .malformed && error.path.hasSuffix(name) && !error.found.isEmpty, "\(error)")
        }
    }

    @Test("a configuration that was damaged is bad data, not wrong usage")
    func configuration() throws {
        let small = try SmallExperiment()
        try small.run(out: "whole")
        try small.cut("whole", as: "cut", after: 3)
        try small.scratch.put("cut/config.resolved.yaml", "seed: [0")
        let error = try requireDataError { _ = try small.run(out: "cut", resume: true) }
        #expect(error.kind == .malformed && error.path.contains("cut/config.resolved.yaml"), "\(error)")
    }

    @Test("the seconds of a training count from its first session on")
    func seconds() throws {
        let small = try SmallExperiment()
        try small.run(out: "whole")
        try small.cut("whole", as: "cut", after: 3)
        let experiment = try small.experiment(out: "cut", resume: true)
        let config = try #require(experiment.plan.runs.first).config
        let net = try config.net.member.net(dimension: 3, layout: Small.network.layout)
        let state = TrainingState(parameters: net.initialParameters(seed: 0), config: config.training)
        let checkpoint = TrainingCheckpoint(url: small.scratch.file("cut/checkpoint.record"), layout: net.layout)
        try checkpoint.write(state, seconds: 1000)
        #expect(TrainingCheckpoint.seconds(at: checkpoint.url) == 1000)
        let timing = try experiment.run().summary.timing
        #expect((1000..<1100).contains(try #require(timing["generator_seconds"])), "\(timing)")
        #expect(try #require(timing["alignment_seconds"]) < 100)
        #expect(TrainingCheckpoint.seconds(at: checkpoint.url) == 0, "no checkpoint is left")
    }

    @Test(
        "a record of stages of another version or format is nobody's: the stages are done again",
        arguments: [
            ("\"version\": 1", "\"version\": 2"), ("weightspace-stages", "something-else"),
        ])
    func otherStages(_ old: String, _ new: String) throws {
        let scratch = try ScratchFolder()
        func open() throws -> RunFolder {
            try RunFolder(
                at: scratch.file("run"), config: .map(["seed": .integer(1)]),
                environment: RunEnvironment(version: "0", kernelSet: "baseline", threads: 1), resume: true)
        }
        do {
            let folder = try open()
            try folder.stage("zoo") { try $0.write("zoo.txt", "networks") }
            try folder.finish()
        }
        let record = try scratch.text("run/stages.json")
        #expect(record.contains(old) && RunFolder.state(at: scratch.file("run")) == .finished)
        try scratch.put("run/stages.json", record.replacing(old, with: new))
        #expect(RunFolder.state(at: scratch.file("run")) == .unfinished)
        let again = try open().stage("zoo") { try $0.write("zoo.txt", "networks") }
        #expect(again)
    }

    @Test("a zoo that is linked from the experiment's is linked again, and nothing else is left")
    func linked() throws {
        let data = "dataset: {name: digits, scale: 0.0625, validation: 0.1, test: 0.4}"
        let recipe =
            "widths: [64, 4, 10], training: {epochs: 1, batch: 100}, networks: {train: 4, validation: 0, test: 2}"
        let small = try SmallExperiment(zoo: "{kind: train, \(data), \(recipe)}")
        try small.run(out: "run")
        try FileManager.default.removeItem(at: small.scratch.file("run/stages.json"))
        try small.run(out: "run", resume: true)
        let names = try FileManager.default.contentsOfDirectory(atPath: small.scratch.file("run").path)
        #expect(names.contains("zoo.h5") && !names.contains { $0.hasSuffix(".partial") }, "\(names)")
    }
}
