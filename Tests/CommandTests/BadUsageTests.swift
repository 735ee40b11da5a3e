import Foundation
import Testing

@Suite("The command refuses wrong usage")
struct BadUsageTests {
    /// Words after `run quickstart --arm plain-flow`, and what the one message must say.
    struct Wrong: Sendable, CustomTestStringConvertible {
        let words: [String]
        let says: [String]
        var status: Int32 = 64
        var testDescription: String { words.joined(separator: " ") }
    }

    static let runs: [Wrong] = [
        Wrong(words: ["--set", "generator.hiden=5"], says: ["generator.hiden", "did you mean generator.hidden?"]),
        Wrong(words: ["--set", "generator.hidden=abc"], says: ["generator.hidden", "a whole number", "\"abc\""]),
        Wrong(words: ["--set", "align.enabled=5"], says: ["align.enabled", "true or false"]),
        Wrong(words: ["--set", "sampling.count=-5"], says: ["sampling.count", "-5"]),
        Wrong(words: ["--set", "sampling.count=99999999999999999999999"], says: ["sampling.count"]),
        Wrong(words: ["--set", "garbage"], says: ["--set garbage", "key.path=value"]),
        Wrong(words: ["--set", "a..b=1"], says: ["a..b"]),
        Wrong(words: ["--set", "training.steps=[1,"], says: ["training.steps", "YAML"]),
        Wrong(words: ["--set", "training.rate=nan"], says: ["training.rate", "above 0"]),
        Wrong(words: ["--set", "generator.hidden=&a 5"], says: ["anchor"]),
        Wrong(words: ["--set", "zoo.kind=foo"], says: ["zoo.kind", "file, train"]),
        Wrong(words: ["--set", "evaluation.noise=[1e38]"], says: ["evaluation.noise[0]", "at most 1000"]),
        Wrong(
            words: ["--set", "zoo.kind=train", "--set", "zoo.networks.test=0"],
            says: ["zoo.networks.test", "at least 2"]),
        Wrong(words: ["--set", "zoo.kind=train", "--set", "zoo.widths=[10, 5, 3]"], says: ["widths", "64 inputs"]),
        Wrong(words: ["--set", "zoo.kind=train", "--set", "zoo.widths=[64]"], says: ["zoo.widths"]),
        Wrong(words: ["--arm", "nosuch"], says: ["--arm nosuch"]),
        Wrong(words: ["--set", "zoo.path=no/such.h5"], says: ["no/such.h5"], status: 66),
        Wrong(
            words: ["--set", "zoo.kind=train", "--set", "zoo.dataset.name=no-such-data"],
            says: ["no-such-data", "digits"], status: 66),
        Wrong(words: ["--data", "/no/such/folder"], says: ["/no/such/folder"], status: 66),
    ]

