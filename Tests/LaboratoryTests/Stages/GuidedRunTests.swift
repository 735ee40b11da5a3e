import Foundation
import Generation
import ModelZoo
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Runs whose samples are guided by an earlier step")
struct GuidedRunTests {
    private static let settings = ["training.guideStep=5", "sampling.autoguidance=2"]

    private func ensemble(_ small: SmallExperiment, _ name: String) throws -> [Float] {
        try ZooReader(path: small.scratch.file("\(name)/ensemble.h5").path).readAll().population().floats
    }

    private func net(_ small: SmallExperiment, _ name: String) throws -> [Float] {
        try TensorFile(url: small.scratch.file("\(name)/generator/net.h5")).read().flatMap { $0.value.floats }
    }

    @Test("the net is that of a run without a guide, the samples are others, and the folder says what was done")
    func run() throws {
        let small = try SmallExperiment()
        _ = try small.run(out: "plain")
        _ = try small.run(out: "guided", settings: Self.settings)
        #expect(try net(small, "plain") == net(small, "guided"))
        #expect(small.exists("guided/generator/guide.h5") && !small.exists("plain/generator/guide.h5"))
        #expect(try ensemble(small, "plain") != ensemble(small, "guided"))
        let (plain, guided) = try (
            small.scratch.text("plain/generator/generator.json"),
            small.scratch.text("guided/generator/generator.json")
        )
        #expect(guided.contains("\"guideStep\": 5") && !plain.contains("guideStep"))
        #expect(plain.contains("\"evaluations\": 12") && guided.contains("\"evaluations\": 24"))
        #expect(try small.scratch.text("guided/config.resolved.yaml").contains("autoguidance: 2"))
    }

    @Test("a guide that is put aside and not used changes no sample")
    func unused() throws {
        let small = try SmallExperiment()
        _ = try small.run(out: "plain")
        _ = try small.run(out: "aside", settings: ["training.guideStep=5"])
        #expect(small.exists("aside/generator/guide.h5"))
        #expect(try ensemble(small, "plain") == ensemble(small, "aside"))
    }

    @Test("samples that are drawn again from the folder are the same")
    func again() throws {
        let small = try SmallExperiment()
        _ = try small.run(out: "run", settings: Self.settings)
        try small.cut("run", as: "cut", after: 4)
        _ = try small.run(out: "cut", settings: Self.settings, resume: true)
        #expect(try ensemble(small, "cut") == ensemble(small, "run"))
        #expect(try small.bytes("cut/evaluation.json").count > 0)
    }

    @Test("what does not go together is refused before any work")
    func refused() throws {
        let small = try SmallExperiment()
        for (settings, path) in [
            (["sampling.autoguidance=2"], "sampling.autoguidance"), (["training.guideStep=30"], "training.guideStep"),
        ] {
            #expect {
                _ = try small.experiment(out: "run", settings: settings)
            } throws: { ($0 as? ConfigError)?.problems.contains { $0.path == path } == true }
        }
        #expect(!small.exists("run"))
    }
}
