import Foundation
import ModelZoo
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Where a run's files come from")
struct RunProvenanceTests {
    private func steps(_ small: SmallExperiment, _ file: String) throws -> [Provenance.Step] {
        try ZooReader(path: small.scratch.file(file).path).header.provenance?.steps ?? []
    }

    private func config(_ settings: String...) throws -> ExperimentConfig {
        try #require(try SmallExperiment().experiment(out: "x", settings: settings).plan.runs.first).config
    }

    @Test("Generated networks tell the story back to the zoo, each step with the checksum of what it was made from")
    func story() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        let story = try steps(small, "run/ensemble.h5")
        #expect(story.map(\.made) == ["align", "coordinates", "generator", "generate"])
        let zoo = try ZooReader(path: small.scratch.file("zoo.h5").path).inspect().contentDigest
        #expect(story[0].parents == [.init("zoo", sha256: zoo)])
        let aligned = try ZooReader(path: small.scratch.file("run/aligned.h5").path).inspect().contentDigest
        #expect(story[1].parents.first == .init("aligned zoo", sha256: aligned))
        #expect(story[2].parents.map(\.what) == ["aligned zoo", "coordinates"])
        let net = try ZooReader(path: small.scratch.file("run/generator/net.h5").path).inspect().contentDigest
        #expect(story[3].parents == [.init("generator", sha256: net)])
        #expect(story[1].seed == 0 && story[3].settings == story[1].settings && story[3].settings?.count == 64)
        for file in ["generator/net.h5", "coordinates/tensors.h5", "coordinates/codes.h5", "ensemble-codes.h5"] {
            #expect(try !steps(small, "run/\(file)").isEmpty, "\(file)")
        }
        let description = try Tree(parsing: small.bytes("run/generator/generator.json"), path: "generator.json")
        #expect(description["provenance.steps"]?.list?.count == 3)
        let summary = try Tree(parsing: small.bytes("run/summary.json"), path: "summary.json")
        #expect(summary["settings"]?.map?["main/seed-0"]?.string == story[3].settings)
    }

    @Test("Drawing later adds what was asked for; a trained zoo's story begins with its training and its data")
    func later() throws {
        let small = try SmallExperiment(
            zoo: "{kind: train, dataset: {name: digits, scale: 0.0625}, widths: [64, 4, 10], "
                + "networks: {train: 4, validation: 1, test: 2}, training: {epochs: 1}}")
        try small.run(out: "run")
        let out = small.scratch.file("drawn.h5")
        let operation = try GenerateOperation(
            run: small.scratch.file("run"), count: 2, seed: 9, out: out, catalog: Small.catalog)
        _ = try operation.execute(SilentProgress())
        let story = try steps(small, "drawn.h5")
        #expect(story.map(\.made) == ["zoo train", "align", "coordinates", "generator", "generate"])
        #expect(story[0].parents.first?.what == "data set digits" && story.last?.seed == 9)
    }

    @Test("The settings' checksum has the verdict's limits and every number in it, and no path or question")
    func settings() throws {
        let plain = try config().digest()
        #expect(try config().digest() == plain, "the zoo lies in another folder each time")
        #expect(try config("question=Why?").digest() == plain)
        #expect(try config("judging.kind=ensemble").digest() == plain, "what is the default makes no difference")
        #expect(try config("training.rate=0.5").digest() != plain)
        #expect(try config("evaluation.selections=[2]").digest() != plain)
    }

    @Test("Aligning says its settings")
    func align() throws {
        let small = try SmallExperiment()
        for (name, sweeps) in [("a", 100), ("b", 100), ("c", 50)] {
            _ = try AlignOperation(
                path: small.scratch.file("zoo.h5").path, reference: 0, sweeps: sweeps,
                out: small.scratch.file("\(name).h5")
            ).execute(SilentProgress())
        }
        #expect(try small.bytes("a.h5") == small.bytes("b.h5"))
        let settings = try ["a", "c"].map { try steps(small, "\($0).h5").last?.settings }
        #expect(settings[0] != settings[1] && settings[0]?.count == 64)
    }
}
