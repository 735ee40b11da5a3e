import Basics
import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("PyTorch checkpoints: what PyTorch reads from them")
struct TorchCheckpointTests {
    static let expected = (try? ExpectedNetwork.all(checkpointFixture("expected.json"))) ?? [:]

    @Test("names, shapes, types, bytes and facts", arguments: expected.keys.sorted())
    func equalToPyTorch(name: String) throws {
        let expected = try #require(Self.expected[name])
        let found = try networks(checkpointFixture(name))
        #expect(found.count == expected.count)
        for (network, expected) in zip(found, expected) {
            #expect(network.tensors.map(ExpectedNetwork.Tensor.init) == expected.tensors)
            #expect(network.facts.mapValues(ExpectedNetwork.Fact.init) == expected.facts)
            #expect(network.run == nil && network.step == nil)
            #expect(network.place.hasPrefix(checkpointFixture(name)))
        }
    }

    @Test("there are expectations of every form")
    func expectations() {
        #expect(Self.expected.count >= 18)
        let types = Self.expected["types.pt"]?.first?.tensors.map(\.type) ?? []
        #expect(types.sorted() == ForeignElement.allCases.map(\.rawValue).sorted())
        #expect(Self.expected["list.pt"]?.count == 3)
    }

    @Test("numbers, not only bytes: big-endian, half precision, strided")
    func numbers() throws {
        let plain = try #require(try networks(checkpointFixture("mlp.pt")).first)
        let swapped = try #require(try networks(checkpointFixture("big-endian.pt")).first)
        #expect(swapped.tensors[0].values.bigEndian)
        #expect(plain.tensors.map { $0.values.floats() } == swapped.tensors.map { $0.values.floats() })
        let formula: [Float] = (0..<12).map { (index: Int) -> Float in Float((37 * index) % 101 - 50) / 64 }
        #expect(plain.tensors[0].values.floats() == formula)
        let types = try #require(try networks(checkpointFixture("types.pt")).first)
        let named = Dictionary(uniqueKeysWithValues: types.tensors.map { ($0.name, $0.values.doubles()) })
        #expect(named["int64"] == [Double(Int64.min), -1, 0, 1, 100, Double(Int64.max)])
        #expect(named["bool"] == [1, 0, 1])
        #expect(named["bfloat16"]?[3] == -1.5 && named["float16"]?[9] == Double(Float16(1.0 / 3)))
    }

    @Test("tensors of one storage share its bytes")
    func sharing() throws {
        let views = try #require(try networks(checkpointFixture("views.pt")).first)
        let named = Dictionary(uniqueKeysWithValues: views.tensors.map { ($0.name, $0) })
        let whole = try #require(named["whole"]?.values)
        let rows = try #require(named["rows"]?.values)
        #expect(rows.bytes.startIndex == 2 * 8 * 4 && rows.bytes.count == 2 * 8 * 4)
        let start = whole.bytes.withUnsafeBytes { $0.baseAddress }
        #expect(rows.bytes.withUnsafeBytes { $0.baseAddress } == start?.advanced(by: 64))
        #expect(named["transposed"]?.shape == [8, 6] && named["empty"]?.values.count == 0)
    }

    @Test(
        "tensors that we do not read are named, not left out",
        arguments: [
            ("unread-complex.pt", "complex64"), ("unread-uint16.pt", "uint16"),
            ("unread-sparse.pt", "torch._utils._rebuild_sparse_tensor"),
        ])
    func unread(name: String, found: String) throws {
        let error = try #require(dataError { _ = try networks(checkpointFixture(name)) })
        #expect(error.kind == .malformed && error.found == found)
        #expect(error.path == "\(checkpointFixture(name)), z")
    }

    @Test(
        "attacks that Python's pickle wrote are refused, and nothing runs",
        arguments: [("attack-system.pt", "posix.system"), ("attack-eval.pth", "__builtin__.eval")])
    func attacks(name: String, function: String) throws {
        let error = try #require(dataError { _ = try networks(checkpointFixture(name)) })
        #expect(error.kind == .malformed && error.found == "a pickle that names \(function)")
        #expect(error.hint.hasPrefix("nothing was run"))
    }

    @Test("a checkpoint is known by its content")
    func recognition() throws {
        for name in ["mlp.pt", "legacy.pth", "arrays-2.pkl", "deflated.pt"] {
            #expect(try TorchCheckpoint.isCheckpoint(RegularFile(path: checkpointFixture(name))), "\(name)")
        }
        for path in [checkpointFixture("plain.zip"), checkpointFixture("expected.json"), zooFixture("plain.h5")] {
            #expect(try !TorchCheckpoint.isCheckpoint(RegularFile(path: path)), "\(path)")
        }
        #expect(TorchCheckpoint(path: "x").format == .torch)
    }

    @Test("files that are no checkpoints of today say what they are")
    func otherFiles() throws {
        try withFolder { (folder: String) throws in
            let files = DatasetFolder(path: folder)
            var tar = [UInt8](repeating: 0, count: 1024)
            tar.replaceSubrange(257..<262, with: "ustar".utf8)
            let old = try files.write(tar, to: "old.pth")
            #expect(dataError { _ = try networks(old) }?.found == "the older tar form")
            for content in [[], [0x80], Array("text".utf8), [0x50, 0x4B, 3, 4]] as [[UInt8]] {
                let path = try files.write(content, to: "other")
                #expect(dataError { _ = try networks(path) }?.kind == .malformed)
            }
            #expect(dataError { _ = try networks("\(folder)/none.pt") }?.kind == .missing)
            #expect(dataError { _ = try networks(folder) }?.kind == .malformed)
            var script = try ZipWriter(path: "\(folder)/script.pt")
            for name in ["m/data.pkl", "m/constants.pkl"] { try script.add(name, PickleBytes.none + PickleBytes.stop) }
            try script.finish()
            #expect(dataError { _ = try networks("\(folder)/script.pt") }?.found == "a TorchScript program")
            #expect(dataError { _ = try networks(checkpointFixture("plain.zip")) }?.found == "0 of 3 entries")
        }
    }

    @Test("an error of the body ends the reading and is handed on")
    func bodyErrors() {
        struct Enough: Error {}
        var count = 0
        #expect(throws: Enough.self) {
            try TorchCheckpoint(path: checkpointFixture("list.pt")).forEach { _ in
                count += 1
                if count == 2 { throw Enough() }
            }
        }
        #expect(count == 2)
    }
}
