import Basics
import Testing

@testable import Laboratory

/// With which seeds arms run, and that a name stands for one arm.
@Suite("Seeds and names of arms")
struct ArmSeedTests {
    private func names(_ yaml: String, _ settings: String...) throws -> [String] {
        let settings = try settings.map { try ConfigAssignment(setting: $0) }
        return try Sample.plan(yaml, settings).runs.map { "\($0.arm.name)/\($0.config.seed)" }
    }

    @Test("seeds may be written as any whole number")
    func forms() throws {
        #expect(try names("grid: {seed: [1e3, 2.0, 0x10]}") == ["default/1000", "default/2", "default/16"])
        #expect(try Sample.messages("grid: {seed: [1, 1.0]}").count == 1, "the same seed in two forms")
        #expect(
            try Sample.messages("grid: {seed: [1.5]}") == [
                "seed (config.yaml:1:8): expected seeds, each a whole number from 0 to 9007199254740991 (2^53 - 1), found [1.5]"
            ])
    }

    @Test("an arm's own seed or seeds win over the file's, a setting over all of them")
    func own() throws {
        let yaml = "grid: {seed: [0, 1]}\narms: {one: {seed: 5}, some: {seeds: [6, 7]}, any: {title: x}}"
        #expect(try names(yaml) == ["default/0", "default/1", "one/5", "some/6", "some/7", "any/0", "any/1"])
        #expect(try names(yaml, "seed=9") == ["default/9", "one/9", "some/9", "any/9"])
    }

    @Test(
        "seeds that an arm has twice are refused",
        arguments: [
            "{seeds: [1], grid: {seed: [2]}}", "{seed: 1, seeds: [2]}", "{seed: 1, grid: {seed: [2]}}",
        ])
    func twice(_ arm: String) throws {
        #expect(
            try Sample.messages("arms: {a: \(arm)}") == [
                "arms.a (config.yaml:1:8): expected its seeds once, found them twice"
            ])
    }

    @Test("a name stands for one arm, also where the seeds differ")
    func oneArm() throws {
        let yaml = "grid: {title: [x], seed: [0]}\narms: {title-x: {seeds: [1], title: y}}"
        #expect(
            try Sample.messages(yaml) == [
                "arms (config.yaml:2:1): two arms have the name title-x (give each one of its own)"
            ])
    }

    @Test("arms of a grid that come to the same settings are refused, whatever took their difference away")
    func same() throws {
        func message(_ first: String, _ second: String) -> String {
            "grid (config.yaml:1:1): the arms \(first) and \(second) come to the same settings "
                + "(another kind takes the keys of the old one with it)"
        }
        let keys = "grid: {generator.source.std: [1, 2], seed: [0, 1]}"
        #expect(try Sample.plan(keys).runs.count == 4)
        #expect(
            try Sample.messages(keys, Sample.settings("generator.source.kind=kaiming")) == [message("std-1", "std-2")])
        let sections = "grid: {generator.source: [{kind: gaussian}, {std: 0.001}]}"
        #expect(try Sample.messages(sections) == [message("source-gaussian", "source-std-0.001")])
        let named = "arms: {a: {sampling.steps: 1}, b: {sampling.steps: 2}}"
        #expect(
            try Sample.plan(named, Sample.settings("sampling.steps=3")).runs.count == 2, "what is set wins over arms")
    }

    @Test("a name that no folder can have is refused before any run")
    func long() throws {
        let fits = String(repeating: "x", count: 234)
        #expect(try names("grid: {title: [\(fits)]}") == ["title-\(fits)/0"])
        #expect(
            try Sample.messages("grid: {title: [\(fits)x]}") == [
                "grid (config.yaml:1:1): expected values whose names fit a folder's, 240 bytes, found title-"
                    + "\(String(repeating: "x", count: 34))... of 241"
            ])
    }
}
