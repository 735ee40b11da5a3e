import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Patterns of file names: rules one by one")
struct NamePatternRuleTests {
    @Test("Names made from a pattern are read back, whatever the facts", arguments: 0..<30)
    func inverse(seed: UInt64) throws {
        var choices = RandomChoices(state: seed)
        let (run, epoch) = (Int.random(in: 0...9999, using: &choices), Int.random(in: 0...9999, using: &choices))
        let task = String(
            (0..<Int.random(in: 1...6, using: &choices)).map { _ in "abz.é ".randomElement(using: &choices) ?? "a" })
        let match = try #require(try NamePattern("{task}/s{seed}-e{epoch}.pt").match("\(task)/s\(run)-e\(epoch).pt"))
        #expect(match.facts["task"]?.text == task && match.facts["seed"] == .integer(Int64(run)))
        #expect(match.step == epoch && match.run == "\(task)/s\(run)-e.pt")
    }

    @Test("The step orders where there is one, else the epoch; both leave the run's name")
    func steps() throws {
        let both = try NamePattern("{run}_e{epoch}_s{step}")
        let match = try #require(both.match("a_e2_s0300"))
        #expect(match.step == 300 && match.run == "a_e_s" && match.spellings == ["step": "0300"])
        let epoch = try NamePattern("{run}_e{epoch}")
        #expect(epoch.match("a_e2")?.step == 2 && epoch.hasStep && epoch.depth == 0)
        let none = try NamePattern("{run}")
        #expect(none.match("a")?.step == nil && none.match("a")?.run == nil && !none.hasStep)
    }

    @Test(
        "What was measured names no run, if it is a number",
        arguments: [
            "val_loss", "acc", "test_accuracy", "top1", "Val_Acc", "rmse",
        ])
    func measured(name: String) throws {
        let pattern = try NamePattern("m-{\(name)}-{epoch}.pt")
        #expect(pattern.match("m-0.5-1.pt")?.run == pattern.match("m-0.25-2.pt")?.run)
        #expect(pattern.match("m-best-1.pt")?.run != pattern.match("m-last-1.pt")?.run)
    }

    @Test("Other facts name the run", arguments: ["lr", "seed", "lossy", "width", "topology"])
    func others(name: String) throws {
        let pattern = try NamePattern("m-{\(name)}-{epoch}.pt")
        #expect(pattern.match("m-5-1.pt")?.run != pattern.match("m-25-2.pt")?.run)
    }

    @Test("What * stands for names the run in plain folders alone")
    func wildcards() throws {
        let pattern = try NamePattern("*/*-{epoch}-*.pt")
        let name = try #require(pattern.match("a/x-1-y.pt"))
        #expect(name.run == pattern.match("a/z-2-w.pt")?.run)
        #expect(name.run != pattern.match("b/x-1-y.pt")?.run)
        let stepped = try NamePattern("*-{epoch}/w.pt")
        #expect(stepped.match("x-1/w.pt")?.run == stepped.match("y-2/w.pt")?.run)
    }

    @Test("Placeholders take the fewest characters that let the rest fit, and at least one")
    func fewest() throws {
        let match = try NamePattern("{a}b{c}").match("bbbb")
        #expect(match?.facts == ["a": .text("b"), "c": .text("bb")])
        #expect(try NamePattern("{a}b{c}").match("bb") == nil)
        #expect(try NamePattern("*b*").match("b")?.facts == [:])
        #expect(try NamePattern("{a}-{seed}").match("x-1-2")?.facts == ["a": .text("x-1"), "seed": .integer(2)])
    }

    @Test("No placeholder goes beyond its folder")
    func folders() throws {
        for pattern in ["{a}", "*", "{a}.pt", "*.pt", "x{a}"] {
            #expect(try NamePattern(pattern).match("xx/y.pt") == nil)
        }
        #expect(try NamePattern("{a}/{b}/*.pt").depth == 2)
    }

    @Test(
        "Facts that say nothing are left out; large seeds are unsigned",
        arguments: [
            ("nan", nil), ("None", nil), ("18446744073709551615", ColumnValue.unsigned(.max)), ("1e5", .real(1e5)),
            ("-3", .integer(-3)), ("inf", .text("inf")), ("0x10", .text("0x10")),
        ])
    func values(text: String, value: ColumnValue?) throws {
        #expect(try #require(try NamePattern("v_{v}.pt").match("v_\(text).pt")).facts["v"] == value)
    }

    @Test(
        "What is wrong with a pattern is said with the pattern",
        arguments: [
            ("a{b", "a { without }"), ("a}b", "a } without {"), ("{a}{b}", "two placeholders that touch"),
            ("{a}*", "two placeholders that touch"), ("**", "a ** that is not a folder of its own (**/)"),
            ("{x}-{x}", "{x} twice"),
            ("{a-b}", "the name \"a-b\""), ("{}", "the name \"\""), ("", "0 parts"),
        ])
    func messages(pattern: String, found: String) throws {
        let error = try requireDataError { _ = try NamePattern(pattern) }
        #expect(error.found == "\(found) in \"\(pattern)\"" && error.path == "--pattern")
    }

    @Test("Patterns of as many as 32 parts are read")
    func manyParts() throws {
        _ = try NamePattern((0..<16).map { "{f\($0)}a" }.joined())
        #expect(throws: DataError.self) { try NamePattern((0..<16).map { "{f\($0)}a" }.joined() + "*") }
    }
}
