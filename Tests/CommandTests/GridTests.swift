import Foundation
import Testing

@Suite("Experiments with arms")
struct GridTests {
    private func write(_ scratch: Scratch) throws {
        try TinyZoo.write(to: scratch)
        let grid = """
            grid:
              generator.hidden: [8, 16]
              seed: [0, 1]
            arms:
              extra: {default: false, coordinates: {kind: raw}, generator.hidden: 8, seeds: [3]}
            """
        try scratch.put("tiny.yaml", scratch.text("tiny.yaml") + grid + "\n")
    }

    /// A run of the grid; the tiny settings that the grid or an arm vary are left out.
    private func run(_ scratch: Scratch, _ more: [String] = []) throws -> Command.Outcome {
        let words = TinyZoo.run(scratch, out: "grid")
        let varied = ["generator.hidden", "coordinates", "--set"]
        let kept = TinyZoo.short.filter { word in !varied.contains { word.hasPrefix($0) } }
        return try Command.run(Array(words.prefix(5)) + TinyZoo.settings(kept) + more)
    }

    private func runs(_ scratch: Scratch) throws -> Set<String> {
        let summary = try JSONSerialization.jsonObject(with: scratch.bytes("grid/summary.json")) as? [String: Any]
        let rows = try #require(summary?["rows"] as? [[String: Any]])
        return Set(rows.compactMap { row in (row["arm"] as? String).map { "\($0)/\(row["seed"] as? Int ?? -1)" } })
    }

    @Test("A grid makes a folder for each arm and seed, and a summary above them that keeps earlier arms")
    func grid() throws {
        let scratch = try Scratch()
        try write(scratch)
        let first = try run(scratch)
        #expect([0, 3].contains(first.status), "\(first)")
        let standard: Set = ["hidden-8/0", "hidden-8/1", "hidden-16/0", "hidden-16/1"]
        #expect(scratch.names("grid") == ["arms", "report.html", "report.json", "summary.json"])
        #expect(scratch.names("grid/arms") == ["hidden-16", "hidden-8"])
        #expect(scratch.names("grid/arms/hidden-8") == ["seed-0", "seed-1"])
        #expect(try runs(scratch) == standard)
        let lines = first.output.split(separator: "\n")
        for name in ["hidden-8", "hidden-16"] {
            let rows = lines.filter { $0.hasPrefix("\(name) ") }
            #expect(rows.count == 1 && rows.allSatisfy { $0.count <= 80 && $0.contains(" ± ") }, "\(first)")
        }
        #expect(first.output.contains(": Of 4 runs, "), "\(first)")
        let arm = "grid/arms/hidden-8"
        #expect(try scratch.bytes("\(arm)/seed-0/ensemble.h5") != scratch.bytes("\(arm)/seed-1/ensemble.h5"))

        let named = try run(scratch, ["--arm", "extra"])
        #expect([0, 3].contains(named.status), "\(named)")
        #expect(try runs(scratch) == standard.union(["extra/3"]))

        let again = try run(scratch)
        #expect(again.status == 64 && again.errors.contains("this run is finished"), "\(again)")
        let resumed = try run(scratch, ["--resume"])
        #expect(resumed.status == 0 && resumed.output.contains("finished before"), "\(resumed)")
        let other = try run(scratch, ["--resume", "--set", "training.batch=3"])
        #expect(other.status == 64 && other.errors.contains("training.batch"), "\(other)")
        let words = ["generate", scratch.path("grid"), "--count", "2", "--out", scratch.path("x.h5")]
        let generated = try Command.run(words)
        #expect(generated.status == 66 && generated.errors.contains("arms/<name>/seed-<n>"), "\(generated)")
    }

    @Test("The status is that of the worst run that was asked for, whatever the first came to")
    func status() throws {
        let scratch = try Scratch()
        try TinyZoo.write(to: scratch)
        // Starts that are training networks, hardly moved, are good without any training; the others are infinite.
        let arms = """
            arms:
              near: {source: {kind: perturbed, std: 1.0e-4}, training: {steps: 1, warmUp: 0, rate: 1.0e-9}, seeds: [0]}
              far: {source: {kind: gaussian, std: 1.0e+39}, training: {steps: 1, warmUp: 0, rate: 1.0e-9}, seeds: [0]}
            """
        try scratch.put("tiny.yaml", scratch.text("tiny.yaml") + arms + "\n")
        let settings = TinyZoo.short.filter { $0 != "--set" && !$0.hasPrefix("training.") }
        func run(_ out: String, _ more: [String]) throws -> Command.Outcome {
            let words = ["run", scratch.path("tiny.yaml"), "--json", "--out", scratch.path(out)]
            return try Command.run(words + TinyZoo.settings(settings) + more)
        }
        let near = try run("near", ["--arm", "near"])
        #expect(near.status == 0, "\(near)")
        let both = try run("both", [])
        #expect(both.status == 3, "\(both)")
        let verdict = try #require(both.json?["verdict"] as? [String: Any])
        let reasons = try #require(verdict["reasons"] as? [String])
        #expect(reasons.contains { $0.hasPrefix("far") && $0.contains("none of the networks that it drew is finite") })
        let own = try scratch.text("both/arms/far/seed-0/summary.json")
        #expect(own.contains("6 of 6 drawn networks were not finite"), "\(own)")
    }

    @Test("Arms are not written into a folder of something else")
    func foreign() throws {
        let scratch = try Scratch()
        try write(scratch)
        try FileManager.default.createDirectory(at: scratch.file("grid"), withIntermediateDirectories: true)
        try scratch.put("grid/thesis.tex", "x")
        let outcome = try run(scratch)
        #expect(outcome.status == 64 && scratch.names("grid") == ["thesis.tex"], "\(outcome)")
    }
}
