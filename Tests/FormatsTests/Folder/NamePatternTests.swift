import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Patterns of file names")
struct NamePatternTests {
    @Test(
        "facts in names",
        arguments: [
            ("seed{seed}_epoch{epoch}.pt", "seed12_epoch003.pt", ["seed": "12", "epoch": "3"]),
            ("{task}_{seed}.pt", "a_b_7.pt", ["task": "a_b", "seed": "7"]),
            ("{task}-{kind}.pt", "a-b-c.pt", ["task": "a", "kind": "b-c"]),
            ("*_{seed}.*", "x_y_7.tar.gz", ["seed": "7"]),
            ("{a}/s{seed}", "zoo/s1", ["a": "zoo", "seed": "1"]),
            ("{lr}.h5", "0.01.h5", ["lr": "0.01"]), ("plain", "plain", [:]),
        ])
    func match(pattern: String, name: String, facts: [String: String]) throws {
        #expect(try NamePattern(pattern).match(name)?.facts.mapValues(\.text) == facts)
    }

    @Test(
        "names that do not fit",
        arguments: [
            ("seed{seed}.pt", "seed.pt"), ("seed{seed}.pt", "seedx.pt"), ("seed{seed}.pt", "seed1.ptx"),
            ("{a}.pt", "x/y.pt"), ("*.pt", "x/y.pt"), ("{a}", ""), ("seed{seed}", "seed99999999999999999999999"),
            ("a", "b"), ("{a}/{b}", "only"),
        ])
    func noMatch(pattern: String, name: String) throws {
        #expect(try NamePattern(pattern).match(name) == nil)
    }

    @Test("runs are what is left without the step")
    func runs() throws {
        let pattern = try NamePattern("{model}/seed{seed}-epoch{epoch}.pt")
        let (first, second) = (pattern.match("a/seed1-epoch2.pt"), pattern.match("a/seed1-epoch10.pt"))
        #expect(first?.run == second?.run && first?.run != nil)
        #expect(first?.step == 2 && second?.step == 10 && pattern.depth == 1 && pattern.hasStep)
        #expect(pattern.match("b/seed1-epoch2.pt")?.run != first?.run)
        #expect(try NamePattern("s{seed}").match("s3")?.run == nil)
    }

    @Test("a long name and many placeholders take no long time")
    func time() throws {
        let pattern = try NamePattern((0..<15).map { "{f\($0)}a" }.joined() + "b")
        #expect(pattern.match(String(repeating: "a", count: 4000)) == nil)
        #expect(pattern.match(String(repeating: "a", count: 4000) + "b") != nil)
    }

    @Test(
        "wrong patterns",
        arguments: ["{", "}", "a{}", "{a b}", "{a}{b}", "{a}*", "", "{a}-{a}", "a{b"])
    func wrong(pattern: String) {
        #expect(dataError { _ = try NamePattern(pattern) }?.kind == .configuration)
    }

    @Test("wildcards alone")
    func wildcards() {
        #expect(NamePattern(wildcard: "opt.*").match("opt.step") != nil)
        #expect(NamePattern(wildcard: "**{x}").match("a{x}") != nil)
        #expect(NamePattern(wildcard: "a*c").match("ab") == nil)
    }

    @Test(
        "natural order",
        arguments: [
            (["l.2", "l.10", "l.1"], ["l.1", "l.2", "l.10"]), (["b1", "a2", "a"], ["a", "a2", "b1"]),
            (["x02", "x2", "x1"], ["x1", "x02", "x2"]), (["a", "1", "-"], ["-", "1", "a"]),
            (["1.10", "1.9", "1"], ["1", "1.9", "1.10"]),
            (
                ["9999999999999999999", "1", "10000000000000000000"],
                ["1", "9999999999999999999", "10000000000000000000"]
            ),
        ])
    func natural(names: [String], sorted: [String]) {
        #expect(names.sorted(by: NaturalOrder.precedes) == sorted)
        #expect(names.reversed().sorted(by: NaturalOrder.precedes) == sorted)
    }
}