    @Test("A wrong setting: one message, the status, and nothing written", arguments: runs)
    func settings(_ wrong: Wrong) throws {
        let scratch = try Scratch()
        let outcome = try Command.run(
            ["run", "quickstart", "--arm", "plain-flow", "--quiet", "--out", scratch.path("a/b")] + wrong.words)
        #expect(outcome.status == wrong.status, "\(outcome)")
        #expect(outcome.output.isEmpty && outcome.errors.hasPrefix("weightspace: "), "\(outcome)")
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
        for text in wrong.says { #expect(outcome.errors.contains(text), "\(outcome)") }
        #expect(scratch.names() == [])
    }

    @Test("Everything that is wrong is said at once")
    func allProblems() throws {
        let outcome = try Command.run(
            ["run", "quickstart"] + TinyZoo.settings(["trainng.steps=5", "generator.hiden=3", "sampling.count=-2"]))
        #expect(outcome.status == 64)
        for text in ["training?", "generator.hidden?", "from 2 to 1000000"] { #expect(outcome.errors.contains(text)) }
    }

    @Test(
        "Words that the parser refuses have status 64",
        arguments: [
            ["run"], ["frobnicate"], ["run", "quickstart", "--threads", "0"], ["run", "quickstart", "--threads", "x"],
            ["run", "quickstart", "--frob"],
            ["run", "quickstart", "--quiet", "--verbose"],
            ["generate", "x", "--out", "y"], ["align", "x", "--out", "y", "--sweeps", "0"],
        ])
    func parser(_ words: [String]) throws {
        let outcome = try Command.run(words)
        #expect(
            outcome.status == 64 && outcome.output.isEmpty && outcome.errors.hasPrefix("weightspace: "), "\(outcome)")
    }

    /// A seed is one thing everywhere, and so is what is said of one that is none.
    @Test(
        "Seeds have one limit, and negative numbers are taken for numbers",
        arguments: ["-1", "9007199254740992", "99999999999999999999", "1.5", "x"])
    func seeds(_ seed: String) throws {
        let commands = [
            ["run", "quickstart"], ["generate", "x", "--count", "1", "--out", "y"],
            ["zoo", "split", "x", "--out", "y"],
            ["zoo", "random", "--architecture", "{}", "--count", "1", "--out", "y"],
        ]
        for words in commands {
            let outcome = try Command.run(words + ["--seed", seed])
            #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome)")
            let says = "expected a whole number from 0 to 9007199254740991 (2^53 - 1), found \(seed)"
            #expect(outcome.errors.contains(says), "\(words) \(outcome)")
        }
    }

    @Test(
        "Negative numbers are refused as numbers",
        arguments: [
            ["zoo", "random", "--architecture", "{}", "--out", "y", "--count", "-5"],
            ["align", "x", "--out", "y", "--sweeps", "-3"], ["zoo", "pca", "x", "--components", "-1"],
            ["zoo", "verify", "x", "--tolerance", "-1"], ["zoo", "split", "x", "--out", "y", "--test", "-0.5"],
            ["run", "quickstart", "--threads", "-2"],
        ])
    func negative(_ words: [String]) throws {
        let outcome = try Command.run(words)
        let number = words.last ?? ""
        #expect(outcome.status == 64 && outcome.errors.contains(number), "\(outcome)")
        #expect(!outcome.errors.contains("Missing value") && !outcome.errors.contains("Unknown option"), "\(outcome)")
    }

    @Test(
        "An unknown command gets the nearest",
        arguments: [
            (["rnu"], "did you mean `weightspace run`?"), (["zoo", "imprt"], "did you mean `weightspace zoo import`?"),
            (["import", "x"], "did you mean `weightspace zoo import`?"),
            (["zoo", "evaluate"], "did you mean `weightspace evaluate`?"),
            (["xyzzyplugh"], "there are run, generate"), (["help", "alig"], "did you mean `weightspace align`?"),
        ])
    func unknownCommand(_ words: [String], _ says: String) throws {
        let outcome = try Command.run(words)
        #expect(outcome.status == 64 && outcome.errors.hasPrefix("weightspace: there is no command"), "\(outcome)")
        #expect(outcome.errors.contains(says) && outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
    }

    @Test(
        "A missing input has status 66 and is named",
        arguments: [
            ["run", "no-such"], ["zoo", "inspect", "no-such"], ["evaluate", "no-such"], ["report", "no-such"],
            ["align", "no-such", "--out", "/tmp/never-written.h5"],
            ["zoo", "train", "no-such", "--out", "/tmp/never-written.h5"],
            ["generate", "no-such", "--count", "3", "--out", "/tmp/never-written.h5"],
        ])
    func missing(_ words: [String]) throws {
        let outcome = try Command.run(words)
        #expect(outcome.status == 66 && outcome.output.isEmpty && outcome.errors.contains("no-such"), "\(outcome)")
        #expect(!FileManager.default.fileExists(atPath: "/tmp/never-written.h5"))
    }

    @Test("Help and version go to standard output")
    func help() throws {
        #expect(try Command.run(["--version"]).output.contains("."))
        let help = try Command.run(["run", "--help"])
        #expect(help.status == 0 && help.output.contains("--resume"))
    }
}
