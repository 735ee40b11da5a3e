import Foundation
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Indices of shards")
struct ShardIndexTests {
    private func folder<Result>(
        _ shards: [String: [String]], map: [String: String], name: String = "model.safetensors.index.json",
        _ body: (String) throws -> Result
    ) throws -> Result {
        try withFolder { (folder: String) throws in
            for (file, names) in shards {
                let tensors = names.map { SafetensorsWriter.Entry(name: $0, shape: [1], values: [1]) }
                try Data(try SafetensorsWriter.bytes(tensors, metadata: [:])).write(
                    to: URL(fileURLWithPath: "\(folder)/\(file)"))
            }
            try JSONEncoder().encode(["weight_map": map]).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            return try body(folder)
        }
    }

    @Test("shards of any names are one network, in a folder, by a pattern and by the index itself")
    func anyNames() throws {
        let shards = ["part_a.safetensors": ["x"], "b.safetensors": ["y", "z"]]
        let map = ["x": "part_a.safetensors", "y": "b.safetensors", "z": "b.safetensors"]
        for name in ["model.safetensors.index.json", "pytorch_model.bin.index.json"] {
            try folder(shards, map: map, name: name) { (path: String) throws in
                for source in [
                    try ZooSources().open(path), try ZooSources().open("\(path)/\(name)"),
                    try ZooSources(pattern: try NamePattern("*.index.json")).open(path),
                ] {
                    #expect(try source.all().map { $0.tensors.map(\.name) } == [["y", "z", "x"]])
                    #expect(source.notes.contains { $0.contains("shards were joined") }, "\(source.notes)")
                }
            }
        }
    }

    @Test("shards that are numbered as well as indexed are one network")
    func numbered() throws {
        let names = (1...2).map { "model-0000\($0)-of-00002.safetensors" }
        try folder([names[0]: ["x"], names[1]: ["y"]], map: ["x": names[0], "y": names[1]]) { path in
            let index = "model.safetensors.index.json"
            for source in [
                try ZooSources().open(path), try ZooSources(pattern: try NamePattern("*")).open(path),
                try ZooSources(pattern: try NamePattern(index)).open(path), try ZooSources().open("\(path)/\(index)"),
            ] {
                #expect(try source.all().map { $0.tensors.map(\.name) } == [["x", "y"]])
            }
        }
    }

    @Test("one network in one file with an index")
    func oneFile() throws {
        try folder(["m.safetensors": ["x"]], map: ["x": "m.safetensors"], name: "m.safetensors.index.json") {
            (path: String) throws in
            #expect(try ZooSources().open(path).all().count == 1)
        }
    }

    @Test("shards or tensors that are not there, and names of other folders, are refused")
    func refused() throws {
        let shards = ["a.safetensors": ["x"]]
        try folder(shards, map: ["x": "a.safetensors", "y": "b.safetensors"]) { path in
            let error = dataError { _ = try ZooSources().open(path) }
            #expect(error?.kind == .missing && error?.found == "no file b.safetensors")
        }
        try folder(shards, map: ["x": "a.safetensors", "y": "a.safetensors"]) { path in
            #expect(dataError { _ = try ZooSources().open(path).all() }?.found == "no y in its shards")
        }
        for name in ["../a.safetensors", "/etc/passwd", "..", ""] {
            try folder(shards, map: ["x": name]) { path in
                let error = dataError { _ = try ZooSources().open(path) }
                #expect(error?.expected == "names of files of its own folder", "\(error as Any)")
            }
        }
    }

    @Test("an index whose shards are elsewhere says nothing where the whole file is")
    func stale() throws {
        let map = ["x": "m-1.safetensors"]
        try folder(["m.safetensors": ["x"]], map: map, name: "m.safetensors.index.json") { (path: String) throws in
            #expect(try ZooSources().open(path).all().count == 1)
        }
    }
}
