import Foundation
import ModelZoo
import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Recipes of zoos")
struct RecipeTests {
    private let zoos = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("ModelZoos")

    private func arms(_ yaml: String, _ settings: [String] = []) throws -> [ZooTraining.Arm] {
        let scratch = try ScratchFolder()
        try scratch.put("recipe.yaml", yaml)
        return try RecipeGrid.arms(path: scratch.file("recipe.yaml").path, settings: settings)
    }

    private func recipe(_ yaml: String) throws -> ZooRecipe { try #require(arms(yaml).first).recipe }

    private func problems(_ yaml: String) throws -> [String] {
        let error = #expect(throws: ConfigError.self) { _ = try arms(yaml) }
        return try #require(error).problems.map(\.path)
    }

    @Test(
        "The committed recipes train what they say",
        arguments: [
            ("digits-mlp", 1, 140), ("mnist-mlp", 1, 150), ("fashion-mnist-mlp", 1, 130), ("mnist-cnn-s", 1, 20),
            ("mnist-cnn-s-short", 1, 100), ("iris-mlp", 5, 20), ("heart-mlp", 1, 140), ("digits-phase-grid", 49, 3),
            ("class-pairs-mlp", 1, 5),
        ])
    func committed(_ name: String, _ combinations: Int, _ networks: Int) throws {
        let arms = try RecipeGrid.arms(path: zoos.appendingPathComponent("\(name).yaml").path, settings: [])
        #expect(arms.count == combinations && arms.allSatisfy { $0.recipe.count == networks })
        let text = try String(contentsOf: zoos.appendingPathComponent("\(name).yaml"), encoding: .utf8)
        #expect(name == "digits-mlp" || text.contains("# Budget: ") || text.contains("# Measured: "))
    }

    @Test("The MNIST CNN-s recipe is the published one")
    func published() throws {
        let path = zoos.appendingPathComponent("mnist-cnn-s.yaml").path
        let recipe = try #require(RecipeGrid.arms(path: path, settings: []).first).recipe
        #expect(recipe.architecture.layout.count == 2464)
        #expect(recipe.architecture == .cnn(ZooCNN.Config(size: .small, activation: .tanh)))
        let (scale, shift) = (try #require(recipe.dataset.scale).values[0], recipe.dataset.shift.values[0])
        #expect(abs(scale * 255 * 0.3081 - 1) < 1e-12 && abs(shift * 0.3081 + 0.1307) < 1e-12)
        #expect((60000 * recipe.dataset.validation).rounded() == 10000)
        #expect(recipe.training.optimizer == .adam && recipe.training.rate == 3e-4 && recipe.training.decay == 0)
        #expect(recipe.training.batch == 10 && recipe.training.epochs == 50 && recipe.checkpoints.every == 1)
        #expect(recipe.initialization == .zooUniform && recipe.networks.firstSeed == 1)
    }

    @Test("An MLP's short form and the general form are one recipe, and it reads back from what is written of it")
    func shortForm() throws {
        let short = try recipe("widths: [64, 5, 10]\nactivation: tanh")
        let long = try recipe("architecture: {kind: mlp, widths: [64, 5, 10], activation: tanh}")
        #expect(short == long && short.widths == [64, 5, 10])
        #expect(try recipe("{}") == ZooRecipe())
        var all = long
        all.architecture = .mlp(MLP.Config(widths: [64, 5, 10], bias: false, norm: .batch))
        for recipe in [short, all] {
            #expect(try Tree(encoding: recipe).decode(ZooRecipe.self) == recipe)
        }
        #expect(
            try recipe("architecture: {widths: [64, 5, 10], bias: false, norm: batch}\nactivation: relu")
                == {
                    var expected = all
                    expected.architecture = .mlp(MLP.Config(widths: [64, 5, 10], bias: false, norm: .batch))
                    return expected
                }())
    }

    @Test("Every kind of architecture has a table of keys that describes it", arguments: Architecture.kinds)
    func kinds(_ kind: String) throws {
        #expect(Architecture.variants(.standard).map(\.kind) == Architecture.kinds)
        let recipe = try recipe("architecture: {kind: \(kind)}")
        #expect(recipe.architecture.config.kind == kind)
        let schema = ConfigSchema(ZooRecipe.self)
        #expect(schema.discrepancies == [])
        // What is written of any description is a key of the table.
        for leaf in try Tree(encoding: recipe.architecture).leaves where leaf.path != "kind" {
            let keys = schema.keys.filter { $0.path == "architecture.\(leaf.path)" }
            let own = keys.filter { $0.conditions.contains { $0.kind == kind } }
            #expect(own.count == 1, "\(kind): \(leaf.path)")
        }
        let resnet = try self.recipe("architecture: {kind: resnet, depth: 18}")
        #expect(resnet.architecture == .resnet(ResNet.Config(depth: 18)))
    }

    @Test(
        "What cannot be is refused, and the key is named",
        arguments: [
            ("widths: [64]", ["widths"]),
            ("widths: [1000000, 1000000]", ["widths"]),
            ("architecture: {kind: cnn-s}\nwidths: [64, 10]", ["widths"]),
            ("architecture: {kind: cnn-s}\nactivation: relu", ["activation"]),
            ("architecture: {kind: cnn-s, widths: [64, 10]}", ["architecture.widths"]),
            ("architecture: {kind: cnn-s, image: [1, 8, 8]}", ["architecture.image"]),
            ("architecture: {kind: cnn-s, image: [28, 28]}", ["architecture.image"]),
            ("architecture: {kind: cnm}", ["architecture.kind"]),
            ("initialization: kaiming", ["initialization"]),
            ("training: {optimizer: lion}", ["training.optimizer"]),
            ("training: {rate: 0, batch: 0}", ["training.rate", "training.batch"]),
            ("training: {momentum: 0.9}", ["training.momentum"]),
            ("training: {optimizer: sgd, nesterov: true}", ["training.nesterov"]),
            ("training: {schedule: multi-step}", ["training.milestones"]),
            ("training: {milestones: [3], finalRate: 0.1}", ["training.finalRate", "training.milestones"]),
            ("training: {warmUp: 60}", ["training.warmUp"]),
            ("selection: last\ntraining: {patience: 3}", ["training.patience"]),
            ("networks: {train: 0, validation: 0, test: 0}", ["networks.train"]),
            ("checkpoints: {every: -1}", ["checkpoints.every"]),
            ("tasks: {classes: 1}", ["tasks.classes"]),
            ("tasks: {samples: 5}", ["tasks.classes"]),
            ("dataset: {missing: zero}", ["dataset.missing"]),
            ("grid: {training.rat: [1, 2]}", ["training.rat"]),
        ])
    func impossible(_ yaml: String, _ paths: [String]) throws {
        #expect(try problems(yaml) == paths)
    }

    @Test("A key's former name is refused, and the message has the new one")
    func renamed() throws {
        let error = #expect(throws: ConfigError.self) { _ = try arms("tasks: {classes: 2, heldOut: 9}") }
        let problem = try #require(error?.problems.first)
        #expect(problem.found == "there is no such key any more" && problem.hint == "it is called tasks.new")
    }

    @Test("A grid's keys become columns of their kind")
    func columns() throws {
        let arms = try arms(
            """
            grid:
              training.rate: [1, 0.5]
              training.nesterov: [true, false]
              dataset.seed: [0, 3]
              widths: [[64, 10], [64, 4, 10]]
            training: {optimizer: sgd, momentum: 0.9}
            """)
        #expect(arms.count == 16)
        #expect(arms[0].facts.names == ["dataset.seed", "nesterov", "rate", "widths"])
        #expect(arms[0].facts["rate"] == .real([1]) && arms[15].facts["rate"] == .real([0.5]))
        #expect(arms[0].facts["nesterov"] == .integer([1]) && arms[4].facts["nesterov"] == .integer([0]))
        #expect(arms[2].facts["dataset.seed"] == .integer([3]))
        #expect(arms[1].facts["widths"] == .text(["64x4x10"]) && arms[1].recipe.widths == [64, 4, 10])
        #expect(Set(arms.map { "\($0.recipe)" }).count == 16)
    }

    @Test("Named arms are a column too; what an arm leaves out has its own value there")
    func named() throws {
        let arms = try arms(
            """
            arms:
              plain: {}
              smooth: {training.smoothing: 0.1, initialization: xavier-normal}
            """)
        #expect(arms.map { $0.facts["arm"] } == [.text(["plain"]), .text(["smooth"])])
        #expect(arms.map { $0.facts["smoothing"] } == [.real([0]), .real([0.1])])
        #expect(arms.map { $0.facts["initialization"] } == [.text(["he-uniform"]), .text(["xavier-normal"])])
        #expect(try self.arms("{}")[0].facts.names.isEmpty)
    }
}
