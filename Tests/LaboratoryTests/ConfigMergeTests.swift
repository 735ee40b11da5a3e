import Networks
import Testing

@testable import Basics
@testable import Laboratory

@Suite("Merging configurations")
struct ConfigMergeTests {
    @Test("Nothing written gives the defaults")
    func defaults() throws {
        #expect(try Sample.config() == SampleConfig())
        #expect(try Sample.resolver.plan().runs.map(\.config) == [SampleConfig()])
        #expect(Sample.resolver.schema.discrepancies.isEmpty)
    }

    @Test("The defaults' tree has the table's order and null for what is not set")
    func defaultTree() throws {
        let yaml = """
            seed: 0
            title: null
            align:
              enabled: true
              reference: 0
            generator:
              hidden: 512
              dropout: 0.1
              widths: [64, 32]
              source:
                kind: gaussian
                std: 0.001
            sampling:
              count: 100
              solver: rk4
              steps: 100

            """
        #expect(Sample.resolver.schema.defaults.yaml == yaml)
        #expect(try Sample.config(yaml) == SampleConfig())
    }

    @Test("The file goes over the defaults, settings over the file; keys may be nested or dotted")
    func layers() throws {
        let yaml = "generator: {hidden: 64, dropout: 0}\nsampling.steps: 7\ntitle: A try\n"
        let settings = try Sample.settings("generator.hidden=128", "title=", "generator.widths=[8, 4]")
        let merged = try Sample.config(yaml, settings)
        #expect(merged.generator.hidden == 128 && merged.generator.dropout == 0)
        #expect(merged.sampling.steps == 7 && merged.title == nil && merged.generator.widths == [8, 4])
        #expect(try Sample.config(yaml).title == "A try")
        #expect(try Sample.config("", Sample.settings("seed=1", "seed=2")).seed == 2)
        #expect(try Sample.config("", Sample.settings("sampling={count: 3, solver: euler}")).sampling.count == 3)
    }

    @Test("Whole numbers may be written 1e3 or 5.0, numbers as 1")
    func numberForms() throws {
        #expect(try Sample.config("sampling: {steps: 1e3, count: 5.0}").sampling.steps == 1000)
        #expect(try Sample.plan("generator: {dropout: 0}").runs[0].tree["generator.dropout"] == .number(0))
    }

