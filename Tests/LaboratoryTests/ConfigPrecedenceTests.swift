import Networks
import Testing

@testable import Basics
@testable import Laboratory

/// Which of the layers (defaults, file, arm, seed, `--set`) has the last word, and where messages then point.
@Suite("Layers of a configuration")
struct ConfigPrecedenceTests {
    @Test(
        "each layer wins over those below it",
        arguments: [
            ("", [String](), 100), ("sampling.steps: 2", [], 2),
            ("sampling.steps: 2\narms: {a: {sampling.steps: 3}}", [], 3),
            ("sampling.steps: 2\ngrid: {sampling.steps: [4]}", [], 4),
            ("arms: {a: {sampling: {steps: 3}, grid: {sampling.count: [5]}}}", [], 3),
            ("sampling.steps: 2\narms: {a: {sampling.steps: 3}}", ["sampling.steps=6"], 6),
            ("sampling.steps: 2\ngrid: {sampling.steps: [4, 5]}", ["sampling.steps=6"], 6),
            ("sampling.steps: 2", ["sampling={steps: 6}", "sampling.steps=7"], 7),
        ])
    func steps(_ yaml: String, _ settings: [String], _ expected: Int) throws {
        let settings = try settings.map { try ConfigAssignment(setting: $0) }
        #expect(try Sample.plan(yaml, settings).runs.map(\.config.sampling.steps) == [expected])
    }

    @Test("a kind that an arm changes wipes what the file set for the old one; --set works on the arm's kind")
    func kinds() throws {
        let yaml = "generator.source: {std: 0.5}\narms: {a: {generator.source.kind: kaiming}}"
        #expect(try Sample.plan(yaml).runs.map(\.config.generator.source) == [.kaiming(.init())])
        let set = try Sample.plan(yaml, Sample.settings("generator.source.gain=3"))
        #expect(set.runs.map(\.config.generator.source) == [.kaiming(.init(gain: 3))])
        let back = try Sample.plan(yaml, Sample.settings("generator.source.kind=gaussian"))
        #expect(back.runs.map(\.config.generator.source) == [.gaussian(.init())], "not the file's 0.5 either")
    }

    @Test("a setting counts for the arms that were asked for alone")
    func chosenArms() throws {
        let yaml = "arms: {a: {generator.source.kind: kaiming}, b: {generator.source.kind: gaussian}}"
        let gain = try Sample.settings("generator.source.gain=3")
        #expect(
            try Sample.plan(yaml, gain, arms: ["a"]).runs.map(\.config.generator.source) == [.kaiming(.init(gain: 3))])
        #expect(try Sample.messages(yaml, gain, arms: ["b"]).count == 1)
        #expect(try Sample.messages(yaml, gain).count == 1)
    }

    @Test("a setting collapses the axis of the section that holds its key, and a section the axes of its keys")
    func collapse() throws {
        let sections = "grid: {generator.source: [{kind: gaussian}, {kind: gaussian, std: 3}], sampling.count: [1, 2]}"
        let inner = try Sample.plan(sections, Sample.settings("generator.source.std=7"))
        #expect(inner.runs.map(\.arm.name) == ["count-1", "count-2"])
        #expect(inner.runs.allSatisfy { $0.config.generator.source == .gaussian(.init(std: 7)) })
        let keys = "grid: {sampling.steps: [1, 2], sampling.count: [3, 4], generator.hidden: [64, 65]}"
        let outer = try Sample.plan(keys, Sample.settings("sampling={steps: 5}"))
        #expect(
            outer.runs.map(\.arm.name) == [
                "count-3_hidden-64", "count-3_hidden-65", "count-4_hidden-64",
                "count-4_hidden-65",
            ])
    }

    @Test("what is wrong in the file is said once, however many arms have it")
    func once() throws {
        let yaml = "generator.hiden: 3\nsampling.count: -1\ngrid: {seed: [0, 1, 2], sampling.steps: [1, 2]}"
        #expect(try Sample.messages(yaml).count == 2)
    }

    @Test("a default that a new kind brought does not point at the line of the old kind's value")
    func places() throws {
        let document = try YAMLReader.read(
            "coordinates: {kind: autoencoder, training: {steps: 100, warmUp: 60}}", file: "x.yaml")
        func messages(_ settings: [String]) throws -> [String] {
            let settings = try settings.map { try ConfigAssignment(setting: $0) }
            let error = #expect(throws: ConfigError.self) {
                _ = try ConfigResolver<ExperimentConfig>().plan(document, settings: settings)
            }
            return try #require(error).problems.map(\.description)
        }
        let steps = "coordinates.training.steps=10"
        let wrong = "coordinates.training.warmUp"
        #expect(try messages([steps]) == ["\(wrong) (x.yaml:1:57): expected less than steps, 10, found 60"])
        #expect(
            try messages(["coordinates.kind=token-autoencoder", steps])
                == ["\(wrong): expected less than steps, 10, found 50"])
    }
}
