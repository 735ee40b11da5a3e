import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("PyTorch checkpoints: averages of weights, and keys that a user chooses")
struct TorchKeysTests {
    private static let storages: [String: [Float]] = ["0": (0..<8).map { Float($0) }]

    private static func tensor(_ count: Int = 2, offset: Int = 0) -> [UInt8] {
        PickleBytes.tensor(PickleBytes.storage("0", count: 8), offset: offset, shape: [count], strides: [1])
    }

    private static func state(offset: Int = 0, extra: Int = 2) -> [UInt8] {
        PickleBytes.dictionary(("a.weight", tensor(extra, offset: offset)), ("a.bias", tensor(offset: offset)))
    }

    private func read(_ pickle: [UInt8], key: String? = nil) throws -> [ForeignNetwork] {
        try withFolder { (folder: String) throws in
            try writeCheckpoint("\(folder)/c.pt", pickle: pickle, storages: Self.storages)
            return try ZooSources(key: key).open("\(folder)/c.pt").all()
        }
    }

    private func first(_ networks: [ForeignNetwork]) -> [Float] { networks.map { $0.tensors[0].values.floats()[0] } }

    private static let averages = [
        "ema", "params_ema", "model_ema", "ema_state_dict", "state_dict_ema", "model_ema_state_dict", "shadow_params",
        "ema_model", "ema_params", "ema_weights", "net_ema", "swa_state_dict", "averaged_model",
    ]

    @Test("averages alone are the network", arguments: averages)
    func alone(key: String) throws {
        for others in [[], [("model", PickleBytes.none), ("epoch", PickleBytes.integer(3))]] as [[(String, [UInt8])]] {
            var pickle = PickleBytes.emptyDictionary + PickleBytes.mark
            for (name, value) in others + [(key, Self.state(offset: 3))] { pickle += PickleBytes.text(name) + value }
            let found = try read(pickle + PickleBytes.setItems)
            #expect(found.map { $0.tensors.map(\.name) } == [["a.weight", "a.bias"]] && first(found) == [3])
            #expect(found[0].notes.contains { $0.contains("\"\(key)\"") && $0.contains("no others") })
        }
    }

