import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Properties of configurations")
struct ConfigPropertyTests {
    @Test("Every tree's YAML and JSON read back as the tree")
    func roundTrips() throws {
        var random = RandomChoices(state: 1)
        for _ in 0..<400 {
            var map = Tree.Map()
            map["root"] = random.tree(4)
            let tree = Tree.map(map)
            let again = try Sample.document(tree.yaml).tree
            #expect(again == tree, "\(tree.yaml)")
            #expect(again.yaml == tree.yaml)
            let json = tree.text()
            #expect(try Tree(parsing: json).text() == json)
            #expect(try Tree(parsing: tree.text(pretty: true)).text() == json)
        }
    }

    @Test("The resolved tree of any run is a configuration that gives the same run")
    func resolvedAgain() throws {
        let plan = try Sample.plan(
            "title: 'no'\ngrid: {generator.source: [{kind: kaiming, gain: 0.1}, {std: 1e-9}], "
                + "generator.dropout: [0, 0.3333333333333333], sampling.solver: [euler, rk4], seed: [0, 123456789012]}")
        #expect(plan.runs.count == 16)
        for run in plan.runs {
            let again = try #require(try Sample.plan(run.tree.yaml).runs.first)
            #expect(again.config == run.config && again.tree.yaml == run.tree.yaml && again.seed == run.seed)
        }
    }

    @Test("A grid has as many arms as its axes have values, all with names of their own")
    func gridSizes() throws {
        for (steps, counts, seeds) in [(1, 1, 1), (3, 2, 1), (2, 5, 4)] {
            func list(_ count: Int) -> String { "[" + (1...count).map(String.init).joined(separator: ", ") + "]" }
            let yaml = "grid: {sampling: {steps: \(list(steps)), count: \(list(counts))}, seed: \(list(seeds))}"
            let runs = try Sample.plan(yaml).runs
            #expect(runs.count == steps * counts * seeds)
            #expect(Set(runs.map { "\($0.arm.name)/\($0.seed)" }).count == runs.count)
            for run in runs {
                let sampling = run.config.sampling
                #expect(run.arm.name == "steps-\(sampling.steps)_count-\(sampling.count)")
            }
        }
    }

    @Test("Damaged text is refused or read, but never ends the process")
    func fuzz() throws {
        let seed = """
            seed: 1 # comment
            title: "a \\u0041 title"
            generator: {hidden: 64, widths: [1, 2], source: {kind: kaiming, gain: 1.5}}
            sampling:
              count: 3
            grid: {seed: [0, 1]}
            arms: {a: {default: false, seeds: [2], align.enabled: false}}
            """
        var random = RandomChoices(state: 2)
        let alphabet = Array(" \n\t:,-[]{}#&*!|>'\"%@`?~.=x1\0é".unicodeScalars)
        var read = 0
        for _ in 0..<1500 {
            var text = Array(seed.unicodeScalars)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: text.remove(at: at)
                case 1: text[at] = alphabet.randomElement(using: &random) ?? "x"
                default: text.insert(alphabet.randomElement(using: &random) ?? "x", at: at)
                }
            }
            do {
                _ = try Sample.plan(String(String.UnicodeScalarView(text)))
                read += 1
            } catch {
                #expect(ExitStatus(error) == .usage, "\(error)")
            }
        }
        #expect(read > 0 && read < 1500)
    }
}

@Suite("Configuration trees")
struct ConfigTreeTests {
    @Test("Paths reach into sections; setting makes them, nil removes")
    func paths() {
        var tree = Tree.map(["a": .map(["b": .integer(1)])])
        tree["a.c.d"] = .bool(true)
        tree["x"] = .null
        #expect(tree["a.b"]?.integer == 1 && tree["a.c.d"]?.bool == true && tree["x"] == .null)
        #expect(tree["a.b.c"] == nil && tree["q"] == nil && tree[""] == tree)
        tree["a.b"] = nil
        #expect(tree.leaves.map(\.path) == ["a.c.d", "x"])
    }

    @Test("Sections are equal whatever their order; differences name paths")
    func differences() {
        let left = Tree.map(["a": .integer(1), "b": .map(["c": .list([.integer(1)]), "d": .null])])
        let same = Tree.map(["b": .map(["d": .null, "c": .list([.integer(1)])]), "a": .integer(1)])
        let other = Tree.map(["a": .number(1), "b": .map(["c": .list([.integer(2)])]), "e": .map([:])])
        #expect(left == same && Tree.differences(left, same).isEmpty)
        #expect(Tree.differences(left, other).map(\.path) == ["a", "b.c", "b.d", "e"])
        #expect(Tree.differences(left, other)[2].new == nil)
    }

    @Test(
        "Types say what they take",
        arguments: [
            (ConfigType.flag, "true or false"), (.integer(Int.min...Int.max), "a whole number"),
            (.integer(Int.min...3), "a whole number of at most 3"), (.number(), "a number"),
            (.number(above: 0, atMost: 0.5), "a number above 0 and of at most 0.5"), (.choice(["a"]), "a"),
            (.optional(.choice(["a", "b"])), "one of a, b, or null"),
            (.list(.flag, count: 2...2), "a list of 2 elements, each true or false"),
            (.list(.text), "a list, each a text"),
        ])
    func expectations(_ type: ConfigType, _ expected: String) {
        #expect(type.expectation == expected)
    }

    @Test(
        "Bounds include or exclude their ends",
        arguments: [
            (ConfigType.number(above: 0, below: 1), [0, 1], [0.5, 1e-300]),
            (.number(atLeast: 0, atMost: 1), [-1e-9, 1.0000001], [0, 1]),
            (.number(), [.infinity, -.infinity, .nan], [1e308]),
        ])
    func bounds(_ type: ConfigType, _ refused: [Double], _ taken: [Double]) {
        for value in refused + taken {
            #expect(((try? type.check(.number(value), at: "").get()) != nil) == taken.contains(value), "\(value)")
        }
    }

    @Test(
        "Values take the key's own form",
        arguments: [
            (ConfigType.integer(atLeast: 0), Tree.number(1e5), Tree.integer(100_000)),
            (.number(), .integer(3), .number(3)),
            (.optional(.number()), .null, .null), (.list(.number()), .list([.integer(1)]), .list([.number(1)])),
        ])
    func forms(_ type: ConfigType, _ given: Tree, _ expected: Tree) throws {
        #expect(try type.check(given, at: "").get() == expected)
    }

    @Test(
        "Values of another type are refused",
        arguments: [
            (ConfigType.integer(atLeast: 0), Tree.number(0.5)), (.integer(atLeast: 0), .number(1e300)),
            (.flag, .integer(1)), (.text, .string("")), (.list(.flag, count: 1...2), .list([])), (.list(.flag), .null),
            (.text, .null), (.number(), .string("1")), (.number(), .bool(true)), (.choice(["1"]), .integer(1)),
        ])
    func refusals(_ type: ConfigType, _ given: Tree) {
        #expect(throws: ConfigType.Mismatch.self) { try type.check(given, at: "").get() }
    }
}
