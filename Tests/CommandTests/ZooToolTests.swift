import Foundation
import ModelZoo
import Networks
import Testing

@Suite("Commands on zoos")
struct ZooToolTests {
    @Test("verify: a trained zoo is good, its accuracies are what it reaches")
    func sound() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let outcome = try Command.run(["zoo", "verify", scratch.path("tiny.h5"), "--json"])
        let json = try #require(outcome.json)
        #expect(outcome.status == 0 && json["good"] as? Bool == true && json["count"] as? Int == 12, "\(outcome)")
        let checks = try #require(json["checks"] as? [[String: Any]])
        let states = checks.compactMap { $0["state"] as? String }
        #expect(states == ["good", "good", "good", "good", "good", "skipped", "good", "good"])
        let table = try Command.run(["zoo", "verify", scratch.path("tiny.h5")])
        #expect(table.status == 0 && table.output.contains("12 of 12 networks are good"), "\(table)")
    }

    @Test("verify: status 3 and a table of findings; --drop-bad leaves the good ones; damage is 65")
    func faulty() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch) { zoo in
            var weights = zoo.weights
            weights[2 * zoo.layout.count] = 1e6
            weights.replaceSubrange(5 * zoo.layout.count..<6 * zoo.layout.count, with: zoo.row(4))
            return Zoo(header: zoo.header, weights: weights, columns: zoo.columns)
        }
        let words = ["zoo", "verify", scratch.path("tiny.h5")]
        let bad = try Command.run(words)
        #expect(bad.status == 3, "\(bad)")
        for text in ["layers.0.weight reaches 1000000", "equal to network 4", "10 of 12 networks are good"] {
            #expect(bad.output.contains(text), "\(bad)")
        }
        let dropped = try Command.run(words + ["--drop-bad", "--out", scratch.path("clean.h5")])
        #expect(dropped.status == 0 && dropped.output.contains("10 networks"), "\(dropped)")
        let clean = try ZooReader(path: scratch.path("clean.h5")).readAll()
        #expect(clean.weights == (try TinyZoo.zoo.get().select(rows: [0, 1, 3, 4, 6, 7, 8, 9, 10, 11]).weights))
        #expect(try Command.run(["zoo", "verify", scratch.path("clean.h5")]).status == 0)
        let none = try Command.run(words + ["--bound", "1e-9", "--drop-bad", "--out", scratch.path("none.h5")])
        #expect(none.status == 3 && !scratch.exists("none.h5"), "\(none)")
        for wrong in [["--drop-bad"], ["--out", scratch.path("x.h5")], ["--magnitude", "0"], ["--tolerance", "nan"]] {
            #expect(try Command.run(words + wrong).status == 64)
        }
        let cut = try scratch.bytes("tiny.h5")
        try cut.prefix(cut.count / 2).write(to: scratch.file("cut.h5"))
        #expect(try Command.run(["zoo", "verify", scratch.path("cut.h5")]).status == 65)
    }

    @Test("split: by network, by run, by any column; the same seed gives the same bytes")
    func split() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch) { zoo in
            var columns = zoo.columns
            columns["half"] = .integer((0..<12).map { $0 / 6 })
            return zoo.with(columns: columns)
        }
        func split(_ name: String, _ words: [String]) throws -> Zoo {
            let outcome = try Command.run(
                ["zoo", "split", scratch.path("tiny.h5"), "--out", scratch.path(name), "--json"] + words)
            #expect(outcome.status == 0, "\(outcome)")
            return try ZooReader(path: scratch.path(name)).readAll()
        }
        let whole = try TinyZoo.zoo.get()
        let first = try split("a.h5", ["--test", "0.25", "--validation", "0.5", "--seed", "7"])
        #expect(ZooSplit.allCases.map { first.rows(in: $0).count } == [3, 6, 3] && first.weights == whole.weights)
        _ = try split("b.h5", ["--test", "0.25", "--validation", "0.5", "--seed", "7"])
        #expect(try scratch.bytes("a.h5") == scratch.bytes("b.h5"))
        let halves = try split("c.h5", ["--by", "half", "--test", "0.5", "--validation", "0"])
        #expect([Array(0..<6), Array(6..<12)].contains(halves.rows(in: .test)))
        let words = ["zoo", "split", scratch.path("tiny.h5"), "--out", scratch.path("d.h5")]
        let unknown = try Command.run(words + ["--by", "nothing"])
        #expect(unknown.status == 64 && unknown.errors.contains("half"), "\(unknown)")
        #expect(try Command.run(words + ["--test", "0.9", "--validation", "0.2"]).status == 64)
        #expect(!scratch.exists("d.h5"))
    }

    @Test("random networks stream, and pca says what components carry, whatever memory there is")
    func principal() throws {
        let scratch = try Scratch()
        let architecture = #"{"kind":"mlp","widths":[64,8,10],"activation":"relu"}"#
        let random = ["zoo", "random", "--architecture", architecture, "--seed", "3"]
        let drawn = try Command.run(random + ["--count", "70", "--out", scratch.path("r.h5")])
        #expect(drawn.status == 0, "\(drawn)")
        let fewer = try Command.run(random + ["--count", "5", "--out", scratch.path("few.h5")])
        let (many, few) = (try ZooReader(path: scratch.path("r.h5")), try ZooReader(path: scratch.path("few.h5")))
        #expect(fewer.status == 0 && many.count == 70)
        #expect(try few.readAll().weights == many.read(rows: 0..<5).weights)
        let words = ["zoo", "pca", scratch.path("r.h5"), "--components", "69", "--json"]
        let (plain, tight) = (try Command.run(words), try Command.run(words + ["--memory", "1"]))
        #expect(plain.status == 0 && plain.output == tight.output, "\(plain)")
        #expect(plain.json?["networks"] as? Int == 70 && plain.json?["components"] as? Int == 69)
        #expect(abs((plain.json?["capturedVariance"] as? Double ?? 0) - 1) < 1e-9)
        try Command.run(["zoo", "split", scratch.path("r.h5"), "--out", scratch.path("s.h5")]).expect(0)
        let held = try Command.run(["zoo", "pca", scratch.path("s.h5"), "--components", "5"])
        #expect(held.status == 0 && held.output.contains("14 fresh networks lose"), "\(held)")
        let wrong = try Command.run(
            ["zoo", "random", "--architecture", "{}", "--count", "2", "--out", scratch.path("x.h5")])
        #expect(wrong.status == 64 && wrong.errors.contains("--architecture"), "\(wrong)")
    }

    @Test("report draws a zoo beside it or where it is told to")
    func report() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let outcome = try Command.run(["report", scratch.path("tiny.h5"), "--out", scratch.path("page.html")])
        #expect(outcome.status == 0 && outcome.output == scratch.path("page.html") + "\n", "\(outcome)")
        #expect(try scratch.text("page.html").contains("Weights, slot by slot"))
        let same = try Command.run(["report", scratch.path("tiny.h5"), "--out", scratch.path("tiny.h5")])
        #expect(same.status == 64 && same.errors.contains("would replace"), "\(same)")
    }

    @Test(
        "No command replaces the file it reads, or works for nothing",
        arguments: [
            ["align"], ["zoo", "split"], ["zoo", "verify", "--drop-bad"],
        ])
    func outputs(_ words: [String]) throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let before = try scratch.bytes("tiny.h5")
        let same = try Command.run(words + [scratch.path("tiny.h5"), "--out", scratch.path("tiny.h5")])
        #expect(same.status == 64 && same.errors.contains("would replace"), "\(same)")
        let nowhere = try Command.run(words + [scratch.path("tiny.h5"), "--out", "/proc/x.h5"])
        #expect(nowhere.status == 74 && nowhere.errors.contains("/proc/x.h5"), "\(nowhere)")
        #expect(try scratch.bytes("tiny.h5") == before)
    }

    @Test("The first signal ends evaluate, with one line and status 75", arguments: [SIGINT, SIGTERM])
    func interrupted(_ signal: Int32) throws {
        let scratch = try Scratch()
        let architecture = #"{"kind":"mlp","widths":[64,256,256,10],"activation":"relu"}"#
        try Command.run([
            "zoo", "random", "--architecture", architecture, "--count", "400", "--out", scratch.path("r.h5"),
        ]).expect(0)
        let running = try Command.start(["evaluate", scratch.path("r.h5"), "--dataset", "digits"])
        #expect(running.waits(toHandle: signal))
        running.send(signal)
        let outcome = try running.outcome()
        #expect(outcome.status == 75 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors == "weightspace: interrupted, nothing was written\n", "\(outcome)")
    }
}

extension Command.Outcome {
    /// Expects a status.
    func expect(_ status: Int32, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(self.status == status, "\(self)", sourceLocation: sourceLocation)
    }
}
