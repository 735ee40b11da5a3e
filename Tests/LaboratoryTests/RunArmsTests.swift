import Evaluation
import Foundation
import ModelZoo
import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory
@testable import Reports

/// What experiments with arms do about runs that are there, and what they look at before they work.
@Suite("Runs of several arms")
struct RunArmsTests {
    private static let arms = """
        arms:
          a: {training.rate: 1.0e-3}
          b: {training.rate: 2.0e-3}
          c: {default: false, training.rate: 3.0e-3, seeds: [4]}

        """

    private func arms(_ outcome: Experiment.Outcome) -> [String] {
        outcome.summary.rows.map { "\($0.arm)/\($0.seed)" }.uniqued()
    }

    @Test("a run that is there is refused before the runs before it are made", arguments: [false, true])
    func early(_ isFinished: Bool) throws {
        let small = try SmallExperiment(Self.arms)
        try small.run(out: "out", arms: ["b"])
        if !isFinished { try small.edit("out/arms/b/seed-0/stages.json", "\"finished\": true", "\"finished\": false") }
        let error = try requireDataError { _ = try small.run(out: "out") }
        #expect(error.kind == .configuration && error.path.hasSuffix("arms/b/seed-0"), "\(error)")
        #expect(
            error.found.hasPrefix(isFinished ? "this run is finished" : "holds an unfinished run")
                && !small.exists("out/arms/a"))
        let other = try requireDataError { _ = try small.run(out: "out", settings: ["training.batch=3"], resume: true) }
        #expect(other.found.contains("training.batch") && !small.exists("out/arms/a"), "\(other)")
        #expect(arms(try small.run(out: "out", resume: true)) == ["a/0", "b/0"])
    }

    @Test("a folder of something else where a later run is to stand is refused before any work")
    func foreign() throws {
        let small = try SmallExperiment(Self.arms)
        try small.scratch.put("out/arms/b/seed-0/thesis.tex", "x")
        for resume in [false, true] {
            let error = try requireDataError { _ = try small.run(out: "out", resume: resume) }
            #expect(error.found.contains("folder of other things") && !small.exists("out/arms/a"), "\(error)")
        }
    }

    @Test("the summary keeps what was finished earlier, in the order of the arms; the status is this command's")
    func earlier() throws {
        let small = try SmallExperiment(Self.arms)
        try small.run(out: "out", arms: ["c"])
        try small.run(out: "out", arms: ["b"])
        let last = try small.run(out: "out", arms: ["a"])
        #expect(arms(last) == ["a/0", "b/0", "c/4"])
        #expect(last.summary.timing.keys.contains("c/seed-4/generator_seconds"))
        let verdict = last.summary.verdict
        #expect(
            verdict.text.hasPrefix("Of 3 runs, ")
                && verdict.reasons.map { $0.prefix(9) } == [
                    "a, seed 0", "b, seed 0", "c, seed 4",
                ])
        let own = try JSONDecoder().decode(Summary.self, from: small.bytes("out/arms/b/seed-0/summary.json"))
        var above = Summary(rows: last.summary.rows(arm: "b", seed: 0), verdict: own.verdict, timing: own.timing)
        #expect(last.summary.settings["b/seed-0"] == own.settings.values.first && own.settings.count == 1)
        above.settings = own.settings
        #expect(try above.jsonText() == own.jsonText() && own.timing.keys.contains("generator_seconds"))
    }

    @Test("an earlier run that another version made is left out; one that was damaged is refused by name")
    func others() throws {
        let small = try SmallExperiment(Self.arms)
        try small.run(out: "out", arms: ["b"])
        try small.edit("out/arms/b/seed-0/config.resolved.yaml", "checkEvery", "checkedEvery")
        #expect(arms(try small.run(out: "out", arms: ["a"])) == ["a/0"])
        try small.edit("out/arms/b/seed-0/config.resolved.yaml", "checkedEvery", "checkEvery")
        try small.edit("out/arms/b/seed-0/evaluation.json", "\"chance\"", "\"choice\"")
        let error = try requireDataError { _ = try small.run(out: "out", arms: ["c"]) }
        #expect(error.kind == .malformed && error.path.hasSuffix("arms/b/seed-0/evaluation.json"), "\(error)")
    }

    @Test("--seed has the last word over --set seed, and over the seeds of every arm")
    func seeds() throws {
        let small = try SmallExperiment(Self.arms)
        let plan = try small.experiment(out: "out", settings: ["seed=1"], arms: ["a", "c"], seed: 2).plan
        #expect(plan.runs.map { "\($0.arm.name)/\($0.config.seed)" } == ["a/2", "c/2"])
        let error = #expect(throws: ConfigError.self) { _ = try small.experiment(out: "out", seed: -1) }
        #expect(error?.description == "seed (--seed -1): expected \(Seed.expectation), found -1")
    }
}

