import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("PyTorch checkpoints: where the networks stand")
struct TorchNetworkFinderTests {
    private static let storages: [String: [Float]] = ["0": (0..<8).map { Float($0) }]

    /// A tensor [2] or [3] in the one storage.
    private static func tensor(_ count: Int = 2, offset: Int = 0) -> [UInt8] {
        PickleBytes.tensor(PickleBytes.storage("0", count: 8), offset: offset, shape: [count], strides: [1])
    }

    private static func state(_ first: Int = 2, offset: Int = 0) -> [UInt8] {
        PickleBytes.dictionary(("a.weight", tensor(first, offset: offset)), ("a.bias", tensor(offset: offset)))
    }

    private func read(_ pickle: [UInt8]) throws -> [ForeignNetwork] {
        try withFolder { (folder: String) throws in
            try writeCheckpoint("\(folder)/c.pt", pickle: pickle, storages: Self.storages)
            return try networks("\(folder)/c.pt")
        }
    }

    private func names(_ pickle: [UInt8]) throws -> [[String]] { try read(pickle).map { $0.tensors.map(\.name) } }

    @Test(
        "weights under the usual keys",
        arguments: ["state_dict", "model_state_dict", "model_state", "model", "net", "network", "params"])
    func weightKeys(key: String) throws {
        let found = try read(
            PickleBytes.dictionary(
                ("epoch", PickleBytes.integer(3)), (key, Self.state()), ("extra", Self.state(3)),
                ("optimizer", Self.state(3))))
        #expect(found.map { $0.tensors.map(\.name) } == [["a.weight", "a.bias"]])
        #expect(found[0].facts == ["epoch": .integer(3)])
        // The bias of "extra" is the network's own.
        #expect(found[0].beside == ["extra.a.weight"])
    }

    @Test("lists of weights and biases belong together, and so do Flax's collections")
    func joinedKeys() throws {
        let lists = PickleBytes.dictionary(
            ("weights", PickleBytes.tuple(Self.tensor(), Self.tensor(3))),
            ("biases", PickleBytes.tuple(Self.tensor(1), Self.tensor(2, offset: 3))))
        let network = try read(lists)[0]
        #expect(network.tensors.map(\.name) == ["0.weight", "0.bias", "1.weight", "1.bias"] && network.beside == [])
        #expect(network.tensors[3].values.floats() == [3, 4])
        let statistics = PickleBytes.dictionary(("mean", Self.tensor()), ("var", Self.tensor(offset: 2)))
        let modules = PickleBytes.dictionary(("net", Self.state()), ("bn", Self.state(offset: 1)))
        let flax = try read(
            PickleBytes.dictionary(
                ("params", modules), ("batch_stats", PickleBytes.dictionary(("bn", statistics))),
                ("more", Self.state(4))))
        let names = ["net.a.weight", "net.a.bias", "bn.a.weight", "bn.a.bias", "bn.running_mean", "bn.running_var"]
        #expect(flax.map { $0.tensors.map(\.name) } == [names] && flax[0].beside == ["more.a.weight"])
        let uneven = PickleBytes.dictionary(
            ("weights", PickleBytes.tuple(Self.tensor(), Self.tensor(3))),
            ("biases", PickleBytes.tuple(Self.tensor(4))))
        #expect(try read(uneven)[0].beside == ["biases.0"])
    }

    @Test("tensors beside the weights are named, but not numbers, and nothing that the network has itself")
    func beside() throws {
        let found = try read(
            PickleBytes.dictionary(
                ("head", Self.state(4)), ("model", Self.state()), ("again", Self.state()), ("curve", Self.tensor(5)),
                ("loss", Self.tensor(1)), ("stats", PickleBytes.dictionary(("mean", Self.tensor(1)))),
                ("scaler", Self.state(6)), ("model_ema", Self.state(7))))
        #expect(found.map { $0.tensors.count } == [2] && found[0].beside == ["head.a.weight", "curve"])
    }

