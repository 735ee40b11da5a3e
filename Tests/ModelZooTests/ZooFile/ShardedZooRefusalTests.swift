import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("What is refused of a zoo in shards")
struct ShardedZooRefusalTests {
    /// The error of opening a folder of two shards after `change` has changed something in it.
    private func refusal(_ change: (String) throws -> Void) throws -> DataError? {
        try withFolder { folder in
            try writeShards(ShardedZooTests.zoo(), from: [0, 6], to: folder)
            try change(folder)
            return dataError { _ = try ZooReader(path: folder) }
        }
    }

    /// The same after text of the index was replaced.
    private func refusal(replacing old: String, by new: String) throws -> DataError? {
        try refusal { folder in
            let text = try String(contentsOfFile: "\(folder)/index.json", encoding: .utf8)
            #expect(text.contains(old))
            try text.replacing(old, with: new).write(toFile: "\(folder)/index.json", atomically: true, encoding: .utf8)
        }
    }

    @Test("a shard that is missing, cut off, or another one of the same size")
    func shards() throws {
        let missing = try refusal { try FileManager.default.removeItem(atPath: "\($0)/shard-00001.h5") }
        #expect(missing?.kind == .missing && missing?.path.hasSuffix("/shard-00001.h5") == true)
        #expect(missing?.found.contains("one of the 2 shards") == true)
        let cut = try refusal { folder in
            let file = try #require(FileHandle(forWritingAtPath: "\(folder)/shard-00000.h5"))
            try file.truncate(atOffset: 4000)
        }
        #expect(cut?.kind == .malformed && cut?.found.contains("it has 4000 bytes") == true)
        let swapped = try refusal { folder in
            try ZooWriter.write(
                ShardedZooTests.zoo(salt: 3).select(rows: Array(0..<6)), to: "\(folder)/shard-00000.h5")
        }
        #expect(swapped?.found.contains("its checksums are others") == true)
        #expect(swapped?.hint.contains("replaced after the index was written") == true)
        let split = try refusal { folder in
            let zoo = ShardedZooTests.zoo().select(rows: Array(0..<6))
            var columns = zoo.columns
            columns["split"] = .integer([2, 2, 2, 2, 2, 2])
            try ZooWriter.write(zoo.with(columns: columns), to: "\(folder)/shard-00000.h5")
        }
        #expect(split?.found.contains("its checksums are others") == true)
    }

