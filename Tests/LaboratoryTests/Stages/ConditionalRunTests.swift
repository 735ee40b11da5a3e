import Foundation
import Generation
import ModelZoo
import TestSupport
import Testing

@testable import Basics
@testable import Laboratory

/// Runs whose generator can be asked: for what the zoo's columns say of its networks.
@Suite("Conditional runs")
struct ConditionalRunTests {
    private static let asking = """
        conditions:
          width: 8
          label: {kind: table, column: optimizer}
          number: {kind: fourier, columns: [accuracy, epochs]}
        """

    /// The small experiment on a zoo with columns.
    private static func experiment(_ more: String = asking) throws -> SmallExperiment {
        let small = try SmallExperiment(more)
        let path = small.scratch.file("zoo.h5").path
        let zoo = try ZooReader(path: path).readAll()
        var columns = zoo.columns
        columns["optimizer"] = .text(["sgd", "adam", "", "sgd", "adam", "sgd", "adam", "adam", "adam"])
        columns["accuracy"] = .real([0.5, 0.7, 0.9, .nan, 0.6, 0.7, 0.8, 0.9, 1])
        columns["epochs"] = .integer([10, 20, 10, -1, 20, 10, 10, 10, 10])
        try FileManager.default.removeItem(atPath: path)
        try ZooWriter.write(zoo.with(columns: columns), to: path)
        return small
    }

    @Test("labels and numbers of the zoo's columns are told; what the run knows is recorded and can be asked")
    func asked() throws {
        let small = try Self.experiment()
        try small.run(out: "run")
        let json = try small.scratch.text("run/generator/generator.json")
        #expect(json.contains("\"labels\": [") && json.contains("\"sgd\""))
        let zoo = try ZooReader(path: small.scratch.file("zoo.h5").path).readAll()
        let config = try Small.settings(small.scratch.text("run/config.resolved.yaml"))
        let told = try #require(try config.asked(zoo, at: [0, 2, 3]))
        #expect(
            told == [
                Condition(label: "sgd", numbers: ["accuracy": 0.5, "epochs": 10]),
                Condition(numbers: ["accuracy": 0.9, "epochs": 10]), Condition(label: "sgd"),
            ])
        let generator = try GeneratorStore(run: small.scratch.file("run")).read(config, layout: zoo.layout).generator
        let facts = try #require(generator.conditions)
        #expect(facts.labels == ["adam", "sgd"] && facts.numbers?.map(\.most) == [0.9, 20])
        let condition = Condition(label: "adam", numbers: ["accuracy": 0.8])
        let drawn = try generator.sample(0..<2, seed: 1, condition: condition).weights
        #expect(drawn.isFinite && drawn.bits != generator.sample(0..<2, seed: 1).weights.bits)
        #expect(facts.doubts(Condition(numbers: ["accuracy": 0.95])).count == 1)
    }

    @Test("a run without conditions records none, and cannot be asked")
    func unconditional() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        #expect(!(try small.scratch.text("run/generator/generator.json")).contains("conditions"))
        let zoo = try ZooReader(path: small.scratch.file("zoo.h5").path).readAll()
        let config = try Small.settings(small.scratch.text("run/config.resolved.yaml"))
        let generator = try GeneratorStore(run: small.scratch.file("run")).read(config, layout: zoo.layout).generator
        #expect(try requireDataError { _ = try generator.asked(.none) }.found.contains("has no conditions"))
        // A run that was recorded before there were conditions names none in its settings.
        var lines = try small.scratch.text("run/config.resolved.yaml").split(
            separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("conditions:") })
        let end = try #require(lines[(start + 1)...].firstIndex { !$0.hasPrefix(" ") })
        lines.removeSubrange(start..<end)
        let older = try Small.settings(lines.filter { !$0.contains("guidance:") }.joined(separator: "\n"))
        let again = try GeneratorStore(run: small.scratch.file("run")).read(older, layout: zoo.layout).generator
        #expect(again.sample(0..<2, seed: 1).weights.bits == generator.sample(0..<2, seed: 1).weights.bits)
    }

    @Test(
        "columns that the zoo does not have, or of another kind, are refused with those that it has",
        arguments: [
            ("conditions: {label: {kind: table, column: optimiser}}", "did you mean optimizer?"),
            ("conditions: {label: {kind: table, column: accuracy}}", "which holds real numbers"),
            ("conditions: {number: {kind: perceptron, columns: [optimizer]}}", "which holds texts"),
            ("conditions: {number: {kind: perceptron, columns: [loss]}}", "there are accuracy, epochs, optimizer"),
            ("conditions: {support: {kind: rows}}", "no training network has a support set"),
        ])
    func refusals(_ yaml: String, _ says: String) throws {
        let error = try requireDataError { try Self.experiment(yaml).run(out: "run") }
        #expect(error.description.contains(says), "\(error)")
    }

    @Test(
        "recorded conditions that are not those of the settings are refused, never tried",
        arguments: [
            ("\"labels\": [", "\"labels\": [\"sgd\", "), ("\"labels\": [", "\"former\": ["),
            ("\"std\": ", "\"std\": -"), ("\"name\": \"epochs\"", "\"name\": \"epoch\""),
            ("\"numbers\": [", "\"former\": ["), ("\"conditions\": {", "\"former\": {"),
            (
                "\"conditions\": {",
                "\"conditions\": {\"support\": {\"shape\": [1], \"classes\": 2}, "
            ),
        ])
    func damaged(_ old: String, _ new: String) throws {
        let small = try Self.experiment()
        try small.run(out: "run")
        let config = try Small.settings(small.scratch.text("run/config.resolved.yaml"))
        let layout = try ZooReader(path: small.scratch.file("zoo.h5").path).header.layout
        try small.edit("run/generator/generator.json", old, new)
        let error = try requireDataError {
            _ = try GeneratorStore(run: small.scratch.file("run")).read(config, layout: layout)
        }
        #expect(error.kind == .malformed && error.path.hasSuffix("generator.json"), "\(error)")
    }
}