    @Test("beside the weights they are passed over, with a word on how to take them", arguments: averages)
    func beside(key: String) throws {
        for model in ["model", "state_dict", "params", "generator"] {
            let pickle = PickleBytes.dictionary(
                (key, Self.state(offset: 3)), (model, Self.state()), ("epoch", PickleBytes.integer(4)))
            let found = try read(pickle)
            #expect(first(found) == [0] && found[0].beside == [] && found[0].facts["epoch"] == .integer(4), "\(model)")
            #expect(
                found[0].notes.contains { $0.contains("--key \(key)") && $0.contains("\"\(model)\"") },
                "\(found[0].notes)")
            let chosen = try read(pickle, key: key)
            #expect(first(chosen) == [3] && chosen[0].facts["epoch"] == .integer(4))
            #expect(try first(read(pickle, key: model)) == [0])
        }
    }

    @Test("of torch_ema's state the averages are taken, what it put aside is named; names are the model's")
    func torchEMA() throws {
        func list(_ offset: Int) -> [UInt8] {
            PickleBytes.emptyList + PickleBytes.mark + Self.tensor(2, offset: offset)
                + Self.tensor(2, offset: offset + 1)
                + Array("e".utf8)
        }
        let state = PickleBytes.dictionary(
            ("decay", PickleBytes.integer(1)), ("num_updates", PickleBytes.integer(9)), ("shadow_params", list(2)),
            ("collected_params", list(4)))
        for pickle in [state, PickleBytes.dictionary(("ema", state))] {
            let found = try read(pickle)
            #expect(found.count == 1 && first(found) == [2] && found[0].tensors.map(\.name) == ["0", "1"])
            #expect(found[0].notes.contains { $0.contains("--key collected_params takes those") })
        }
        let both = PickleBytes.dictionary(("model", Self.state()), ("ema", state))
        #expect(try first(read(both)) == [0])
        for (key, value) in [("ema", 2), ("ema.shadow_params", 2), ("collected_params", 4)] as [(String, Float)] {
            let chosen = try read(both, key: key)
            #expect(first(chosen) == [value] && chosen[0].tensors.map(\.name) == ["a.weight", "a.bias"], "\(key)")
        }
    }

    @Test("several averages: one is taken, the others are named")
    func several() throws {
        let found = try read(
            PickleBytes.dictionary(("ema_0.9999", Self.state(offset: 1)), ("ema_0.999", Self.state(offset: 2))))
        #expect(found.count == 1 && first(found) == [2])
        #expect(found[0].notes.contains { $0.contains("\"ema_0.9999\"") })
        let chosen = try read(
            PickleBytes.dictionary(("ema_0.9999", Self.state(offset: 1)), ("ema_0.999", Self.state(offset: 2))),
            key: "ema_0.9999")
        #expect(first(chosen) == [1])
    }

    @Test("a key may stand anywhere, with dots in it, and may be what names begin with")
    func places() throws {
        let inner = PickleBytes.dictionary(
            ("enc.oder", Self.state(offset: 1)), ("head", Self.state(offset: 2, extra: 3)))
        let outer = PickleBytes.dictionary(("run", PickleBytes.dictionary(("nets", inner))))
        for key in ["enc.oder", "nets.enc.oder", "run.nets.enc.oder"] {
            #expect(try first(read(outer, key: key)) == [1])
        }
        let flat = PickleBytes.dictionary(("encoder.w", Self.tensor()), ("decoder.w", Self.tensor(offset: 5)))
        let chosen = try read(flat, key: "decoder")
        #expect(first(chosen) == [5] && chosen[0].tensors.map(\.name) == ["w"])
        let error = dataError { _ = try read(outer, key: "ema") }
        #expect(error?.kind == .missing && error?.found == "run" && error?.hint.contains("--key") == true)
    }

    @Test("formats without keys refuse one; flat names take it as a prefix")
    func otherFormats() throws {
        let error = dataError { _ = try ZooSources(key: "a").open(formatFixture("numpy/single.npy")) }
        #expect(error?.kind == .configuration && error?.path == "--key")
        try withFolder { (folder: String) throws in
            let tensors = ["ema.w", "model.w"].enumerated().map {
                SafetensorsWriter.Entry(name: $1, shape: [1], values: [Float($0)])
            }
            let path = try DatasetFolder(path: folder).write(
                SafetensorsWriter.bytes(tensors, metadata: [:]), to: "m.safetensors")
            #expect(try first(ZooSources(key: "ema").open(path).all()) == [0])
            #expect(try first(ZooSources(key: "model").open(folder).all()) == [1])
            let usual = try ZooSources().open(path).all()
            #expect(first(usual) == [1] && usual[0].notes[0].contains("--key ema takes those"))
        }
    }

    @Test("a data set of networks is named for what it is, and so are objects that nobody looks into")
    func dataSets() throws {
        func object(_ module: String, _ name: String) -> [UInt8] {
            PickleBytes.call(module, name) + PickleBytes.dictionary(("data", Self.state())) + Array("b".utf8)
        }
        let zoo = object("checkpoints_to_datasets.dataset_base", "ModelDatasetBase")
        for pickle in [zoo, PickleBytes.dictionary(("trainset", zoo), ("testset", zoo))] {
            let error = dataError { _ = try read(pickle) }
            #expect(
                error?.found.contains("data set of networks") == true
                    && error?.found.contains("ModelDatasetBase") == true)
            #expect(error?.hint.contains("torch.save") == true)
        }
        let error = dataError { _ = try read(PickleBytes.dictionary(("x", object("my.code", "Thing")))) }
        #expect(error?.found == "none under x (objects of my.code.Thing are not looked into)")
    }

    @Test("tensors of PyTorch's quantised kinds are refused as such, wherever they stand")
    func quantised() throws {
        let tensor = PickleBytes.call("torch._utils", "_rebuild_qtensor", PickleBytes.none)
        let pickle = PickleBytes.dictionary(
            ("fc.scale", Self.tensor(1)), ("fc._packed_params", PickleBytes.tuple(tensor, Self.tensor())))
        let error = dataError { _ = try read(pickle) }
        #expect(error?.found == "quantised ones: torch._utils._rebuild_qtensor")
    }

    @Test("every called class that is not known to be harmless is named, whatever its module; those that are, are not")
    func calls() throws {
        let strange = [("pathlib", "Path.touch"), ("my.module", "Thing"), ("torch.nn.modules.x", "a.b")]
        var pickle = PickleBytes.emptyDictionary + PickleBytes.mark + PickleBytes.text("model") + Self.state()
        for (module, name) in strange + [("argparse", "Namespace"), ("torch.nn.modules.linear", "Linear")] {
            pickle += PickleBytes.text(name) + PickleBytes.call(module, name)
        }
        let notes = try read(pickle + PickleBytes.setItems)[0].notes
        #expect(
            notes.count == 1
                && notes[0].contains("call pathlib.Path.touch, my.module.Thing, torch.nn.modules.x.a.b when"))
        #expect(try read(Self.state())[0].notes == [])
    }
}