    @Test(
        "One problem, one message with path, place, expectation, finding and advice",
        arguments: [
            (
                "generator: {hiden: 3}",
                "generator.hiden (config.yaml:1:13): there is no such key "
                    + "(did you mean generator.hidden?)"
            ),
            (
                "hidden: 3",
                "hidden (config.yaml:1:1): there is no such key "
                    + "(did you mean generator.hidden?)"
            ),
            (
                "smapling:\n  count: 3\n  steps: 4",
                "smapling (config.yaml:2:3): there is no such key "
                    + "(did you mean sampling?)"
            ),
            ("xyzzyplugh: 1", "xyzzyplugh (config.yaml:1:1): there is no such key"),
            (
                "seed: yes",
                "seed (config.yaml:1:1): expected a whole number from 0 to 9007199254740991 (2^53 - 1), found \"yes\" "
                    + "(without quotes, as true, 3 or 0.5)"
            ),
            (
                "seed: 1.5",
                "seed (config.yaml:1:1): expected a whole number from 0 to 9007199254740991 (2^53 - 1), found 1.5"
            ),
            (
                "seed: 99999999999999999999",
                "seed (config.yaml:1:1): expected a whole number from 0 to 9007199254740991 (2^53 - 1), found 1.0e+20"
            ),
            (
                "sampling: {count: -1}",
                "sampling.count (config.yaml:1:12): expected a whole number of at least 0, found -1"
            ),
            (
                "generator.hidden: 0",
                "generator.hidden (config.yaml:1:1): expected a whole number from 1 to 65536, found 0"
            ),
            (
                "generator: {dropout: 1}",
                "generator.dropout (config.yaml:1:13): expected a number of at least 0 and "
                    + "below 1, found 1"
            ),
            (
                "generator: {dropout: .nan}",
                "generator.dropout (config.yaml:1:13): expected a number of at least 0 and "
                    + "below 1, found .nan"
            ),
            (
                "generator: {widths: [3, -1]}",
                "generator.widths[1] (config.yaml:1:13): expected a whole number of at "
                    + "least 1, found -1"
            ),
            (
                "generator: {widths: []}",
                "generator.widths (config.yaml:1:13): expected a list with a number of elements of "
                    + "at least 1, each a whole number of at least 1, found []"
            ),
            (
                "generator: {widths: 3}",
                "generator.widths (config.yaml:1:13): expected a list with a number of elements of "
                    + "at least 1, each a whole number of at least 1, found 3"
            ),
            (
                "title: 12",
                "title (config.yaml:1:1): expected a text, or null, found 12 "
                    + "(put a text that looks like a number in quotes)"
            ),
            ("align: {enabled: null}", "align.enabled (config.yaml:1:9): expected true or false, found nothing (null)"),
            (
                "sampling: {solver: eular}",
                "sampling.solver (config.yaml:1:12): expected one of euler, rk4, found \"eular\" "
                    + "(did you mean euler?)"
            ),
            ("sampling: 3", "sampling (config.yaml:1:1): expected a section with keys of its own, found 3"),
            (
                "seed: {a: 1}",
                "seed (config.yaml:1:8): expected a whole number from 0 to 9007199254740991 (2^53 - 1), found a section"
            ),
            (
                "seed: {}",
                "seed (config.yaml:1:1): expected a whole number from 0 to 9007199254740991 (2^53 - 1), found a section"
            ),
            (
                "seed: 1\nalign.enabled: true\nalign: {enabled: false}",
                "align.enabled (config.yaml:3:9): the key "
                    + "stands twice"
            ),
            ("[1, 2]", "config.yaml:1:1: expected a section, found [1, 2]"),
        ])
    func message(_ yaml: String, _ expected: String) throws {
        #expect(try Sample.messages(yaml) == [expected])
    }

    @Test("All problems are reported at once, each with its own origin")
    func several() throws {
        let found = try Sample.messages(
            "seed: -1\ngenerator:\n  hidden: big\n  nonsense: 1\n",
            Sample.settings("sampling.steps=0", "aling.enabled=true"))
        #expect(found.count == 5)
        #expect(found[0].hasPrefix("seed (config.yaml:1:1)"))
        #expect(found[1].hasPrefix("generator.hidden (config.yaml:3:3)"))
        #expect(found[3].hasPrefix("sampling.steps (--set sampling.steps=0)"))
        #expect(found[4].hasSuffix("(did you mean align?)"))
    }

