import Foundation
import ModelZoo
import Testing

@Suite("Commands on files")
struct OperationTests {
    @Test("generate: network i is the same for every count, and the run's own; another seed gives others")
    func generate() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        _ = try Command.run(TinyZoo.run(scratch, out: "run"))
        func draw(_ count: Int, seed: Int = 0) throws -> Zoo {
            let file = scratch.path("\(count)-\(seed).h5")
            let outcome = try Command.run(
                ["generate", scratch.path("run"), "--count", "\(count)", "--seed", "\(seed)", "--out", file, "--json"])
            #expect(outcome.status == 0 && outcome.json?["count"] as? Int == count, "\(outcome)")
            return try ZooReader(path: file).readAll()
        }
        let (few, many) = (try draw(10), try draw(60))
        #expect(few.weights == Array(many.weights.prefix(few.weights.count)))
        let own = try ZooReader(path: scratch.path("run/ensemble.h5")).readAll()
        #expect(own.weights == Array(few.weights.prefix(own.weights.count)))
        #expect(try draw(10, seed: 1).weights != few.weights)
        #expect(few.header.dataset == own.header.dataset)
        #expect(few.columns.numbers("sample") == (0..<10).map(Double.init))

        let replacing = ["generate", scratch.path("run"), "--count", "2", "--out", scratch.path("run/aligned.h5")]
        #expect(try Command.run(replacing).status == 64, "the run's own file is not replaced")
        let late = try Command.run(["report", scratch.path("run"), "--json"])
        #expect(late.status == 0 && late.json?["report"] as? String == scratch.path("run/report.html"), "\(late)")
        let words = ["generate", scratch.path("run"), "--count", "2", "--out", scratch.path("x.h5")]
        for (name, old, new, says) in [
            ("coordinates/coordinates.json", "\"dimension\": 7", "\"dimension\": -7", "coordinates"),
            ("generator/generator.json", "\"version\": 2", "\"version\": 1", "version 1"),
        ] {
            let text = try scratch.text("run/\(name)")
            #expect(text.contains(old), "\(text)")
            try scratch.put("run/\(name)", text.replacingOccurrences(of: old, with: new))
            let damaged = try Command.run(words)
            #expect(damaged.status == 65 && damaged.errors.contains(says), "\(damaged)")
            #expect(damaged.errors.split(separator: "\n").count == 1, "\(damaged)")
            try scratch.put("run/\(name)", text)
        }
        #expect(!scratch.exists("x.h5"))
    }

    @Test("Where an operation writes is checked before it works", arguments: ["generate", "align", "train"])
    func outputs(_ name: String) throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        try scratch.put("recipe.yaml", "widths: [64, 8, 10]\n")
        let words =
            switch name {
            case "generate": ["generate", scratch.path("run"), "--count", "3"]
            case "align": ["align", scratch.path("tiny.h5")]
            default: ["zoo", "train", scratch.path("recipe.yaml")]
            }
        for place in ["no/such/x.h5", "tiny.h5/x.h5", ""] {
            let outcome = try Command.run(words + ["--out", scratch.path(place)])
            #expect(outcome.status == 74 && outcome.output.isEmpty, "\(outcome)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
        }
        #expect(scratch.names() == ["recipe.yaml", "tiny.h5", "tiny.yaml"])
    }

    @Test("align keeps every network's function and changes nothing the second time")
    func align() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let first = try Command.run(["align", scratch.path("tiny.h5"), "--out", scratch.path("a.h5"), "--json"])
        let facts = try #require(first.json)
        #expect(first.status == 0 && facts["networks"] as? Int == 12 && facts["reference"] as? Int == 0)
        let (difference, largest) = (facts["largestLogitDifference"] as? Double, facts["largestLogit"] as? Double)
        #expect(try #require(difference) <= 1e-5 * #require(largest))
        let (before, after) = (facts["distanceBefore"] as? Double, facts["distanceAfter"] as? Double)
        #expect(try #require(after) < #require(before))
        let second = try Command.run(["align", scratch.path("a.h5"), "--out", scratch.path("b.h5")])
        #expect(second.status == 0)
        let zoos = try ["a.h5", "b.h5"].map { try ZooReader(path: scratch.path($0)).readAll() }
        #expect(zoos[0].weights == zoos[1].weights && zoos[0].columns == zoos[1].columns)
        let words = ["align", scratch.path("a.h5"), "--out", scratch.path("c.h5"), "--reference", "12"]
        let beyond = try Command.run(words)
        #expect(beyond.status == 64 && beyond.errors.contains("0 to 11") && !scratch.exists("c.h5"))
    }

    @Test("evaluate gives the zoo's recorded accuracies; beside its zoo, copies lie at distance 0")
    func evaluate() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        let recorded = try #require(TinyZoo.zoo.get().columns.numbers("test_accuracy"))
        let alone = try Command.run(["evaluate", scratch.path("tiny.h5"), "--json"])
        let row = try #require((alone.json?["rows"] as? [[String: Any]])?.first)
        let spread = try #require(row["test_accuracy"] as? [String: Any])
        for (key, value) in [("min", recorded.min()), ("max", recorded.max())] {
            #expect(try abs(#require(spread[key] as? Double) - #require(value)) < 1e-15)
        }
        #expect(row["n"] as? Int == 12 && row["novelty"] == nil)
        let beside = try Command.run(["evaluate", scratch.path("tiny.h5"), "--zoo", scratch.path("tiny.h5"), "--json"])
        let rows = try #require(beside.json?["rows"] as? [[String: Any]])
        let kinds = rows.compactMap { $0["what"] as? String }
        #expect(kinds.prefix(3) == ["zoo", "fresh", "generated"] && kinds.contains("repaired-average-2"))
        let novelty = try #require(rows[2]["novelty"] as? [String: Any])
        #expect((novelty["weight_distance"] as? [String: Any])?["min"] as? Double == 0)
    }

    @Test("zoo train gives the same bytes each time; zoo inspect knows the seeds")
    func train() throws {
        let scratch = try Scratch()
        let recipe = """
            widths: [64, 4, 10]
            training: {epochs: 1}
            networks: {train: 3, validation: 1, test: 2, firstSeed: 40}
            """
        try scratch.put("recipe.yaml", recipe)
        for (name, threads) in [("a.h5", "1"), ("b.h5", "2")] {
            let words = [
                "zoo", "train", scratch.path("recipe.yaml"), "--out", scratch.path(name), "--threads", threads,
            ]
            #expect(try Command.run(words).status == 0)
        }
        #expect(try scratch.bytes("a.h5") == scratch.bytes("b.h5"))
        let inspection = try #require(Command.run(["zoo", "inspect", scratch.path("a.h5"), "--json"]).json)
        let columns = try #require(inspection["columns"] as? [[String: Any]])
        let seed = try #require(columns.first { $0["name"] as? String == "seed" })
        #expect(seed["minimum"] as? Double == 40 && seed["mean"] as? Double == 42.5 && seed["maximum"] as? Double == 45)
        #expect(inspection["splits"] as? [String: Int] == ["train": 3, "validation": 1, "test": 2])
        #expect(inspection["checksums"] as? String == "verified")
    }

    @Test("data list says where it looked and that the digits are the right ones")
    func data() throws {
        let listing = try #require(Command.run(["data", "list", "--json"]).json)
        let sets = try #require(listing["datasets"] as? [[String: Any]])
        #expect(sets.first { $0["name"] as? String == "digits" }?["state"] as? String == "verified")
        #expect((listing["folders"] as? [String])?.isEmpty == false)
    }
}
