import Foundation
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("One network in several forms in one folder")
struct FolderFormsTests {
    /// Writes safetensors of one number, whatever the files are called, and reads the folder.
    private func read(_ names: [String], pattern: String? = nil) throws -> (numbers: [Float], notes: [String]) {
        try withFolder { (folder: String) throws in
            for (index, name) in names.enumerated() {
                let url = URL(fileURLWithPath: "\(folder)/\(name)")
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                let shard = name.contains("-of-") ? "\(index)" : "w"
                let tensors = [SafetensorsWriter.Entry(name: shard, shape: [1], values: [Float(index)])]
                try Data(try SafetensorsWriter.bytes(tensors, metadata: [:])).write(to: url)
            }
            let source = try ZooSources(pattern: try pattern.map { try NamePattern($0) }).open(folder)
            return (try source.all().map { $0.tensors[0].values.floats()[0] }, source.notes)
        }
    }

    @Test(
        "the first of these is taken, the second is told of with the pattern that takes it",
        arguments: [
            ["model.safetensors", "pytorch_model.bin"], ["net.safetensors", "net.pt"], ["a.pt", "a.h5"],
            ["a.keras", "a.weights.h5"], ["a.h5", "a.npz"],
            ["diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin"],
            ["open_clip_model.safetensors", "open_clip_pytorch_model.bin"],
            ["model.safetensors", "model.fp16.safetensors"],
            ["net.pt", "net_ema.pt"], ["net.pt", "ema-net.pt"], ["model.safetensors", "tf_model.h5"],
            ["model010000.pt", "ema_0.9999_010000.pt"],
        ])
    func pairs(names: [String]) throws {
        let found = try read(names)
        #expect(found.numbers == [0], "\(found.notes)")
        #expect(found.notes.contains { $0.contains(names[0]) && $0.contains(names[1]) || $0.contains("averages") })
        #expect(found.notes.contains { $0.contains("--pattern \"\(names[1])\"") }, "\(found.notes)")
        #expect(try read(names, pattern: names[1]).numbers == [1])
    }

    @Test("shards beside the whole; many networks in two forms")
    func more() throws {
        let shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors"]
        let found = try read(shards)
        #expect(
            found.numbers == [2] && found.notes.contains { $0.contains("model.safetensors was taken") },
            "\(found.notes)")
        let many = try read((0..<6).flatMap { ["net\($0).pt", "net\($0).safetensors"] })
        #expect(many.numbers == [1, 3, 5, 7, 9, 11])
        #expect(many.notes.contains { $0.contains("6 files are other forms") && $0.contains("--pattern \"*.pt\"") })
    }

    @Test(
        "networks of their own, whatever their names share",
        arguments: [
            ["a1.pt", "a2.h5"], ["net-1.pt", "net_1.pt"], ["Net.pt", "net.pt"], ["a.b.pt", "a.c.pt"],
            ["model_ema.pt", "net_ema.pt"], ["average_pool.pt", "pool.pt"],
        ])
    func others(names: [String]) throws { #expect(try read(names).numbers.count == 2, "\(names)") }
}

@Suite("Folders below a folder")
struct FolderSearchTests {
    private func folder<Result>(_ names: [String], _ body: (String) throws -> Result) throws -> Result {
        try withFolder { (folder: String) throws in
            let tensors = [SafetensorsWriter.Entry(name: "w", shape: [1], values: [1])]
            let content = Data(try SafetensorsWriter.bytes(tensors, metadata: [:]))
            for name in names {
                let url = URL(fileURLWithPath: "\(folder)/\(name)")
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try (name.hasSuffix(".json") ? Data("{}".utf8) : content).write(to: url)
            }
            return try body(folder)
        }
    }