    @Test("an index without digests of contents has the whole files verified at opening")
    func wholeFiles() throws {
        try withFolder { folder in
            try writeShards(ShardedZooTests.zoo(), from: [0, 6], to: folder)
            let path = URL(fileURLWithPath: "\(folder)/index.json")
            let tree = try Tree(parsing: Data(contentsOf: path), path: path.path)
            var index = try #require(tree.map)
            index["shards"] = .list(
                try #require(index["shards"]?.list).map { shard in
                    var map = shard.map ?? [:]
                    (map["contents"], map["splits"]) = (nil, nil)
                    return .map(map)
                })
            try (Tree.map(index).text() + "\n").write(to: path, atomically: true, encoding: .utf8)
            #expect(try ZooReader(path: folder).count == 12)
            try ZooWriter.write(
                ShardedZooTests.zoo(salt: 3).select(rows: Array(0..<6)), to: "\(folder)/shard-00000.h5")
            #expect(dataError { _ = try ZooReader(path: folder) }?.found.contains("its checksums are others") == true)
        }
    }

    @Test(
        "names that lead out of the folder, hidden ones, none, and one twice",
        arguments: ["../shard-00001.h5", "/etc/passwd", "..", ".hidden.h5", "", "a/b.h5", "shard-00000.h5"])
    func names(name: String) throws {
        let error = try refusal(replacing: "\"shard-00001.h5\"", by: "\"\(name)\"")
        #expect(error?.kind == .malformed && error?.path.hasSuffix("/index.json") == true)
        #expect(error?.expected == (name == "shard-00000.h5" ? "every shard once" : "names of files in its own folder"))
    }

    @Test("an index of a newer version, of another kind, or that does not add up")
    func index() throws {
        let newer = try refusal(replacing: "\"version\" : 1", by: "\"version\" : 2, \"rows\" : []")
        #expect(newer?.expected == "version 1 of the index" && newer?.found == "version 2")
        #expect(newer?.hint.contains("newer weightspace") == true)
        let other = try refusal(replacing: ShardedZoo.format, by: "someone-elses")
        #expect(other?.found == "format \"someone-elses\"")
        let sum = try refusal(replacing: "\"networks\" : 12", by: "\"networks\" : 13")
        #expect(sum?.expected == "the 12 networks of its shards in all" && sum?.found == "13")
        let none = try refusal(replacing: "\"networks\" : 6", by: "\"networks\" : -6")
        #expect(none?.expected == "networks in every shard")
        let text = try refusal(replacing: "\"networks\" : 6", by: "\"networks\" : \"six\"")
        #expect(text?.expected == "the index of a sharded zoo")
        let count = try refusal { folder in
            let text = try String(contentsOfFile: "\(folder)/index.json", encoding: .utf8)
                .replacing("\"networks\" : 6", with: "\"networks\" : 5").replacing(": 12", with: ": 10")
            try text.write(toFile: "\(folder)/index.json", atomically: true, encoding: .utf8)
        }
        #expect(count?.found.contains("it holds 6 networks, not 5") == true)
        let garbage = try refusal { try "{".write(toFile: "\($0)/index.json", atomically: true, encoding: .utf8) }
        #expect(garbage?.found == "something else")
        let gone = try refusal { try FileManager.default.removeItem(atPath: "\($0)/index.json") }
        #expect(gone?.found == "a folder")
    }

    /// The error of a folder whose second shard is another zoo's, freshly indexed.
    private func mixture(_ second: Zoo) throws -> DataError? {
        try withFolder { folder in
            try ZooWriter.write(ShardedZooTests.zoo(), to: "\(folder)/a.h5")
            try ZooWriter.write(second, to: "\(folder)/b.h5")
            try ShardedZoo(of: ["a.h5", "b.h5"], in: folder).write(to: folder)
            return dataError { _ = try ZooReader(path: folder) }
        }
    }

    @Test("shards that are of different zoos")
    func mixtures() throws {
        let zoo = ShardedZooTests.zoo()
        let wide = ShardedZooTests.zoo(
            architecture: Architecture(MLP.Config(widths: [3, 5, 2], activation: .relu)))
        let architecture = try mixture(wide)
        #expect(architecture?.path.hasSuffix("/b.h5") == true && architecture?.kind == .malformed)
        #expect(architecture?.found.contains("another architecture or layout (D = 32") == true)
        #expect(architecture?.found.hasSuffix("than the first shard, a.h5") == true)
        let tanh = ShardedZooTests.zoo(
            architecture: Architecture(MLP.Config(widths: [3, 4, 2], activation: .tanh)))
        #expect(try mixture(tanh)?.found.contains("another architecture") == true)
        let without = Zoo(header: zoo.header, weights: zoo.weights, columns: zoo.columns)
        #expect(try mixture(without)?.found.contains("other trajectories") == true)
        var columns = zoo.columns
        columns["seed"] = nil
        let seedless = try mixture(zoo.with(columns: columns))
        #expect(seedless?.expected == "a column of unsigned values" && seedless?.found == "none")
        columns = zoo.columns
        columns["note"] = .real((0..<12).map { Double($0) })
        #expect(try mixture(zoo.with(columns: columns))?.found == "real ones")
    }

    @Test("a folder of zoos that differ in architecture is not taken for one zoo")
    func folderOfZoos() throws {
        let error = try refusal { folder in
            let text = """
                {"format":"weightspace-zoos","version":1,"zoos":[{"file":"a.h5","architecture":{"kind":"mlp",\
                "widths":[3,4,2],"activation":"relu"},"networks":1,"parameters":26,"settings":{},"sha256":""}]}
                """
            try text.write(toFile: "\(folder)/index.json", atomically: true, encoding: .utf8)
        }
        #expect(error?.found.contains("1 zoos whose networks differ") == true)
        #expect(error?.hint == "name one of its files, such as a.h5")
    }
}
