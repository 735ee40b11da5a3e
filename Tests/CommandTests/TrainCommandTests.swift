import Foundation
import ModelZoo
import Testing

@Suite("zoo train")
struct TrainCommandTests {
    private static let recipe = """
        widths: [64, 16, 10]
        training: {epochs: 40, batch: 8}
        networks: {train: 20, validation: 0, test: 5, firstSeed: 40}
        checkpoints: {every: 5}
        """

    private static let tanh = """
        widths: [64, 4, 10]
        activation: tanh
        training: {epochs: 1}
        networks: {validation: 0, test: 0}
        """

    private func words(_ scratch: Scratch, out: String, _ more: [String] = []) -> [String] {
        ["zoo", "train", scratch.path("recipe.yaml"), "--quiet", "--out", scratch.path(out)] + more
    }

    @Test("Killed or stopped at any moment, --resume gives the same bytes", arguments: [SIGKILL, SIGTERM])
    func killed(_ signal: Int32) throws {
        let scratch = try Scratch()
        try scratch.put("recipe.yaml", Self.recipe)
        let start = Date()
        #expect(try Command.run(words(scratch, out: "whole.h5")).status == 0)
        let seconds = Date().timeIntervalSince(start)
        var kept = 0
        for share in [0.2, 0.45, 0.7, 0.95] {
            let running = try Command.start(words(scratch, out: "zoo.h5", ["--resume"]))
            usleep(UInt32(seconds * share * 1e6))
            running.send(signal)
            let outcome = try running.outcome()
            if outcome.status == 0 { break }
            #expect(outcome.status == (signal == SIGKILL ? 137 : 75), "\(outcome)")
            kept += scratch.names("zoo.h5.progress").contains { $0.hasPrefix("group-") } ? 1 : 0
        }
        #expect(signal == SIGKILL || kept > 0)
        #expect(try Command.run(words(scratch, out: "zoo.h5", ["--resume"])).status == 0)
        #expect(try Command.run(words(scratch, out: "zoo.h5", ["--resume"])).status == 0, "nothing is left to do")
        #expect(try scratch.bytes("zoo.h5") == scratch.bytes("whole.h5"))
        #expect(scratch.names() == ["recipe.yaml", "whole.h5", "zoo.h5"], "nothing is left of the progress")
    }

    @Test("An unfinished training is gone on with only on request, and only as it was begun")
    func unfinished() throws {
        let scratch = try Scratch()
        try scratch.put("recipe.yaml", Self.recipe)
        let running = try Command.start(words(scratch, out: "zoo.h5"))
        #expect(running.waits(for: scratch.file("zoo.h5.progress/group-0")))
        running.send(SIGTERM)
        #expect(try running.outcome().status == 75)
        let again = try Command.run(words(scratch, out: "zoo.h5"))
        #expect(again.status == 64 && again.errors.contains("--resume"), "\(again)")
        let other = try Command.run(words(scratch, out: "zoo.h5", ["--resume", "--set", "training.rate=0.01"]))
        #expect(other.status == 64 && other.errors.contains("zoo.h5.progress"), "\(other)")
        #expect(try Command.run(words(scratch, out: "zoo.h5", ["--resume"])).status == 0)
    }