/// What would only fail after hours is looked at before the first stage.
@Suite("Checks before the work")
struct RunChecksTests {
    private static let recipe = """
        dataset: {name: digits, scale: 0.0625, validation: 0.1, test: 0.4}
        widths: [64, 4, 10]
        training: {epochs: 1, batch: 100}
        """

    @Test(
        "a recipe for timing fresh networks that is not there, not one, or of no data is refused, and nothing is left",
        arguments: [
            (nil, DataError.Kind.missing), ("grid: {training.rate: [0.1, 0.2]}", .configuration),
            ("dataset: {name: nowhere}", .missing), ("widths: [63, 4, 10]\ndataset: {name: digits}", .configuration),
        ] as [(String?, DataError.Kind)])
    func recipe(_ text: String?, _ kind: DataError.Kind) throws {
        let small = try SmallExperiment()
        if let text { try small.scratch.put("recipe.yaml", text) }
        let settings = ["zoo.recipe=\(small.scratch.file("recipe.yaml").path)"]
        let error = try requireDataError { _ = try small.run(out: "run", settings: settings) }
        #expect(error.kind == kind && !small.exists("run"), "\(error)")
    }

    @Test("with a recipe a run knows what a fresh network costs, and from how many on generating pays")
    func timed() throws {
        let small = try SmallExperiment()
        try small.scratch.put("recipe.yaml", Self.recipe)
        let settings = ["zoo.recipe=\(small.scratch.file("recipe.yaml").path)"]
        let timing = try small.run(out: "run", settings: settings).summary.timing
        let fresh = try #require(timing["fresh_network_seconds"])
        let zoo = try #require(timing["zoo_training_seconds"])
        #expect(fresh > 0 && abs(zoo / fresh - 9) < 1e-9, "nine networks")
        #expect(timing.keys.contains("break_even_networks"))
        try small.cut("run", as: "cut", after: 5)
        let without = try small.run(out: "cut", settings: settings, resume: true).summary.timing
        #expect(without.keys.contains("fresh_network_seconds"), "measured anew where it was not kept")
    }

    @Test("a reference beyond the networks that will be trained is wrong before they are")
    func reference() throws {
        let yaml = "zoo: {kind: train}\nalign: {reference: 99}"
        #expect(try Small.settings(yaml).align.reference == 99)
        let error = #expect(throws: ConfigError.self) { try Small.settings(yaml.replacing("99", with: "100")) }
        #expect(
            error?.problems.map(\.description) == [
                "align.reference (small.yaml:2:9): expected below zoo.networks.train, 100, found 100"
            ])
    }
}

/// Runs whose generator draws nothing that is a number.
@Suite("Runs without a finite network")
struct RunLostTests {
    /// Starts beyond single precision, which no net brings back.
    @Test("they count in the summary, over seeds and in the status as networks that are never right")
    func lost() throws {
        let small = try SmallExperiment("source: {std: 1.0e+39}\ngrid: {seed: [0, 1]}\n")
        let outcome = try small.run(out: "run")
        let rows = outcome.summary.rows.filter { $0.population == .generated }
        #expect(rows.map(\.count) == [4, 4] && rows.map(\.testAccuracy.mean) == [0, 0])
        #expect(
            outcome.summary.rows(arm: "default", seed: 1).map(\.population.what).prefix(4) == [
                "zoo", "fresh", "generated", "reconstructed",
            ])
        #expect(
            outcome.status == .badResult
                && outcome.summary.verdict.reasons.contains { $0.contains("none of the networks") })
        let input = try ReportInput(json: small.bytes("run/report.json"))
        let figures = try ArmFigures(#require(input.arms.first), summary: input.summary)
        #expect(figures.accuracies == [0, 0] && figures.ratios.isEmpty)
        #expect(!small.exists("run/arms/default/seed-0/ensemble.h5"))
    }
}
