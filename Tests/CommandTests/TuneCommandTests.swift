import Foundation
import ModelZoo
import Testing

@Suite("The command tune")
struct TuneCommandTests {
    private static let short = TinyZoo.settings([
        "tuning.count=4", "tuning.matching={steps: 2, batch: 2, path: 3}", "tuning.reward.rows=50",
    ])

    private func tune(_ scratch: Scratch, _ out: String, _ more: [String]) throws -> Command.Outcome {
        try Command.run(
            ["tune", scratch.path("run"), "--out", scratch.path(out), "--quiet"] + Self.short + more)
    }

    @Test("prints a row for every way to more reward; its folder is what generate, evaluate and report take")
    func tunes() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        _ = try Command.run(TinyZoo.run(scratch, out: "run"))
        let plain = try tune(scratch, "tuned", ["--strength", "1,3"])
        #expect([0, 3].contains(plain.status), "\(plain)")
        for words in ["untuned", "tuned", "guided", "best of", "gradient", "report: "] {
            #expect(plain.output.contains(words), "\(words): \(plain.output)")
        }
        let json = try tune(scratch, "json", ["--strength", "2", "--json", "--reward", "accuracy"])
        let rows = (json.json?["tuning"] as? [String: Any])?["rows"] as? [[String: Any]] ?? []
        #expect(rows.compactMap { $0["method"] as? String } == ["base", "tuned", "guidance", "best-of", "ascent"])
        #expect(json.json?["summary"] != nil)
        let drawn = try Command.run(
            ["generate", scratch.path("tuned"), "--count", "3", "--out", scratch.path("new.h5"), "--quiet"])
        #expect(drawn.status == 0, "\(drawn)")
        #expect(try ZooReader(path: scratch.path("new.h5")).readAll().count == 3)
        #expect(try Command.run(["evaluate", scratch.path("tuned"), "--quiet"]).status == 0)
        #expect(try Command.run(["report", scratch.path("tuned")]).status == 0)
        let again = try tune(scratch, "tuned", ["--strength", "1,3", "--resume"])
        #expect(again.status == 0 && again.output.contains("finished before"), "\(again)")
        #expect(try tune(scratch, "tuned", ["--strength", "1,3"]).status == 64, "a finished run is not replaced")
    }

    @Test(
        "wrong usage is 64 with the option or key, before any work",
        arguments: [
            (["--strength", "-1"], "--strength"), (["--strength", "1,,2"], "--strength"),
            (["--strength", "much"], "--strength"), (["--reward", "fame"], "tuning.reward.kind"),
            (["--set", "tuning.strengths=[]"], "tuning.strengths"), (["--set", "tuning.speed=1"], "tuning.speed"),
        ])
    func usage(_ words: [String], _ place: String) throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        _ = try Command.run(TinyZoo.run(scratch, out: "run"))
        let outcome = try tune(scratch, "tuned", words)
        #expect(outcome.status == 64 && outcome.errors.contains(place), "\(outcome)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("tuned")))
    }

    @Test("a folder that is no run's is 66")
    func missing() throws {
        let scratch = try Scratch()
        let outcome = try tune(scratch, "tuned", [])
        #expect(outcome.status == 66, "\(outcome)")
    }
}
