import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Folders of networks")
struct FolderSourceTests {
    @Test("a pattern carries seed and epoch; checkpoints of a seed are one run, in order")
    func runs() throws {
        let sources = ZooSources(pattern: try NamePattern("seed{seed}_epoch{epoch}.safetensors"))
        let source = try sources.open(formatFixture("runs"))
        let networks = try source.all()
        #expect(networks.map(\.step) == [0, 1, 2, 1, 2])
        #expect(
            networks.map(\.run)
                == ["seed0_epoch.safetensors", "seed1_epoch.safetensors"].flatMap {
                    [String?](repeating: $0, count: $0.contains("0") ? 3 : 2)
                })
        #expect(networks.map { $0.facts["seed"] } == [0, 0, 0, 1, 1].map { .integer($0) })
        #expect(networks[1].facts["test_accuracy"] == .real(0.25))
        #expect(source.longestRun == 3 && source.total == 5)
        #expect(source.notes == ["1 of 6 files do not fit the pattern and were passed over: notes.txt"])
        let names = ["seed0_epoch0", "seed0_epoch1", "seed0_epoch2", "seed1_epoch1", "seed1_epoch2"]
        #expect(try networks.map(\.asExpected) == names.map { try expected("runs/\($0).safetensors")[0] })
    }

    @Test("without a pattern every file that holds networks is read, others are told of")
    func anyFile() throws {
        let source = try ZooSources().open(formatFixture("runs"))
        #expect(try source.all().count == 5 && source.longestRun == 1)
        #expect(source.notes.first == "1 of 6 files are of no format that is known and were passed over: notes.txt")
        #expect(source.notes.count == 2 && source.notes[1].contains("5 checkpoints of 2 runs"))
        #expect(dataError { _ = try ZooSources(format: .npz).open(formatFixture("runs")).all() }?.kind == .malformed)
    }

    @Test("files whose names look like checkpoints of runs are read each by itself, and the pattern is said")
    func looksLikeRuns() throws {
        try withFolder { folder in
            let bytes = try Data(contentsOf: URL(fileURLWithPath: formatFixture("types.safetensors")))
            func notes(_ names: [String]) throws -> String {
                let own = "\(folder)/\(names.joined(separator: "+").count)-\(names.count)"
                try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
                for name in names { try bytes.write(to: URL(fileURLWithPath: "\(own)/\(name).safetensors")) }
                return try ZooSources().open(own).notes.joined(separator: "\n")
            }
            let runs = try notes(["seed0_epoch23", "seed0_epoch24", "seed1_epoch23", "seed1_epoch24"])
            #expect(runs.contains("4 checkpoints of 2 runs") && runs.contains("seed{seed}_epoch{epoch}.safetensors"))
            #expect(try notes(["ckpt_100", "ckpt_200", "ckpt_300"]).contains("3 checkpoints of one run"))
            #expect(try !notes(["net_1", "net_2"]).contains("checkpoints"))
            #expect(try !notes(["seed1_epoch9", "seed2_epoch9"]).contains("checkpoints"))
        }
    }

    @Test("folders without networks, missing ones, and patterns on files are refused")
    func refused() throws {
        try withFolder { (folder: String) throws in
            #expect(dataError { _ = try ZooSources().open(folder) }?.found == "none")
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/x.txt"))
            #expect(dataError { _ = try ZooSources().open(folder) }?.found == "x.txt")
            #expect(dataError { _ = try ZooSources().open("\(folder)/none") }?.kind == .missing)
            #expect(dataError { _ = try ZooSources().open("\(folder)/x.txt") }?.found == "1 bytes of another kind")
        }
        let pattern = try NamePattern("{seed}.x")
        let error = dataError { _ = try ZooSources(pattern: pattern).open(formatFixture("types.safetensors")) }
        #expect(error?.kind == .configuration)
    }

    @Test("files of networks that are damaged, cut or empty stop a folder's import; other things are passed over")
    func damaged() throws {
        let checkpoint = try bytes(checkpointFixture("mlp.pt"))
        let tensors = try bytes(formatFixture("types.safetensors"))
        let bad: [(String, Data)] = [
            ("b.pt", checkpoint.prefix(checkpoint.count / 2)), ("b.dat", checkpoint.prefix(checkpoint.count / 2)),
            ("b.pt", Data()), ("b.ckpt", Data()), ("b.bin", Data()), ("b.SAFETENSORS", tensors.prefix(20)),
            ("b.pth", Data(count: 4096)), ("b.npy", Data("text".utf8)), ("b.h5", Data(count: 600)),
        ]
        for (name, content) in bad {
            try withFolder { (folder: String) throws in
                func put(_ name: String, _ data: Data) throws {
                    try data.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
                }
                try put("a.pt", checkpoint)
                try put("c.bin", Data(count: 20))
                try put("d.txt", Data())
                try put("e.zip", try bytes(checkpointFixture("plain.zip")))
                try FileManager.default.createSymbolicLink(atPath: "\(folder)/f", withDestinationPath: "none")
                let source = try ZooSources().open(folder)
                #expect(try source.all().count == 1)
                let names = "c.bin, d.txt, e.zip, f"
                #expect(source.notes == ["4 of 5 files are of no format that is known and were passed over: \(names)"])
                try put(name, content)
                let error = dataError { _ = try ZooSources().open(folder) }
                #expect(error?.kind == .malformed && error?.path.contains("/\(name)") == true, "\(name)")
                #expect(error?.hint.hasSuffix("--pattern says which files of a folder to read") == true, "\(name)")
            }
        }
    }

    @Test("checkpoints without a network are passed over in a folder, and named")
    func withoutNetworks() throws {
        let numbers = PickleBytes.call(
            "torch._utils", "_rebuild_tensor_v2", PickleBytes.storage("0", count: 8, type: "ByteStorage"),
            PickleBytes.integer(0), PickleBytes.tuple(PickleBytes.integer(8)),
            PickleBytes.tuple(PickleBytes.integer(1)), [0x89], PickleBytes.none)
        let moments = PickleBytes.tensor(PickleBytes.storage("0", count: 2), shape: [2], strides: [1])
        let files: [(String, [UInt8])] = [
            (
                "optimizer.pt",
                PickleBytes.dictionary(
                    ("state", PickleBytes.dictionary(("0", moments))), ("param_groups", PickleBytes.emptyList))
            ),
            ("rng_state.pth", PickleBytes.dictionary(("cpu", numbers))),
            ("scheduler.pt", PickleBytes.dictionary(("last_epoch", PickleBytes.integer(3)))),
            ("training_args.bin", PickleBytes.call("argparse", "Namespace")),
        ]
        try withFolder { (folder: String) throws in
            for (name, pickle) in files {
                try writeCheckpoint("\(folder)/\(name)", pickle: pickle, storages: ["0": [1, 2]])
            }
            #expect(dataError { _ = try ZooSources().open(folder) }?.hint.contains("--pattern") == true)
            try FileManager.default.copyItem(
                atPath: formatFixture("runs/seed0_epoch0.safetensors"), toPath: "\(folder)/model.safetensors")
            let source = try ZooSources().open(folder)
            #expect(try source.all().map(\.asExpected) == expected("runs/seed0_epoch0.safetensors"))
            let passed = files.map(\.0).joined(separator: ", ")
            #expect(source.notes == ["4 of 5 files have no network in them and were passed over: \(passed)"])
        }
    }

    @Test("a Ray Tune directory: runs, checkpoints, facts of every epoch, and a run that failed")
    func ray() throws {
        let path = formatFixture("ray")
        #expect(try ZooFormat.detect(path) == .rayTune)
        let source = try ZooSources().open(path)
        let networks = try source.all()
        #expect(networks.map(\.step) == [1, 5, 10, 1, 5])
        #expect(networks.map { $0.run == "\(path)/NN_tune_trainable_2" } == [true, true, true, false, false])
        #expect(source.longestRun == 3 && source.total == 5)
        #expect(source.notes == ["1 of 3 runs have no checkpoints and were passed over"])
        let facts = networks[1].facts
        #expect(facts["epoch"] == .integer(5) && facts["test_accuracy"] == .real(5 / 16))
        #expect(facts["seed"] == .integer(3) && facts["width"] == .integer(3))
        #expect(facts["optim::lr"] == .real(3e-4) && facts["model::type"] == .text("MLP"))
        // NaN is nothing known, and Ray's own records are no facts of a network.
        #expect(facts["train_loss"] == nil && facts["hostname"] == nil && facts["test_acc"] == nil)
        func bare(_ network: ForeignNetwork) -> [ExpectedTensor] {
            zip(network.asExpected, TensorNames.unwrapped(network.tensors.map(\.name)).last ?? []).map {
                ExpectedTensor(name: $1, shape: $0.shape, data: $0.data)
            }
        }
        #expect(try networks.map(bare) == expected("ray"))
        #expect(try ZooSources().open("\(path)/NN_tune_trainable_10").all().count == 2)
    }

    @Test("the small-CNN zoo: rows become named tensors, steps of a model become a run")
    func smallCNN() throws {
        let path = formatFixture("small-cnn")
        #expect(try ZooFormat.detect(path) == .npy)
        let source = try ZooSources().open(path)
        let networks = try source.all()
        #expect(try networks.map(\.asExpected) == expected("small-cnn"))
        #expect(networks.map(\.run) == ["m/b", "m/b", "m/a", "m/a", "m/a"])
        #expect(networks.map(\.step) == [0, 86, 0, 20, 86] && source.longestRun == 3)
        #expect(networks[3].facts["test_accuracy"] == nil && networks[1].facts["test_accuracy"] == .real(0.25))
        #expect(networks[0].facts["config.activation"] == .text("tanh"))
    }

    @Test("tables beside a matrix that do not fit it are refused")
    func tables() throws {
        try withFolder { (folder: String) throws in
            func put(_ name: String, _ text: String) throws {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            }
            try FileManager.default.copyItem(
                atPath: formatFixture("small-cnn/weights.npy"), toPath: "\(folder)/weights.npy")
            #expect(try ZooSources().open(folder).all().count == 5)
            let header = "varname,start_idx,end_idx,shape\n"
            for rows in [
                "a,0,28,(28,)\n", "a,0,30,\"(30,)\"\n", "a,1,29,(28)\n", "a,0,29,(-29)\n", "a,0,29,29\n", "",
                "a,0,29,(29)\nb,29,29,(x)\n", "a,0,99999999999999999999,(1)\n",
                "a,0,29,\"(1099511627776,1099511627776)\"\n",
            ] {
                try put("layout.csv", header + rows)
                #expect(dataError { _ = try ZooSources().open(folder) }?.kind == .malformed, "\(rows)")
            }
            try put("layout.csv", header + "a,0,29,\"(29,)\"\n")
            #expect(try ZooSources().open(folder).all()[0].tensors.map(\.name) == ["a"])
            try put("metrics.csv", "step,modeldir\n1,a\n")
            #expect(dataError { _ = try ZooSources().open(folder) }?.found == "1")
            try put("metrics.csv", "step,modeldir\n1\n")
            #expect(dataError { _ = try ZooSources().open(folder) }?.kind == .malformed)
        }
    }
}
