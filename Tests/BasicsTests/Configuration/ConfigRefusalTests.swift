import Foundation
import TestSupport
import Testing

@testable import Basics

/// A component that once had other names for its keys.
private struct Renamed: ComponentConfig {
    var steps = 3
    var rate = 0.1
    static let keys = [
        ConfigKey("steps", .integer(atLeast: 1), "How many steps.", formerly: "iterations"),
        ConfigKey("rate", .number(above: 0), "How fast."),
    ]
}

/// The same in a section.
private struct Outer: ComponentConfig {
    var inner = Renamed()
    static let keys: [ConfigKey] = .section("inner", Renamed.self)
}

/// An object that knows its keys.
private struct Extent: Decodable {
    init(from decoder: any Decoder) throws { try decoder.refuseKeys(except: ["width", "height"]) }
}

@Suite("What configurations and descriptions are refused for, in words")
struct ConfigRefusalTests {
    private static func problems<Config: ComponentConfig>(
        _: Config.Type, _ pairs: KeyValuePairs<String, Tree>
    ) -> [String] {
        var merge = ConfigMerge(ConfigSchema(Config.self))
        merge.apply(pairs.map { ConfigAssignment(path: $0.key, value: $0.value, origin: .option("-o")) })
        return merge.problems.map(\.description)
    }

    @Test("A section is no value, and a value no section; an unknown section is reported once")
    func sections() {
        #expect(
            Self.problems(Drawing.self, ["shape": 3]) == [
                "shape (-o): expected a section with keys of its own, found 3"
            ])
        #expect(
            Self.problems(Drawing.self, ["scale": ["x": 1, "y": 2]]) == [
                "scale (-o): expected a number above 0 and of at most 8, found a section"
            ])
        #expect(
            Self.problems(Drawing.self, ["qqqqqq.front.red": 1, "qqqqqq.back": 2]) == [
                "qqqqqq (-o): there is no such key"
            ])
    }

    @Test("A key's former name is answered with the new one, in a section too")
    func renamed() {
        #expect(
            Self.problems(Renamed.self, ["iterations": 5, "rate": 1]) == [
                "iterations (-o): there is no such key any more (it is called steps)"
            ])
        #expect(
            Self.problems(Outer.self, ["inner": ["iterations": 5]]) == [
                "inner.iterations (-o): there is no such key any more (it is called inner.steps)"
            ])
        #expect(Self.problems(Outer.self, ["inner.steps": 5]).isEmpty)
    }

    @Test("What is wrong does not keep the rest from being set, in later layers neither")
    func rest() {
        var merge = ConfigMerge(ConfigSchema(Renamed.self))
        merge.apply([
            ConfigAssignment(path: "steps", value: 0, origin: .option("first")),
            ConfigAssignment(path: "rate", value: 2, origin: .option("first")),
        ])
        merge.apply([ConfigAssignment(path: "steps", value: 7.0, origin: .file("c.yaml", line: 4, column: 8))])
        #expect(merge.tree == ["steps": 7, "rate": 2.0])
        #expect(merge.problems.map(\.path) == ["steps"] && merge.problems[0].origin == .option("first"))
        #expect(merge.origins.mapValues(\.description) == ["steps": "c.yaml:4:8", "rate": "first"])
    }

    @Test("An assignment of a section stands for one of each value in it, at their paths and from one place")
    func flattened() {
        let place = ConfigOrigin.file("c.yaml", line: 1, column: 2)
        let whole = ConfigAssignment(path: "a", value: ["b": ["c": 1, "d": [2]], "e": [:]], origin: place)
        let parts = whole.flattened
        #expect(parts.map(\.path) == ["a.b.c", "a.b.d", "a.e"] && parts.map(\.value) == [1, [2], [:]])
        #expect(parts.allSatisfy { $0.origin == place && $0.flattened == [$0] })
    }

    @Test("A problem is one line: path, origin, expectation, finding, advice; in a section it has the longer path")
    func descriptions() {
        let place = ConfigOrigin.file("c.yaml", line: 3, column: 5)
        #expect(ConfigProblem("a", expected: "x", found: "y", hint: "z").description == "a: expected x, found y (z)")
        #expect(ConfigProblem("a", problem: "p", origin: place).description == "a (c.yaml:3:5): p")
        #expect(ConfigProblem("", problem: "p", origin: place).description == "c.yaml:3:5: p")
        #expect(ConfigProblem("", problem: "p", hint: "h").description == "p (h)")
        let own = [ConfigProblem("", problem: "p"), ConfigProblem("b.c", problem: "q", origin: place)].under("s")
        #expect(own.map(\.path) == ["s", "s.b.c"] && own[1].origin == place && own.under("t")[0].path == "t.s")
        #expect(ConfigProblem.own(nil).isEmpty)
        #expect(ConfigProblem.own("p").under("s")[0].description == "s: these settings do not go together: p")
    }

    @Test("The same problem is told once, one from two places twice")
    func errors() {
        let problem = ConfigProblem("a", problem: "p")
        let other = ConfigProblem("a", problem: "p", origin: .option("-o"))
        let error = ConfigError([problem, other, problem, other])
        #expect(error.problems == [problem, other] && error.description == "a: p\na (-o): p")
    }

    private static let keys: [(String, String)] = [
        (#"{"width":1,"widht":2}"#, "the key widht, which is none of width, height; did you mean width?"),
        (#"{"zz":1,"qq":2}"#, "the key qq, which is none of width, height"),
        (#"{"a\u001Bb":1}"#, "the key a\u{FFFD}b, which is none of width, height"),
    ]

    @Test("An object's unknown key is named with the nearest known one, the first of several", arguments: keys)
    func unknownKeys(_ json: String, _ says: String) throws {
        do {
            _ = try JSONDecoder().decode(Extent.self, from: Data(json.utf8))
            Issue.record("\(json) was read")
        } catch { #expect(DecodingError.reason(of: error).contains(says), "\(DecodingError.reason(of: error))") }
        _ = try JSONDecoder().decode(Extent.self, from: Data(#"{"height":1}"#.utf8))
    }

    @Test("A hint may say what there is, of a long list its beginning; capitals and underscores are no difference")
    func hints() {
        #expect(Nearest.hint("a", of: ["a", "b"]) == "did you mean a? there are a, b")
        #expect(Nearest.hint(nil, of: ["a"]) == "there is a" && Nearest.hint(nil, of: []).isEmpty)
        let many = (1...14).map { "k\($0)" }
        #expect(Nearest.hint(nil, of: many).hasSuffix("k11, k12 and 2 more"))
        #expect(Nearest.match("Learning_Rate", among: ["rate", "learning-rate"]) == "learning-rate")
        #expect(Nearest.match("BatchNorm1d", among: ["layer", "batch"]) == "batch", "a known word with more behind it")
        #expect(Nearest.match("SEED", among: ["seed"]) == "seed")
    }
}
