import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("PyTorch checkpoints: modules that were saved whole")
struct TorchModuleTests {
    private static let storages: [String: [Float]] = ["0": (0..<8).map { Float($0) }]

    private static func tensor(_ offset: Int) -> [UInt8] {
        PickleBytes.tensor(PickleBytes.storage("0", count: 8), offset: offset, shape: [1], strides: [1])
    }

    /// A module with these attributes.
    private static func module(_ attributes: (String, [UInt8])...) -> [UInt8] {
        PickleBytes.global("m", "M") + Array(")".utf8) + [0x81] + PickleBytes.emptyDictionary + PickleBytes.mark
            + attributes.flatMap { PickleBytes.text($0) + $1 } + PickleBytes.setItems + Array("b".utf8)
    }

    private static func parameters(_ names: (String, Int)...) -> (String, [UInt8]) {
        let entries = names.flatMap { PickleBytes.text($0) + tensor($1) }
        return ("_parameters", PickleBytes.emptyDictionary + PickleBytes.mark + entries + PickleBytes.setItems)
    }

    private func read(_ pickle: [UInt8]) throws -> [ForeignNetwork] {
        try withFolder { (folder: String) throws in
            try writeCheckpoint("\(folder)/c.pt", pickle: pickle, storages: Self.storages)
            return try networks("\(folder)/c.pt")
        }
    }

    @Test(
        "buffers that are not persistent are left out, as state_dict() does",
        arguments: [
            PickleBytes.call(
                "__builtin__", "set", PickleBytes.emptyList + PickleBytes.text("index") + PickleBytes.append),
            PickleBytes.tuple(PickleBytes.text("index")),
        ])
    func buffers(passing: [UInt8]) throws {
        let found = try read(
            Self.module(
                Self.parameters(("weight", 0)),
                ("_buffers", PickleBytes.dictionary(("index", Self.tensor(1)), ("mean", Self.tensor(2)))),
                ("_non_persistent_buffers_set", passing)))
        #expect(found.map { $0.tensors.map(\.name) } == [["weight", "mean"]])
    }

    @Test("a module that is used twice stands in both places")
    func shared() throws {
        let inner = Self.module(Self.parameters(("weight", 3)))
        let found = try read(
            Self.module(
                ("_modules", PickleBytes.dictionary(("0", inner + PickleBytes.put(0)), ("2", PickleBytes.get(0))))))
        #expect(found.map { $0.tensors.map(\.name) } == [["0.weight", "2.weight"]])
        #expect(found[0].tensors.map { $0.values.floats() } == [[3], [3]])
    }

    @Test("a module beside one that it is part of: that one is whole")
    func beside() throws {
        let inner = Self.module(Self.parameters(("weight", 3)))
        let outer = Self.module(
            Self.parameters(("bias", 1)), ("_modules", PickleBytes.dictionary(("in", PickleBytes.get(0)))))
        let found = try read(PickleBytes.dictionary(("encoder", inner + PickleBytes.put(0)), ("whole", outer)))
        #expect(found.flatMap { $0.tensors.map(\.name) } == ["encoder.weight", "whole.bias", "whole.in.weight"])
    }

    @Test("a module inside itself ends there")
    func circle() throws {
        let module = PickleBytes.global("m", "M") + Array(")".utf8) + [0x81] + PickleBytes.put(0)
        let (key, own) = Self.parameters(("w", 2))
        let state = PickleBytes.dictionary((key, own), ("_modules", PickleBytes.dictionary(("a", PickleBytes.get(0)))))
        #expect(try read(module + state + Array("b".utf8)).map { $0.tensors.map(\.name) } == [["w"]])
    }

    @Test("modules that double at every level are refused, not followed")
    func doubling() throws {
        var bytes = Self.module(Self.parameters(("w", 0))) + PickleBytes.put(0)
        for level in 1...40 {
            let modules = PickleBytes.dictionary(
                ("a", PickleBytes.get(level - 1)), ("b", PickleBytes.get(level - 1)))
            bytes = bytes + Array("0".utf8) + Self.module(("_modules", modules)) + PickleBytes.put(level)
        }
        let error = dataError { _ = try read(bytes) }
        #expect(error?.expected == "names of at most 16777216 bytes together")
    }
}
