import Evaluation
import Foundation
import ModelZoo
import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

/// Tuning a run's generator to a reward, in a folder of its own.
@Suite("Tuning a run")
struct TuneOperationTests {
    private static let quick = [
        "tuning.count=3", "tuning.matching={steps: 2, batch: 2, path: 4}", "tuning.reward.rows=2",
    ]

    @discardableResult
    private func tune(
        _ small: SmallExperiment, _ run: String = "run", to out: String, reward: String? = nil,
        dataset: String? = nil, strengths: [Double] = [1, 20], settings: [String] = quick, resume: Bool = false
    ) throws -> TuneOperation.Outcome {
        var operation = TuneOperation(run: small.scratch.file(run), out: small.scratch.file(out))
        (operation.reward, operation.dataset) = (reward, dataset)
        (operation.strengths, operation.settings) = (strengths, settings)
        (operation.resume, operation.data) = (resume, Small.catalog.folders.first)
        return try operation.execute(SilentProgress())
    }

    private func generate(_ small: SmallExperiment, _ run: String, to out: String) throws -> [Float] {
        let url = small.scratch.file(out)
        let operation = try GenerateOperation(
            run: small.scratch.file(run), count: 3, seed: 0, out: url, catalog: Small.catalog)
        _ = try operation.execute(SilentProgress())
        return try ZooReader(path: url.path).readAll().weights
    }