    @Test("A training that was killed between giving the zoo its name and removing its records is finished by --resume")
    func killedAtTheEnd() throws {
        let scratch = try Scratch()
        try scratch.put("recipe.yaml", Self.recipe)
        #expect(try Command.run(words(scratch, out: "zoo.h5")).status == 0)
        let whole = try scratch.bytes("zoo.h5"), records = scratch.file("zoo.h5.progress")
        try FileManager.default.createDirectory(at: records, withIntermediateDirectories: false)
        let place = try FileManager.default.attributesOfItem(atPath: scratch.path("zoo.h5"))
        let device = try #require(place[.systemNumber] as? Int), number = try #require(place[.systemFileNumber] as? Int)
        try scratch.put("zoo.h5.progress/result.txt", "\(device) \(number + 1)")
        #expect(
            try Command.run(words(scratch, out: "zoo.h5", ["--resume"])).status == 64, "some other zoo is left alone")
        try scratch.put("zoo.h5.progress/result.txt", "\(device) \(number)")
        #expect(try Command.run(words(scratch, out: "zoo.h5", ["--resume"])).status == 0)
        #expect(try scratch.bytes("zoo.h5") == whole && scratch.names() == ["recipe.yaml", "zoo.h5"])
    }

    @Test("Training that diverges is an outcome: status 3 where all do, a zoo that says so, and a hint at the rate")
    func diverged() throws {
        let scratch = try Scratch()
        try scratch.put("recipe.yaml", Self.tanh)
        let words = ["zoo", "train", scratch.path("recipe.yaml"), "--out", scratch.path("wild.h5")]
        let wild = try Command.run(
            words + ["--set", "training.optimizer=sgd", "--set", "training.rate=1e38", "--json"])
        #expect(wild.status == 3 && wild.errors.contains("training.rate"), "\(wild)")
        let columns = try #require(wild.json?["columns"] as? [[String: Any]])
        let diverged = try #require(columns.first { $0["name"] as? String == "diverged" })
        #expect(diverged["minimum"] as? Double == 1 && diverged["missing"] as? Int == 0)
        #expect(try Command.run(["zoo", "inspect", scratch.path("wild.h5")]).status == 0)
        let experiment = "zoo: {kind: train, widths: [64, 4, 10], training: {rate: 1.0e+30, epochs: 1}}\n"
        try scratch.put("wild.yaml", experiment)
        let run = try Command.run(["run", scratch.path("wild.yaml"), "--out", scratch.path("run"), "--quiet"])
        #expect(run.status == 64 && run.errors.contains("zoo.training.rate"), "\(run)")
    }

    @Test("A grid over widths makes a folder of zoos with an index; another folder is never replaced")
    func folder() throws {
        let scratch = try Scratch()
        let grid = """
            grid: {widths: [[64, 4, 10], [64, 6, 10]], training.batch: [16, 64]}
            training: {epochs: 2}
            networks: {train: 2, validation: 0, test: 1}
            """
        try scratch.put("recipe.yaml", grid)
        for more in [[], ["--force"]] {
            let outcome = try Command.run(words(scratch, out: "zoos", ["--json"] + more))
            #expect(outcome.status == 0 && (outcome.json?["zoos"] as? [[String: Any]])?.count == 2, "\(outcome)")
            #expect(scratch.names("zoos") == ["index.json", "widths-64x4x10.h5", "widths-64x6x10.h5"])
        }
        let zoo = try ZooReader(path: scratch.path("zoos/widths-64x6x10.h5"))
        #expect(zoo.columns.numbers("batch") == [16, 16, 16, 64, 64, 64])
        try FileManager.default.createDirectory(at: scratch.file("mine"), withIntermediateDirectories: true)
        try scratch.put("mine/letter.txt", "keep me")
        for place in ["mine", "recipe.yaml"] {
            let refused = try Command.run(words(scratch, out: place))
            #expect(refused.status == 64 && refused.errors.contains("--out"), "\(refused)")
        }
        #expect(try scratch.text("mine/letter.txt") == "keep me")
    }

    @Test("The first networks of the committed zoo come out again, as near as another processor's rounding lets them")
    func committed() throws {
        let scratch = try Scratch()
        let zoo = Command.checkout.appendingPathComponent("ModelZoos/digits-mlp")
        let small = ["networks.train=10", "networks.validation=0", "networks.test=0"].flatMap { ["--set", $0] }
        let words = ["zoo", "train", zoo.path + ".yaml", "--quiet", "--out", scratch.path("ten.h5")] + small
        #expect(try Command.run(words).status == 0)
        let own = try ZooReader(path: scratch.path("ten.h5")).readAll()
        let committed = try ZooReader(path: zoo.path + ".h5").read(rows: Array(0..<10))
        #expect(own.columns.names == committed.columns.names && own.columns["seed"] == committed.columns["seed"])
        let found = try #require(own.columns.numbers("test_accuracy"))
        let expected = try #require(committed.columns.numbers("test_accuracy"))
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 0.03 })
    }
}
