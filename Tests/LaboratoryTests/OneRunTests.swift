import Foundation
import ModelZoo
import Testing
import TestSupport

@testable import Basics
@testable import Formats
@testable import Laboratory

@Suite("Experiments on one run's checkpoints")
struct OneRunTests {
    private static let yaml = """
        zoo:
          kind: one-run
          dataset: {name: digits, scale: 0.0625, validation: 0, test: 0.4}
          widths: [64, 6, 10]
          training: {rate: 3.0e-3, batch: 100, epochs: 3}
          networks: {train: 12, validation: 2, test: 3, firstSeed: 4}
          selection: last
        coordinates: {kind: slot-standardized}
        process: {kind: ddpm, steps: 10}
        generator: {kind: residual-mlp, width: 8, depth: 1}
        training: {steps: 20, batch: 8}
        sampling: {count: 4}
        evaluation: {noise: [0.01], averages: [2], baselineCount: 4}
        """

    private func plan(_ settings: [String] = []) throws -> ExperimentConfig {
        let settings = try settings.map { try ConfigAssignment(setting: $0) }
        let document = try YAMLReader.read(Self.yaml, file: "x")
        return try #require(
            ConfigResolver<ExperimentConfig>().plan(document, settings: settings, arms: []).runs.first
        ).config
    }

    @Test("A run's networks are counted as they are trained, and its zoo has a place of its own")
    func places() throws {
        let config = try plan()
        let recipe = try #require(config.zoo.recipe)
        #expect(config.zoo == .oneRun(recipe) && recipe.networks.train == 12)
        #expect(config.zoo.trainedCount == 4 && ZooConfig.train(recipe).trainedCount == 17)
        #expect(ZooConfig.file(.init()).trainedCount == nil)
        let keys = try [ZooConfig.oneRun(recipe), .train(recipe), .file(.init())].map { try SharedZoos.key($0) }
        #expect(keys[0] != keys[1] && keys[2] == nil)
        #expect(try Tree(encoding: config.zoo).decode(ZooConfig.self) == config.zoo)
    }

    @Test(
        "What would make its checkpoints others than the last steps is refused",
        arguments: [
            ("zoo.checkpoints.last=5", "zoo.checkpoints"), ("zoo.checkpoints.every=1", "zoo.checkpoints"),
            ("zoo.selection=best-validation", "zoo.selection"), ("zoo.networks.test=1", "zoo.networks.test"),
            ("zoo.networks.train=1", "zoo.networks.train"),
        ])
    func refused(_ setting: String, _ path: String) throws {
        let error = try #require(#expect(throws: ConfigError.self) { _ = try plan([setting]) })
        #expect(error.problems.map(\.path) == [path])
    }

    @Test("Late checkpoints do not go with an end before them")
    func patience() {
        var recipe = ZooRecipe()
        (recipe.checkpoints.last, recipe.training.patience) = (3, 2)
        #expect(recipe.problems().map(\.path) == ["checkpoints.last"])
        recipe.training.patience = 0
        #expect(recipe.problems().isEmpty)
    }

    @Test("A zoo is of one run where its training networks share a seed and differ in step")
    func detected() throws {
        func isOneRun(seeds: [Int64], steps: [Int64]?) throws -> Bool {
            let zoo = Small.zoo(5, split: [0, 0, 1, 2, 2], dataset: Small.digits(nil))
            var columns = zoo.columns
            columns["seed"] = .integer(seeds)
            columns["step"] = steps.map { .integer($0) }
            return try JudgingData(zoo.with(columns: columns), path: "zoo.h5", catalog: Small.catalog).isOneRun
        }
        #expect(try isOneRun(seeds: [1, 1, 1, 2, 3], steps: [7, 8, 9, 9, 9]))
        #expect(try !isOneRun(seeds: [1, 1, 1, 2, 3], steps: nil))
        #expect(try !isOneRun(seeds: [1, 4, 1, 2, 3], steps: [7, 8, 9, 9, 9]))
        #expect(try !isOneRun(seeds: [1, 1, 1, 2, 3], steps: [9, 9, 9, 9, 9]))
    }

    @Test("The report says that there was one run to learn from; novelty is measured by other runs")
    func report() throws {
        let scratch = try ScratchFolder()
        try scratch.put("one/config.yaml", Self.yaml)
        var request = Experiment.Request(experiment: scratch.file("one").path)
        request.out = scratch.file("run")
        request.data = Small.catalog.folders.first
        let outcome = try Experiment(request, reporter: SilentProgress()).run()
        let rows = outcome.summary.rows
        #expect(rows[0].label == "checkpoints of one run" && rows[0].count == 12)
        #expect(rows[1].label == "networks of other runs" && rows[1].count == 3)
        #expect(abs((rows[1].novelty?.weightDistance?.mean ?? 0) - 1) < 1e-9)
        // Steps of one run are far nearer to each other than another run is.
        #expect((rows[0].novelty?.weightDistance?.mean ?? 1) < 0.5)
        #expect(outcome.summary.verdict.reasons.contains { $0.contains("checkpoints of one run") })
        #expect(try scratch.text("run/report.html").contains("12 checkpoints of one run to learn from"))
        let zoo = try ZooReader(path: scratch.file("run/zoo.h5").path).readAll()
        #expect(zoo.count == 17 && zoo.rows(in: .validation).count == 2)
    }
}