    @Test("bookkeeping is known by outermost keys alone; modules may bear such names")
    func modulesOfSuchNames() throws {
        let inner = PickleBytes.dictionary(("scaler", Self.state(3)), ("head", Self.state()))
        #expect(try names(PickleBytes.dictionary(("params", inner)))[0].count == 4)
        #expect(try names(PickleBytes.dictionary(("body", inner)))[0].count == 4)
        #expect(try names(PickleBytes.tuple(inner, inner))[0] == ["a.weight", "a.bias"])
    }

    @Test("a key of that name that holds one tensor is a weight")
    func keysAsWeights() throws {
        let pickle = PickleBytes.dictionary(("weights", Self.tensor()), ("b", Self.tensor()))
        #expect(try names(pickle) == [["weights", "b"]])
    }

    @Test("wrappers inside wrappers, and a list of state dicts under a key")
    func nested() throws {
        let list = PickleBytes.tuple(Self.state(), Self.state(offset: 1))
        let outer = PickleBytes.dictionary(
            ("model", PickleBytes.dictionary(("state_dict", list), ("seed", PickleBytes.integer(4)))),
            ("seed", PickleBytes.integer(9)), ("lr", PickleBytes.integer(1)))
        let found = try read(outer)
        #expect(found.count == 2)
        let facts: [String: ColumnValue] = ["seed": .integer(4), "lr": .integer(1)]
        #expect(found.map(\.facts) == [facts, facts])
        #expect(found[1].tensors[0].values.floats() == [1, 2])
        #expect(found[1].place.hasSuffix("c.pt, network 1"))
    }

    @Test("members of one layout are networks, others are parts of one")
    func members() throws {
        let same = try read(PickleBytes.dictionary(("x", Self.state()), ("y", Self.state(offset: 2))))
        #expect(same.map { $0.facts["member"] } == [.text("x"), .text("y")])
        #expect(same[1].tensors[1].values.floats() == [2, 3])
        let parts = try names(PickleBytes.dictionary(("encoder", Self.state()), ("decoder", Self.state(3))))
        #expect(parts == [["encoder.a.weight", "encoder.a.bias", "decoder.a.weight", "decoder.a.bias"]])
        let mixed = try names(PickleBytes.dictionary(("scale", Self.tensor()), ("inner", Self.state())))
        #expect(mixed == [["scale", "inner.a.weight", "inner.a.bias"]])
    }

    @Test(
        "bookkeeping is left out, and what only sounds like it is not",
        arguments: [
            ("optimizer_states", true), ("lr_schedulers", true), ("grad_scaler", true), ("ema", true),
            ("cuda_rng_state", true), ("amplifier", false), ("embedding", false), ("emanation", false),
        ])
    func bookkeeping(key: String, isLeftOut: Bool) throws {
        let found = try names(PickleBytes.dictionary(("head", Self.state(3)), (key, Self.state())))
        #expect(found.flatMap { $0 }.contains("\(key).a.weight") != isLeftOut)
        #expect(TorchNetworkFinder.isBookkeeping(key) == isLeftOut)
    }