    @Test("Problems across keys carry the place of the key")
    func acrossKeys() throws {
        #expect(
            try Sample.messages("generator:\n  hidden: 32\n  widths: [48]\n") == [
                "generator.widths (config.yaml:3:3): expected a first width of at most hidden (32), found 48"
            ])
        #expect(
            try Sample.messages("generator.hidden: 32") == [
                "generator.widths: expected a first width of at most hidden (32), found 64"
            ])
    }

    @Test("An empty section changes nothing")
    func emptySection() throws {
        #expect(try Sample.config("sampling: {}\n") == SampleConfig())
        #expect(try Sample.messages("sampeling: {}").count == 1)
    }

    @Test("Another kind swaps in its defaults, whatever the order of the keys")
    func kinds() throws {
        let kaiming = SampleConfig.Source.kaiming(.init())
        #expect(try Sample.config("generator.source.kind: kaiming").generator.source == kaiming)
        #expect(
            try Sample.config("generator: {source: {gain: 2, kind: kaiming}}").generator.source
                == .kaiming(.init(gain: 2)))
        let inAnyOrder = try Sample.settings("generator.source.gain=3", "generator.source.kind=kaiming")
        #expect(try Sample.config("", inAnyOrder).generator.source == .kaiming(.init(gain: 3)))
        // A key of the same name is the other kind's own, not carried over.
        let file = "generator: {source: {std: 0.5}}"
        #expect(try Sample.config(file).generator.source == .gaussian(.init(std: 0.5)))
        #expect(try Sample.config(file, Sample.settings("generator.source.kind=kaiming")).generator.source == kaiming)
        // The same kind again keeps what the file has set.
        #expect(
            try Sample.config(file, Sample.settings("generator.source.kind=gaussian")).generator.source
                == .gaussian(.init(std: 0.5)))
        #expect(
            try Sample.plan("generator.source.kind: kaiming").runs[0].tree["generator.source"]?.map?.keys
                == ["kind", "gain", "std"])
    }

    @Test("Keys of another kind and unknown kinds are told apart from unknown keys")
    func wrongKinds() throws {
        #expect(
            try Sample.messages("generator.source.gain: 2") == [
                "generator.source.gain (config.yaml:1:1): expected no such key with generator.source.kind: gaussian, found "
                    + "a key of generator.source.kind: kaiming (set generator.source.kind too, or leave the key out)"
            ])
        #expect(
            try Sample.messages("generator: {source: {kind: kaming, gain: 1, foo: 2}}") == [
                "generator.source.kind (config.yaml:1:22): expected one of gaussian, kaiming, found \"kaming\" "
                    + "(did you mean kaiming?)"
            ])
    }

    @Test("Settings that are none are refused with the form", arguments: ["", "a", "=3", "a..b=3", "a b=3", ".a=1"])
    func settingForms(_ text: String) throws {
        let error = try #require(#expect(throws: ConfigError.self) { try ConfigAssignment(setting: text) })
        #expect(error.description.contains("expected key.path=value"))
        #expect(ExitStatus(error) == .usage)
    }

    @Test("A setting's value is YAML")
    func settingValues() throws {
        #expect(try ConfigAssignment(setting: "a=b=c").value == .string("b=c"))
        #expect(try ConfigAssignment(setting: "a.b=[1, x]").value == .list([.integer(1), .string("x")]))
        #expect(try ConfigAssignment(setting: "a='1'").value == .string("1"))
        #expect(try ConfigAssignment(setting: "a=").value == .null)
        #expect(throws: ConfigError.self) { try ConfigAssignment(setting: "a=[1") }
        #expect(throws: ConfigError.self) { try ConfigAssignment(setting: "a=&x 1") }
    }

    @Test("A table that does not fit the properties is noticed")
    func discrepancies() {
        struct Wrong: ComponentConfig {
            var listed = -1
            var forgotten = 2
            static let keys = [
                ConfigKey("listed", .integer(atLeast: 0), ""), ConfigKey("absent", .flag, ""),
            ]
        }
        #expect(
            ConfigSchema(Wrong.self).discrepancies == [
                "listed: default -1 is not a whole number of at least 0",
                "absent: default nothing (null) is not true or false", "forgotten: not in the table of keys",
            ])
    }

    @Test(
        "The edit distance counts swaps once",
        arguments: [
            ("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("smapling", "sampling", 1), ("ab", "ba", 1),
        ])
    func distance(_ left: String, _ right: String, _ expected: Int) {
        #expect(Nearest.distance(left, right) == expected)
        #expect(Nearest.distance(right, left) == expected)
    }

    @Test("The JSON Schema holds ranges, choices, defaults and documentation")
    func schema() throws {
        let schema = Sample.resolver.schema.jsonSchema
        let properties = try #require(schema["properties"])
        #expect(
            properties["seed"] == [
                "type": "integer", "minimum": 0, "maximum": .integer(Seed.range.upperBound), "default": 0,
                "description": "The seed of everything random.",
            ])
        #expect(properties["sampling"]?["properties"]?["solver"]?["enum"] == ["euler", "rk4"])
        let source = try #require(properties["generator"]?["properties"]?["source"]?["properties"])
        #expect(source["gain"]?["description"] == "The gain. (with generator.source.kind: kaiming)")
        #expect(source["kind"]?["default"] == "gaussian" && properties["generator"]?["additionalProperties"] == false)
    }
}
