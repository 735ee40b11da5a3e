import Evaluation
import Foundation
import ModelZoo
import Reports
import Tensors
import TestSupport
import Testing

@testable import Basics
@testable import Laboratory

@Suite("Asking for a number")
struct PromptStageTests {
    private static let zoo = """
        {kind: checkpoints, dataset: {name: digits, validation: 0.2, test: 0.2}, widths: [64, 4, 10], \
        selection: last, training: {epochs: 4, rate: 0.01}, checkpoints: {every: 1}, \
        networks: {train: 3, validation: 1, test: 2}}
        """
    private static let settings = """
        conditions: {width: 8, number: {kind: fourier, columns: [validation_accuracy]}}
        judging: {kind: prompts, values: 3, networks: 4}

        """

    private func small() throws -> SmallExperiment { try SmallExperiment(Self.settings, zoo: Self.zoo) }

    @Test("Every checkpoint is a network with its accuracies, in its run's split; asked values are evenly spaced")
    func run() throws {
        let small = try small()
        let summary = try small.run(out: "run").summary
        let checkpoints = try ZooReader(path: small.scratch.file("run/zoo.h5").path).readAll()
        #expect(checkpoints.count == 30 && checkpoints.rows(in: .train).count == 15)
        let accuracies = try #require(checkpoints.columns.numbers("validation_accuracy"))
        #expect(accuracies.allSatisfy { (0...1).contains($0) } && accuracies[4] > accuracies[0])
        #expect(checkpoints.columns.numbers("step")?.prefix(2).first == 0)
        let prompts = try #require(summary.prompts.first)
        #expect(prompts.drawn.asked.count == 3 && prompts.drawn.asked.allSatisfy { $0.achieved.count == 4 })
        #expect(prompts.selections.isEmpty)
        let values = prompts.drawn.asked.map(\.value)
        #expect(abs(values[1] - (values[0] + values[2]) / 2) < 1e-12 && values[0] < values[2])
        #expect(TerminalSummary.render(summary).contains("Networks asked for a validation_accuracy"))
        #expect(ExperimentRun.spaced([5], count: 2) == [5, 5])
    }

    @Test(
        "A selection stands beside the networks as they are drawn, which are the same without it; so does its novelty")
    func selections() throws {
        let (small, other) = (try small(), try small())
        let plain = try #require(try other.run(out: "run").summary.prompts.first)
        let summary = try small.run(out: "run", settings: ["judging.selections=[2, 5]"]).summary
        let table = try #require(summary.prompts.first)
        #expect(table.drawn == plain.drawn)
        #expect(table.selections.map(\.oneIn) == [2, 5])
        for selection in table.selections {
            #expect(selection.answers.asked.map(\.value) == table.drawn.asked.map(\.value))
            #expect(selection.answers.asked.allSatisfy { $0.achieved.count == 4 })
        }
        #expect(
            summary.rows.map(\.population) == [.zoo, .fresh, .generated, .selected(oneIn: 2), .selected(oneIn: 5)])
        #expect(TerminalSummary.render(summary).contains("nearest 4 of 20"))
        let report = try small.scratch.text("run/report.html")
        #expect(report.contains("asked for the most, nearest 1 in 2"))
    }

    @Test("Networks of a person's run are chosen by the same rule; the first draws are among those chosen from")
    func generate() throws {
        let small = try small()
        try small.run(out: "run")
        func generate(_ count: Int, _ select: Int?, _ values: [String] = ["accuracy=0.3"]) throws -> Zoo {
            let out = small.scratch.file("\(count)-\(select ?? 1).h5")
            var operation = try GenerateOperation(
                run: small.scratch.file("run"), count: count, seed: 3, out: out, catalog: Small.catalog)
            (operation.asked.values, operation.asked.select) = (values, select)
            operation.replaces = true
            #expect(try operation.execute(SilentProgress()).notFinite == 0)
            return try ZooReader(path: out.path).readAll()
        }
        let (all, chosen) = (try generate(12, nil), try generate(3, 4))
        let samples = try #require(chosen.columns.numbers("sample")).map(Int.init)
        #expect(samples.count == 3 && samples == samples.sorted())
        #expect(chosen.weights == all.select(rows: samples).weights)
        #expect(chosen.header.provenance?.steps.last?.made == "nearest 3 of 12 by validation_accuracy")
        let aligned = small.scratch.file("run/aligned.h5").path
        let data = try JudgingData(try ZooReader(path: aligned).readAll(), path: aligned, catalog: Small.catalog)
        let distances = try PromptSelection(data, key: "").distances(of: all.population(), from: 0.3)
        let greatest = samples.map { distances[$0] }.max() ?? .nan
        #expect(distances.indices.allSatisfy { samples.contains($0) || distances[$0] >= greatest })
        for (select, values) in [(1, ["accuracy=0.3"]), (101, ["accuracy=0.3"]), (4, [])] {
            #expect(try requireDataError { _ = try generate(3, select, values) }.path == "--select")
        }
    }

    @Test("The least, in their order: what is not a number is the greatest, of equals the earlier is the lesser")
    func least() {
        #expect([5, 1, 4, 2, 3, 0].placesOfLeast(3) == [1, 3, 5])
        #expect([1, .nan, 1, 1].placesOfLeast(2) == [0, 2] && [.nan, 7, .nan].placesOfLeast(2) == [0, 1])
        #expect([2, 1].placesOfLeast(5) == [0, 1] && [Double]().placesOfLeast(2).isEmpty)
    }

    @Test("Networks are chosen by what can be measured of them; the key is named where it cannot be")
    func problems() throws {
        func problem(_ yaml: String) throws -> ConfigProblem? {
            do {
                _ = try Small.settings(yaml)
                return nil
            } catch let error as ConfigError {
                return error.problems.first
            }
        }
        func settings(_ column: String, _ selections: String) -> String {
            "conditions: {number: {kind: fourier, columns: [\(column)]}}\n"
                + "judging: {kind: prompts, selections: \(selections)}\n"
        }
        #expect(try problem(settings("validation_accuracy", "[4, 2]")) == nil)
        #expect(try problem(settings("train_loss", "[]")) == nil)
        let loss = try #require(try problem(settings("train_loss", "[4]")))
        #expect(loss.path == "judging.selections" && loss.hint.contains("train_loss"))
        #expect(try problem(settings("validation_accuracy", "[4, 4]"))?.path == "judging.selections")
        #expect(try problem(settings("validation_accuracy", "[1]"))?.path.hasPrefix("judging.selections") == true)
    }
}
