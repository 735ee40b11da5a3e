import Testing

@testable import Basics
@testable import Laboratory

@Suite("Grids and arms")
struct ArmExpansionTests {
    private func names(_ plan: ConfigResolver<SampleConfig>.Plan) -> [String] {
        plan.runs.map { "\($0.arm.name)/\($0.seed)" }
    }

    @Test("Without grid or arms there is one run")
    func single() throws {
        let plan = try Sample.plan("seed: 4")
        #expect(names(plan) == ["default/4"] && !plan.hasArms)
    }

    @Test("A grid is the product of its axes in the file's order, seeds fastest")
    func product() throws {
        let plan = try Sample.plan(
            "grid: {generator.hidden: [64, 512], align.enabled: [true, false], seed: [0, 1, 2]}")
        #expect(plan.hasArms && plan.runs.count == 12)
        #expect(
            names(plan).prefix(4) == [
                "hidden-64_enabled-true/0", "hidden-64_enabled-true/1", "hidden-64_enabled-true/2",
                "hidden-64_enabled-false/0",
            ])
        #expect(
            plan.knownArms == [
                "hidden-64_enabled-true", "hidden-64_enabled-false", "hidden-512_enabled-true",
                "hidden-512_enabled-false",
            ])
        let last = try #require(plan.runs.last)
        #expect(last.config.generator.hidden == 512 && !last.config.align.enabled && last.config.seed == 2)
        #expect(last.tree["grid"] == nil)
    }

    @Test("Axes may be nested, of lists, texts and sections; equal last words show the whole path")
    func axisForms() throws {
        let grid = try Sample.plan(
            "grid:\n  generator: {widths: [[8, 4], [2]], dropout: [0.5, 0]}\n  title: [a b/c]\n"
                + "  generator.source: [{kind: kaiming, gain: 2}, {kind: gaussian}]\n")
        #expect(grid.runs.count == 8)
        #expect(grid.runs[0].arm.name == "widths-8x4_dropout-0.5_title-a-b-c_source-kaiming")
        #expect(grid.runs[0].config.generator.source == .kaiming(.init(gain: 2)))
        #expect(grid.runs[0].config.title == "a b/c")
        let ambiguous = try Sample.plan(
            "grid: {sampling.steps: [1], sampling.count: [2], generator.source: [{std: 1}]}")
        #expect(ambiguous.runs[0].arm.name == "steps-1_count-2_source-std-1")
        struct Twins: ComponentConfig {
            var left = SampleConfig.Align()
            var right = SampleConfig.Align()
            static let keys: [ConfigKey] =
                .section("left", SampleConfig.Align.self) + .section("right", SampleConfig.Align.self)
        }
        let twins = try ConfigResolver<Twins>().plan(
            try Sample.document("grid: {left.enabled: [true], right.enabled: [false]}"))
        #expect(twins.runs[0].arm.name == "left.enabled-true_right.enabled-false")
    }

    @Test("A grid over seeds alone gives the arm default")
    func seedsAlone() throws {
        #expect(names(try Sample.plan("grid: {seed: [3, 1]}")) == ["default/3", "default/1"])
    }

    @Test("Named arms stand beside the grid, have their own seeds, and run only when asked for if they say so")
    func named() throws {
        let yaml = """
            grid: {generator.hidden: [64, 512], seed: [0, 1]}
            arms:
              euler: {sampling.solver: euler}
              long: {default: false, seeds: [7], sampling: {steps: 1000}, grid: {align.enabled: [true, false]}}
            """
        #expect(
            names(try Sample.plan(yaml)) == [
                "hidden-64/0", "hidden-64/1", "hidden-512/0", "hidden-512/1", "euler/0", "euler/1",
            ])
        let long = try Sample.plan(yaml, arms: ["long"])
        #expect(names(long) == ["long_enabled-true/7", "long_enabled-false/7"])
        #expect(long.runs[1].config.sampling.steps == 1000 && !long.runs[1].config.align.enabled)
        #expect(
            names(try Sample.plan(yaml, arms: ["long_enabled-true", "hidden-64"]))
                == ["hidden-64/0", "hidden-64/1", "long_enabled-true/7"])
        #expect(
            try Sample.messages(yaml, arms: ["lang"]) == [
                "--arm lang: there is no arm lang (did you mean long? there are euler, long, hidden-64, hidden-512, "
                    + "long_enabled-true, long_enabled-false)"
            ])
    }

    @Test("The file itself runs beside arms that are not default, not beside arms that are")
    func base() throws {
        #expect(names(try Sample.plan("seed: 5\narms: {a: {default: false}}")) == ["default/5"])
        #expect(names(try Sample.plan("seed: 5\narms: {a: {title: x}, b: {seeds: [1, 2]}}")) == ["a/5", "b/1", "b/2"])
    }

    @Test("A setting of a key collapses its axis")
    func collapse() throws {
        let yaml = "grid: {generator.hidden: [64, 512], seed: [0, 1]}"
        #expect(names(try Sample.plan(yaml, Sample.settings("seed=9"))) == ["hidden-64/9", "hidden-512/9"])
        let fixed = try Sample.plan(yaml, Sample.settings("generator.hidden=128"))
        #expect(names(fixed) == ["default/0", "default/1"] && fixed.runs[0].config.generator.hidden == 128)
    }

    @Test(
        "Problems of grids and arms name their place",
        arguments: [
            ("grid: 3", "grid (config.yaml:1:1): expected a section, found 3"),
            (
                "grid: {generator.hidden: 64}",
                "grid.generator.hidden (config.yaml:1:8): expected a list of values, found 64 "
                    + "(as in [1, 2, 3])"
            ),
            ("grid: {seed: []}", "grid.seed (config.yaml:1:8): expected a list of values, found [] (as in [1, 2, 3])"),
            ("grid: {seed: [1, 1]}", "grid.seed (config.yaml:1:8): expected every value once, found 1 twice"),
            (
                "grid: {seed: [0, -1]}",
                "seed (config.yaml:1:8): expected seeds, each a whole number from 0 to 9007199254740991 (2^53 - 1), found [0, -1]"
            ),
            (
                "grid: {generator.hiden: [1]}",
                "generator.hiden (config.yaml:1:8): there is no such key "
                    + "(did you mean generator.hidden?)"
            ),
            (
                "grid: {sampling.count: [1, -5]}",
                "sampling.count (config.yaml:1:8): expected a whole number of at least 0, "
                    + "found -5"
            ),
            ("arms: {a: 3}", "arms.a (config.yaml:1:8): expected a section, found 3"),
            (
                "arms: {a/b: {}}",
                "arms.a/b (config.yaml:1:8): expected a name of letters, digits and _+.-, "
                    + "found \"a/b\""
            ),
            ("arms: {..: {}}", "arms... (config.yaml:1:8): expected a name of letters, digits and _+.-, found \"..\""),
            ("arms: {a: {default: 1}}", "arms.a.default (config.yaml:1:12): expected true or false, found 1"),
            (
                "arms: {a: {default: false, sampling.steps: 0}}",
                "sampling.steps (config.yaml:1:28): expected a whole number "
                    + "of at least 1, found 0"
            ),
            (
                "grid: {title: [a b, a-b]}",
                "arms (config.yaml:1:1): two arms have the name title-a-b (give each one of its own)"
            ),
        ])
    func problems(_ yaml: String, _ expected: String) throws {
        #expect(try Sample.messages(yaml) == [expected])
    }

    @Test("A grid without bound is refused")
    func huge() throws {
        let axis = "[" + (1...100).map(String.init).joined(separator: ", ") + "]"
        let yaml = "grid: {generator.hidden: \(axis), sampling.steps: \(axis), sampling.count: \(axis)}"
        #expect(try Sample.messages(yaml) == ["grid (config.yaml:1:1): expected at most 4096 arms, found 1000000"])
    }
}
