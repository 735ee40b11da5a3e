import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Networks in several files")
struct ShardTests {
    /// Writes tensors [2] filled with the number given, and reads the folder.
    private func folder<Result>(
        _ files: [(String, [(String, Float)])], _ body: (String) throws -> Result
    ) throws -> Result {
        try withFolder { (folder: String) throws in
            for (name, tensors) in files {
                let url = URL(fileURLWithPath: "\(folder)/\(name)")
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                let parts = tensors.map {
                    SafetensorsWriter.Entry(name: $0, shape: [2], values: [Float](repeating: $1, count: 2)[...])
                }
                let text = try SafetensorsWriter.bytes(parts, metadata: [:])
                try (name.hasSuffix(".json") ? Data("{}".utf8) : Data(text)).write(to: url)
            }
            return try body(folder)
        }
    }

    @Test(
        "names of shards",
        arguments: [
            ("a/model-00002-of-00003.safetensors", "a/model.safetensors", 2, 3),
            ("pytorch-model-00001-of-00012.bin", "pytorch-model.bin", 1, 12),
            ("b-c/m-100000-of-100000.h5", "b-c/m.h5", 100_000, 100_000),
        ])
    func names(path: String, whole: String, number: Int, count: Int) {
        let name = ShardName(path)
        #expect(name?.whole == whole && name?.number == number && name?.count == count)
    }

    @Test(
        "names of other files",
        arguments: [
            "model.safetensors", "m-1-of-3.pt", "m-00001-of-00001.pt", "m-00004-of-00003.pt", "m-00000-of-00002.pt",
            "00001-of-00002.pt", "m-00001-of-00002", "m-00001-of-00002/x.pt", "m-00001-von-00002.pt", "-of-.pt", "",
            "/",
            "m-99999999999999999999-of-99999999999999999999.pt", "m-+0001-of-00002.pt",
        ])
    func others(path: String) { #expect(ShardName(path) == nil) }

    @Test("shards are one network, with or without an index; the numbers' order counts")
    func joined() throws {
        let shards: [(String, [(String, Float)])] = [
            ("model-00002-of-00002.safetensors", [("c", 3), ("d", 4)]),
            ("model-00001-of-00002.safetensors", [("a", 1), ("b", 2)]), ("model.safetensors.index.json", []),
        ]
        try folder(shards) { path in
            let source = try ZooSources().open(path)
            let networks = try source.all()
            #expect(networks.map { $0.tensors.map(\.name) } == [["a", "b", "c", "d"]] && !networks[0].isOrdered)
            #expect(source.notes.last == "shards were joined: 1 networks of several files")
            let part = dataError { _ = try ZooSources().open("\(path)/model-00001-of-00002.safetensors") }
            #expect(part?.kind == .malformed && part?.found.hasPrefix("shard 1 of 2 of ") == true)
        }
    }

    @Test("a folder of sharded networks, by a pattern; facts of the name are theirs")
    func pattern() throws {
        let names = (1...2).flatMap { seed in (1...2).map { "s\(seed)/model-0000\($0)-of-00002.safetensors" } }
        let files = names.enumerated().map { ($1, [("\($0 % 2)", Float($0))]) }
        try folder(files) { path in
            let sources = ZooSources(pattern: try NamePattern("s{seed}/model-*.safetensors"))
            let networks = try sources.open(path).all()
            #expect(networks.map { $0.facts["seed"] } == [.integer(1), .integer(2)])
            #expect(networks.map { $0.tensors.map { $0.values.floats()[0] } } == [[0, 1], [2, 3]])
            let each = ZooSources(pattern: try NamePattern("s1/model-{part}-of-00002.safetensors"))
            #expect(dataError { _ = try each.open(path) }?.found == "another network, as the pattern says")
        }
    }

    @Test("missing shards, shards of the same tensors, and indices of shards that are not there are refused")
    func refused() throws {
        try folder([("m-00001-of-00003.pt", [("a", 1)]), ("m-00003-of-00003.pt", [("b", 1)])]) { path in
            let error = dataError { _ = try ZooSources().open(path) }
            #expect(error?.kind == .missing && error?.found == "none of number 2")
        }
        try folder([("m-00001-of-00002.pt", [("a", 1)]), ("m-00002-of-00002.pt", [("a", 1)])]) { path in
            let error = dataError { _ = try ZooSources().open(path).all() }
            #expect(error?.kind == .malformed && error?.found.hasPrefix("a, which") == true)
        }
        let others: [(String, [(String, Float)])] = [("part1.pt", [("a", 1)]), ("m.safetensors.index.json", [])]
        try folder(others) { path in
            #expect(dataError { _ = try ZooSources().open(path) }?.path.hasSuffix("m.safetensors.index.json") == true)
        }
        try folder(others + [("m.safetensors", [("a", 1)])]) { (path: String) throws in
            #expect(try ZooSources().open(path).all().count == 2)
        }
    }
}