    private static let trees: [([String], String)] = [
        (
            ["checkpoint-500/model.safetensors", "checkpoint-1000/model.safetensors"],
            "checkpoint-{step}/model.safetensors"
        ),
        (
            ["seed_0/ckpt_ep0.pt", "seed_0/ckpt_ep5.pt", "seed_1/ckpt_ep0.pt", "seed_1/ckpt_ep5.pt"],
            "seed_{seed}/ckpt_ep{epoch}.pt"
        ),
        (["runs/a/best.pt", "runs/b/best.pt"], "runs/*/best.pt"),
        (["lr0.1/s1.pt", "lr0.01/s2.pt"], "lr{lr}/s{seed}.pt"),
        (
            ["a/epoch=1-val_acc=0.5.ckpt", "a/epoch=2-val_acc=0.75.ckpt"],
            "a/epoch={epoch}-val_acc={val_acc}.ckpt"
        ),
        (["x/net.pt"], "x/net.pt"), (["v1/7.pt", "v2/8.pt"], "v{v}/*.pt"), (["a{1}/m.pt", "a{2}/m.pt"], "*/m.pt"),
        (
            [
                "c-1/m-00001-of-00002.safetensors", "c-1/m-00002-of-00002.safetensors",
                "c-2/m-00001-of-00002.safetensors", "c-2/m-00002-of-00002.safetensors",
            ],
            "c-{c}/m-*.safetensors"
        ),
    ]

    @Test("a pattern is proposed from what is there, and reads it", arguments: trees)
    func proposals(names: [String], pattern: String) throws {
        try folder(names) { (path: String) throws in
            let error = dataError { _ = try ZooSources().open(path) }
            #expect(error?.hint == "--pattern \"\(pattern)\" reads them", "\(error as Any)")
            #expect(error?.found.contains("in folders below it") == true)
            let wrong = dataError { _ = try ZooSources(pattern: try NamePattern("other.pt")).open(path) }
            #expect(wrong?.hint == error?.hint)
            guard !names[0].contains("-of-") else { return }
            #expect(try ZooSources(pattern: try NamePattern(pattern)).open(path).all().count == names.count)
        }
    }

    @Test("networks in the folder itself are read, with a word on those below; other files are no networks")
    func beside() throws {
        try folder(["model.safetensors", "checkpoint-5/model.safetensors", "checkpoint-9/model.safetensors"]) { path in
            let source = try ZooSources().open(path)
            #expect(try source.all().count == 1)
            #expect(source.notes.contains { $0.contains("2 more files") && $0.contains("checkpoint-{step}/model") })
        }
        try folder(["a/notes.json", "b.json"]) { path in
            #expect(dataError { _ = try ZooSources().open(path) }?.found == "b.json")
        }
    }

    @Test("experiments of Ray Tune below a folder are named")
    func experiments() throws {
        try folder(["one/trial_1/params.json", "two/trial_1/params.json"]) { path in
            let error = dataError { _ = try ZooSources().open(path) }
            #expect(error?.found == "2 directories of Ray Tune below it: one, two")
            #expect(error?.hint.hasSuffix("/one") == true)
        }
    }

    @Test("**/ stands for any folders, or none")
    func anyFolders() throws {
        let names = ["m.pt", "a/m.pt", "a/b/m.pt", "a/b/other.pt", "seed1/x/m.pt"]
        try folder(names) { (path: String) throws in
            func count(_ pattern: String) throws -> Int {
                try ZooSources(pattern: try NamePattern(pattern)).open(path).all().count
            }
            #expect(try count("**/m.pt") == 4 && count("a/**/m.pt") == 2 && count("seed{seed}/**/*.pt") == 1)
        }
        let match = try NamePattern("**/seed{seed}_ep{epoch}.pt").match("x/y/seed3_ep4.pt")
        #expect(match?.facts["seed"] == .integer(3) && match?.step == 4 && match?.run?.hasPrefix("x/y/") == true)
        for wrong in ["a**", "a**/b", "**"] {
            #expect(dataError { _ = try NamePattern(wrong) }?.found.contains("**/") == true, "\(wrong)")
        }
    }
}
