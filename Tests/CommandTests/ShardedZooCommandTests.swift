import Foundation
import ModelZoo
import Testing

@Suite("A zoo in shards, by the command")
struct ShardedZooCommandTests {
    private static let recipe = """
        widths: [64, 8, 10]
        training: {epochs: 12}
        networks: {train: 34, validation: 3, test: 3}
        """

    private func words(_ scratch: Scratch, out: String, _ more: [String] = []) -> [String] {
        ["zoo", "train", scratch.path("recipe.yaml"), "--quiet", "--out", scratch.path(out)] + more
    }

    @Test("zoo train --shards writes a folder that other commands take; killed, it goes on to the same bytes")
    func train() throws {
        let scratch = try Scratch()
        try scratch.put("recipe.yaml", Self.recipe)
        let start = Date()
        let whole = try Command.run(words(scratch, out: "zoo", ["--shards", "3", "--json"]))
        let seconds = Date().timeIntervalSince(start)
        #expect(
            whole.status == 0 && whole.json?["count"] as? Int == 40 && whole.json?["shards"] as? Int == 3, "\(whole)")
        let names = ["index.json", "shard-00000.h5", "shard-00001.h5", "shard-00002.h5"]
        #expect(scratch.names("zoo") == names)
        for share in [0.3, 0.6, 0.9] {
            let running = try Command.start(words(scratch, out: "again", ["--shards", "3", "--resume"]))
            usleep(UInt32(seconds * share * 1e6))
            running.send(SIGKILL)
            if try running.outcome().status == 0 { break }
        }
        #expect(try Command.run(words(scratch, out: "again", ["--shards", "3", "--resume"])).status == 0)
        for name in names { #expect(try scratch.bytes("again/\(name)") == scratch.bytes("zoo/\(name)"), "\(name)") }
        #expect(scratch.names() == ["again", "recipe.yaml", "zoo"], "nothing is left of the progress")
    }

    @Test("inspect, verify, export and evaluate take the folder, and say what is wrong with it")
    func commands() throws {
        let scratch = try Scratch()
        try scratch.put("recipe.yaml", Self.recipe)
        #expect(try Command.run(words(scratch, out: "zoo", ["--shards", "2"])).status == 0)
        #expect(try Command.run(words(scratch, out: "one.h5")).status == 0)
        let inspected = try ["zoo", "one.h5"].map { try Command.run(["zoo", "inspect", scratch.path($0), "--json"]) }
        let digests = inspected.map { $0.json?["contentDigest"] as? String }
        #expect(digests[0] != nil && digests[0] == digests[1], "\(inspected)")
        #expect(try Command.run(["zoo", "inspect", scratch.path("zoo")]).output.contains("2 shards, "))
        #expect(try Command.run(["zoo", "verify", scratch.path("zoo"), "--json"]).status == 0)
        let judged = try ["zoo", "one.h5"].map { try Command.run(["evaluate", scratch.path($0), "--json"]).json }
        #expect(judged[0]?["rows"] as? NSArray == judged[1]?["rows"] as? NSArray && judged[0] != nil)
        let view = try Command.run([
            "zoo", "export", scratch.path("zoo"), "--format", "virtual-hdf5", "--out", scratch.path("view.h5"),
        ])
        #expect(view.status == 0 && view.output.contains("note: the weights stay in the shards"), "\(view)")
        let refused = try Command.run(["zoo", "inspect", scratch.path("view.h5")])
        #expect(refused.status == 65 && refused.errors.contains("name the folder of the shards"), "\(refused)")
        try FileManager.default.removeItem(at: scratch.file("zoo/shard-00001.h5"))
        let missing = try Command.run(["zoo", "verify", scratch.path("zoo")])
        #expect(missing.status == 66 && missing.errors.contains("one of the 2 shards"), "\(missing)")
        let many = try Command.run(words(scratch, out: "many", ["--shards", "5"]))
        #expect(
            many.status == 64 && many.errors.contains("--shards") && scratch.names("many.progress") == [], "\(many)")
    }
}