    @Test("an optimizer's state dict is no network, under whatever name or alone")
    func optimizer() throws {
        let moments = PickleBytes.dictionary(("exp_avg", Self.tensor(3)))
        let state = PickleBytes.dictionary(
            ("state", PickleBytes.dictionary(("0", moments))), ("param_groups", PickleBytes.emptyList))
        #expect(dataError { _ = try read(state) }?.found == "none under state, param_groups")
        #expect(
            try names(PickleBytes.dictionary(("head", Self.state(3)), ("adam", state))) == [["a.weight", "a.bias"]])
        let network = PickleBytes.dictionary(("state", Self.state()), ("more", Self.state(3)))
        #expect(try names(network)[0].count == 4)
    }

    @Test("prefixes of wrappers go where every name has them")
    func prefixes() throws {
        let both = PickleBytes.dictionary(("module._orig_mod.w", Self.tensor()), ("module._orig_mod.b", Self.tensor()))
        #expect(try names(both) == [["w", "b"]])
        let one = PickleBytes.dictionary(("module.w", Self.tensor()), ("b", Self.tensor()))
        #expect(try names(one) == [["module.w", "b"]])
    }

    @Test("a key that stands twice holds its last value, at its first place")
    func duplicates() throws {
        let twice = PickleBytes.dictionary(("w", Self.tensor()), ("b", Self.tensor()), ("w", Self.tensor(3)))
        let found = try read(twice)
        #expect(found[0].tensors.map(\.name) == ["w", "b"])
        #expect(found[0].tensors[0].shape == [3])
    }

    @Test("tensors without names, and a tensor alone")
    func unnamed() throws {
        #expect(try names(PickleBytes.tuple(Self.tensor(), Self.tensor(3))) == [["0", "1"]])
        #expect(try names(Self.tensor()) == [["tensor"]])
    }

    @Test("a matrix alone holds a network a row, whatever its strides; empty rows and too many are refused")
    func matrix() throws {
        func matrix(_ shape: [Int], _ strides: [Int]) throws -> [ForeignNetwork] {
            try read(PickleBytes.tensor(PickleBytes.storage("0", count: 8), shape: shape, strides: strides))
        }
        let rows = try matrix([2, 3], [1, 2])
        #expect(rows.map { $0.tensors[0].values.floats() } == [[0, 2, 4], [1, 3, 5]])
        #expect(rows.map { $0.tensors.map(\.shape) } == [[[3]], [[3]]] && rows[1].place.hasSuffix("c.pt:1"))
        #expect(dataError { _ = try matrix([1 << 40, 0], [0, 1]) }?.found == "rows of 0 numbers")
        #expect(dataError { _ = try matrix([1 << 40, 2], [0, 1]) }?.kind == .malformed)
    }

    @Test("rows of a matrix come into a zoo where an architecture says what lies where in them")
    func matrixImport() throws {
        try withFolder { (folder: String) throws in
            let pickle = PickleBytes.tensor(PickleBytes.storage("0", count: 46), shape: [2, 23], strides: [23, 1])
            try writeCheckpoint("\(folder)/c.pt", pickle: pickle, storages: ["0": (0..<46).map { Float($0) }])
            let source = TorchCheckpoint(path: "\(folder)/c.pt")
            let error = dataError { _ = try ZooImport().write(source, root: folder, to: "\(folder)/z.h5") }
            #expect(error?.hint.contains("--architecture") == true)
            let work = ZooImport(architecture: smallArchitecture)
            #expect(try work.write(source, root: folder, to: "\(folder)/z.h5").networks == 2)
            #expect(try ZooReader(path: "\(folder)/z.h5").readAll().weights == (0..<46).map { Float($0) })
        }
    }

    @Test("no tensors: the message lists what is there")
    func nothing() {
        let empty = PickleBytes.dictionary(("epoch", PickleBytes.none), ("lr", PickleBytes.none))
        let error = dataError { _ = try read(empty) }
        #expect(error?.kind == .malformed && error?.found == "none under epoch, lr")
        #expect(dataError { _ = try read(PickleBytes.dictionary(("optimizer", Self.state()))) }?.kind == .malformed)
    }

    @Test("facts of every kind, and none that is too long")
    func facts() throws {
        let found = try read(
            PickleBytes.dictionary(
                ("state_dict", Self.state()), ("flag", [0x88]), ("rate", [0x47, 0x3F, 0xE0, 0, 0, 0, 0, 0, 0]),
                ("name", PickleBytes.text("run")), ("long", PickleBytes.text(String(repeating: "x", count: 300))),
                ("seed", [0x8A, 9] + [UInt8](repeating: 0xFF, count: 8) + [0]), ("loss", Self.tensor(1, offset: 5)),
                ("curve", Self.tensor(2))))
        #expect(
            found[0].facts == [
                "flag": .integer(1), "rate": .real(0.5), "name": .text("run"), "seed": .unsigned(.max),
                "loss": .real(5),
            ])
    }

    @Test("a storage is read while a later network needs it")
    func sharedStorage() throws {
        let found = try read(PickleBytes.tuple(Self.state(), Self.state(3), Self.state(offset: 4)))
        #expect(found.map { $0.tensors[0].values.floats() } == [[0, 1], [0, 1, 2], [4, 5]])
    }
}
