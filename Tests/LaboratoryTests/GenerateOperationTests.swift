import Foundation
import ModelZoo
import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

/// Drawing from a run folder that may be unfinished, changed, or somebody else's.
@Suite("Generating from a run")
struct GenerateOperationTests {
    private func generate(
        _ small: SmallExperiment, _ run: String = "run", count: Int = 3, finish: String? = nil, to out: String
    ) throws -> Zoo {
        let out = small.scratch.file(out)
        var operation = try GenerateOperation(
            run: small.scratch.file(run), count: count, seed: 0, out: out, catalog: Small.catalog)
        operation.finish = finish
        let outcome = try operation.execute(SilentProgress())
        #expect(outcome.notFinite == 0 && (outcome.finish == nil) == (finish == nil || finish == "none"))
        return try ZooReader(path: out.path).readAll()
    }

    @Test("numbers of networks that cannot be", arguments: [0, -1, 10_000_001, Int.max, Int.min])
    func counts(_ count: Int) throws {
        let error = try requireDataError {
            let nowhere = URL(fileURLWithPath: "/nowhere")
            _ = try GenerateOperation(run: nowhere, count: count, seed: 0, out: nowhere, catalog: Small.catalog)
        }
        #expect(error.kind == .configuration && error.path == "--count" && error.found == "\(count)")
    }

    @Test("a run that has come past training is enough; before it there is nothing to draw from")
    func unfinished() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        try small.cut("run", as: "trained", after: 4)
        try small.cut("run", as: "early", after: 3)
        #expect(try generate(small, "trained", to: "a.h5").weights == generate(small, to: "b.h5").weights)
        let error = try requireDataError { _ = try generate(small, "early", to: "c.h5") }
        #expect(error.description.contains("did not come to its end") && !small.exists("c.h5"), "\(error)")
    }

    @Test("an ensemble keeps the zoo's account of architecture and data, and says which sample each network is")
    func account() throws {
        let small = try SmallExperiment()
        try small.run(out: "run", settings: ["seed=5"])
        let zoo = try generate(small, count: 30, to: "new.h5")
        let aligned = try ZooReader(path: small.scratch.file("run/aligned.h5").path).header
        #expect(zoo.header.architecture == aligned.architecture && zoo.header.dataset == aligned.dataset)
        #expect(zoo.columns["sample"] == .integer((0..<30).map { Int64($0) }) && zoo.columns["split"] == nil)
        #expect(zoo.columns["seed"] == .unsigned(Array(repeating: 0, count: 30)), "the command's seed, not the run's")
    }

    @Test("finished networks: the same draws with other last layers, said in the file; a run's own settings are taken")
    func finished() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        let (plain, same) = (try generate(small, to: "a.h5"), try generate(small, finish: "none", to: "b.h5"))
        #expect(same.weights == plain.weights && same.header == plain.header)
        for (kind, words) in [
            ("statistics", "statistics: on 2 training rows"),
            ("logits", "logits: 60 steps of Adam, on 2 training rows"),
            ("last-layer", "30 steps"), ("train", "100 steps"),
        ] {
            let made = try generate(small, finish: kind, to: "\(kind).h5")
            #expect(made.header.createdWith.contains(words), "\(made.header.createdWith)")
            let last = try #require(plain.layout.slots.last { $0.role == .weight }).offset
            let isEqual = zip(made.row(1).prefix(last), plain.row(1).prefix(last)).allSatisfy { $0 == $1 }
            #expect(isEqual == (kind != "train") && made.weights != plain.weights, "\(kind)")
            #expect(made.columns == plain.columns)
        }
        try small.run(out: "own", settings: ["finish={kind: logits, steps: 7}"])
        #expect(try generate(small, "own", finish: "logits", to: "own.h5").header.createdWith.contains("7 steps"))
        let error = try requireDataError { _ = try generate(small, finish: "logit", to: "c.h5") }
        #expect(error.path == "--finish" && error.hint.contains("did you mean logits?"), "\(error)")
    }

    @Test("settings that were changed are bad data: they are checked as if given anew")
    func settings() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        let settings = try small.scratch.text("run/config.resolved.yaml")
        for (old, new) in [
            ("count: 4", "count: -4"), ("hidden: 8", "hiden: 8"), ("kind: pca", "kind: cpa"),
            ("dropout: 0.1", "dropout: 1.5"), ("seed: 0", "seed: 0\ngrid: {seed: [0, 1]}"),
            ("seed: 0", "seed: 0\narms: {a: {}}"), ("seed: 0", "seed: [0"), ("hidden: 8", "hidden: 9"),
        ] {
            try small.edit("run/config.resolved.yaml", old, new)
            let error = try requireDataError { _ = try generate(small, to: "new.h5") }
            #expect(
                error.kind == .malformed && error.path.contains("/run/") && !small.exists("new.h5"), "\(new): \(error)")
            try small.scratch.put("run/config.resolved.yaml", settings)
        }
    }

    @Test("no file of the run is replaced, whichever; a new one may stand in its folder")
    func ownFiles() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        for name in ["ensemble.h5", "zoo.h5", "summary.json", "generator/net.h5", "config.resolved.yaml"] {
            let before = try small.bytes("run/\(name)")
            let error = try requireDataError { _ = try generate(small, to: "run/\(name)") }
            #expect(error.kind == .configuration && error.path == "--out", "\(error)")
            #expect(try small.bytes("run/\(name)") == before)
        }
        #expect(try generate(small, to: "run/more.h5").count == 3)
    }
}
