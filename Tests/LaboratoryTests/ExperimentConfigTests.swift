import Foundation
import Generation
import ModelZoo
import Testing

@testable import Basics
@testable import Laboratory

@Suite("The configuration of experiments")
struct ExperimentConfigTests {
    private let experiments = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Experiments")

    private func plan(_ name: String, arms: [String] = []) throws -> ConfigResolver<ExperimentConfig>.Plan {
        let file = try ExperimentFile.load(name, experiments: experiments)
        return try ConfigResolver<ExperimentConfig>().plan(file.document, arms: arms)
    }

    private func problems(_ yaml: String) throws -> [String] {
        let error = #expect(throws: ConfigError.self) {
            _ = try ConfigResolver<ExperimentConfig>().plan(YAMLReader.read(yaml, file: "x.yaml"))
        }
        return try #require(error).problems.map(\.path)
    }

    @Test("The experiments of the checkout resolve to the runs that their READMEs state")
    func committed() throws {
        let quickstart = try plan("quickstart")
        #expect(quickstart.runs.map(\.arm.name) == ["plain-flow", "neuron-diffusion"])
        #expect(quickstart.runs.allSatisfy { $0.config.sampling.count == 100 && $0.config.finish != .none })
        let mnist = try plan("deepweightflow")
        #expect(mnist.runs.count == 24 && mnist.hasArms)
        #expect(Set(mnist.runs.map(\.config.net.size.value)) == [64, 128, 256, 512])
        #expect(Set(mnist.runs.map(\.seed)) == [0, 1, 2])
        let raw = try plan("deepweightflow", arms: ["raw"]).runs
        #expect(raw.count == 1 && raw[0].config.coordinates == Described(RawCoordinates.Config()))
        guard case .train(let recipe) = mnist.runs[0].config.zoo else { return #expect(Bool(false), "trains its zoo") }
        #expect(recipe.widths == [784, 32, 32, 10] && recipe.networks.train == 100 && recipe.networks.test == 50)
    }

    /// Every experiment of the checkout.
    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: experiments.path).filter {
            let config = experiments.appendingPathComponent("\($0)/config.yaml")
            guard let text = try? String(contentsOf: config, encoding: .utf8) else { return false }
            // Studies of shift detection are described by a table of their own.
            return !text.split(separator: "\n").contains("shift:")
        }
    }

    @Test("What a run records reads back as the same configuration")
    func recorded() throws {
        let names = try names()
        #expect(names.count >= 5)
        for run in try names.flatMap({ try plan($0).runs }) {
            #expect(try run.tree.decode(ExperimentConfig.self) == run.config)
            let tree = try YAMLReader.read(run.tree.yaml, file: "config.resolved.yaml").tree
            #expect(try tree.decode(ExperimentConfig.self) == run.config)
        }
    }

    @Test(
        "A baseline has as many networks as are generated, up to 100, unless a number is given; the run records it",
        arguments: [
            ("sampling: {count: 20}", 20), ("sampling: {count: 2}", 2), ("", 100), ("sampling: {count: 101}", 100),
            ("sampling: {count: 20}\nevaluation: {baselineCount: 100}", 100),
            ("sampling: {count: 20}\nevaluation: {baselineCount: null}", 20),
            ("evaluation: {baselineCount: 250}", 250),
        ])
    func baselines(_ yaml: String, _ count: Int) throws {
        let resolver = ConfigResolver<ExperimentConfig>()
        let run = try #require(try resolver.plan(YAMLReader.read(yaml, file: "x")).runs.first)
        #expect(run.config.baselineCount == count && run.config.evaluation.baselineCount == count)
        #expect(run.tree["evaluation.baselineCount"] == .integer(count))
        #expect(run.tree.map?.keys.map { $0 } == resolver.schema.defaults.map?.keys.map { $0 }, "in their order")
        let more = try resolver.plan(
            YAMLReader.read("grid: {sampling.count: [7, 300]}", file: "x"), settings: []
        ).runs
        #expect(more.map(\.config.baselineCount) == [7, 100])
    }

    @Test("A kind swaps in its own keys, and refuses the other's")
    func kinds() throws {
        let resolver = ConfigResolver<ExperimentConfig>()
        let run = try resolver.plan(YAMLReader.read("zoo: {kind: train, widths: [64, 5, 10]}", file: "x")).runs[0]
        guard case .train(let recipe) = run.config.zoo else { return #expect(Bool(false)) }
        #expect(recipe.widths == [64, 5, 10] && recipe.training == ZooRecipe().training)
        #expect(try problems("coordinates: {kind: raw, components: 3}") == ["coordinates.components"])
        #expect(try problems("zoo: {kind: file, widths: [2, 3]}") == ["zoo.widths"])
    }

    @Test(
        "What cannot be is refused before any work",
        arguments: [
            ("zoo: {kind: train, networks: {test: 1}}", "zoo.networks.test"),
            ("zoo: {kind: train, widths: [1000000, 1000000]}", "zoo.widths"),
            ("zoo: {kind: train, dataset: {validation: 0.6, test: 0.6}}", "zoo.dataset.validation"),
            ("evaluation: {noise: [1.0e+38]}", "evaluation.noise[0]"),
            ("evaluation: {averages: [1]}", "evaluation.averages[0]"),
            ("sampling: {count: 1}", "sampling.count"),
            ("training: {emaDecay: 1}", "training.emaDecay"),
            ("seed: -1", "seed"),
        ])
    func impossible(_ yaml: String, _ path: String) throws {
        #expect(try problems(yaml) == [path])
    }
}