    @Test("the tuned folder is a run's, with every strength beside its rivals; the base's stays as it was")
    func tunes() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        let before = try small.bytes("run/generator/net.h5")
        let outcome = try tune(small, to: "tuned")
        #expect(
            outcome.table.rows.map(\.method) == [.base, .tuned, .guidance, .tuned, .guidance, .bestOf, .ascent])
        #expect(outcome.table.rows.map(\.strength) == [nil, 1, 1, 20, 20, nil, nil])
        #expect(outcome.table.rows.allSatisfy { $0.testAccuracy.count == 3 && $0.validationAccuracy != nil })
        #expect(outcome.table.reward.contains("negative-loss on 2 training rows"))
        let best = try #require(outcome.table.rows.first { $0.method == .bestOf })
        let tuned = try #require(outcome.table.chosenRow)
        #expect(best.evaluations <= tuned.evaluations && best.number ?? 0 >= 2)
        #expect(try small.bytes("run/generator/net.h5") == before)
        #expect(RunFolder.state(at: small.scratch.file("tuned")) == .finished)
        let report = try small.scratch.text("tuned/report.html")
        #expect(report.contains("Tuned to a reward") && report.contains("run, tuned"))
        #expect(try generate(small, "tuned", to: "a.h5") != generate(small, "run", to: "b.h5"))
        #expect(outcome.experiment.summary.rows.contains { $0.population == .generated })
        // A tuned run can be tuned to something else: from its untuned generator.
        let other = try tune(small, "tuned", to: "other", reward: "accuracy", strengths: [3])
        #expect(other.table.rows.map(\.strength) == [nil, 3, 3, nil, nil])
    }

    @Test("a reward looks at other data where some is named, and never at the rows that judge")
    func dataset() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        let columns = (0..<64).map { "p\($0)" }
        let rows = (0..<20).map { row in
            ((0..<64).map { "\((row * 7 + $0 * 3) % 17)" } + ["\(row % 10)"]).joined(separator: ",")
        }
        let name = "it's mine.csv"
        try small.scratch.put(
            name, ([(columns + ["label"]).joined(separator: ",")] + rows).joined(separator: "\n") + "\n")
        let file = small.scratch.file(name).path
        let outcome = try tune(small, to: "mine", dataset: file, settings: Self.quick + ["tuning.reward.rows=12"])
        #expect(outcome.table.reward == "negative-loss on 12 rows of \(file)")
        let usual = try tune(small, to: "usual", settings: Self.quick + ["tuning.reward.rows=12"])
        #expect(usual.table.reward == "negative-loss on 2 training rows", "there are two")
        #expect(outcome.table.base?.reward != usual.table.base?.reward)
        #expect(outcome.table.base?.testAccuracy == usual.table.base?.testAccuracy)
        for (data, path) in [("digits", "tuning.reward.dataset"), ("nowhere.csv", "nowhere.csv")] {
            let error = try requireDataError { try tune(small, to: "none", dataset: data) }
            #expect(error.path == path, "\(error)")
            #expect(!small.exists("none"))
        }
    }

    @Test("strength 0 gives the base's own networks, bit for bit")
    func nothing() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        try tune(small, to: "tuned", strengths: [0])
        #expect(try generate(small, "tuned", to: "a.h5") == generate(small, "run", to: "b.h5"))
    }

    @Test("a tuning that was stopped behind any stage ends in the same bytes")
    func resumes() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        try tune(small, to: "whole")
        for stages in 4...8 {
            try small.cut("whole", as: "cut-\(stages)", after: stages)
            #expect(throws: DataError.self) { try tune(small, to: "cut-\(stages)") }
            try tune(small, to: "cut-\(stages)", resume: true)
            for name in ["tuning.json", "tuned.h5", "ensemble.h5"] {
                #expect(try small.bytes("cut-\(stages)/\(name)") == small.bytes("whole/\(name)"), "\(stages), \(name)")
            }
        }
        let finished = try tune(small, to: "whole", resume: true)
        #expect(finished.experiment.wasFinished && finished.table.rows.count == 7)
    }

    @Test("`run` tunes as well, where the experiment says so; agreement with a model in a file, or with the vote")
    func section() throws {
        let small = try SmallExperiment(
            """
            tuning:
              kind: adjoint-matching
              reward: {kind: agreement}
              strengths: [2]
              count: 3
              matching: {steps: 2, batch: 2, path: 4}

            """)
        try small.run(out: "run")
        #expect(try ExperimentRun.tuningTable(small.scratch.file("run")).reward.contains("the training networks' vote"))
        let reference = small.scratch.file("zoo.h5").path
        try small.run(
            out: "file", settings: ["tuning.reward={kind: disagreement, reference: \(reference)}"])
        #expect(try ExperimentRun.tuningTable(small.scratch.file("file")).reward.contains("zoo.h5"))
        let error = try requireDataError {
            try small.run(out: "none", settings: ["tuning.reward={kind: agreement, reference: nowhere.h5}"])
        }
        #expect(error.kind == .missing && error.path == "nowhere.h5")
    }

    @Test("what cannot be tuned is refused by the key, before any work")
    func refusals() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        for (setting, path) in [
            ("tuning.strengths=[-1]", "tuning.strengths[0]"), ("tuning.strengths=[1, 1]", "tuning.strengths"),
            ("tuning.reward.kind=loss", "tuning.reward.kind"),
            ("process.coupling.kind=optimal-transport", "process.coupling.kind"),
            ("source.kind=initialization", "source.kind"), ("tuning.matching.steps=0", "tuning.matching.steps"),
        ] {
            let error = try #require(throws: ConfigError.self, "\(setting)") {
                try tune(small, to: "tuned", strengths: [], settings: Self.quick + [setting])
            }
            #expect(error.problems.contains { $0.path == path }, "\(setting): \(error)")
            #expect(!small.exists("tuned"))
        }
        for (run, out) in [("nowhere", "tuned"), ("run", "run")] {
            #expect(throws: DataError.self) { try tune(small, run, to: out) }
        }
        let missing = try requireDataError {
            try tune(
                small, to: "tuned", reward: "agreement", settings: Self.quick + ["tuning.reward.reference=nowhere.h5"])
        }
        #expect(missing.kind == .missing && missing.path == "nowhere.h5")
        #expect(!small.exists("tuned"), "a failure in the first own stage leaves nothing")
        try small.cut("run", as: "early", after: 3)
        let error = try requireDataError { try tune(small, "early", to: "tuned") }
        #expect(error.description.contains("did not come to its end"), "\(error)")
    }
}
