import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("PyTorch checkpoints: the legacy form, written by hand")
struct TorchLegacyTests {
    private static let magic: [UInt8] = [0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

    /// A file of one record `7` of floats, from the parts that tests change.
    private struct Parts {
        var magic = TorchLegacyTests.magic
        var version = PickleBytes.integer(1001)
        var object = PickleBytes.dictionary(("w", TorchLegacyTests.tensor()))
        var keys = PickleBytes.tuple(PickleBytes.text("7"))
        var counts = [4]
        var floats: [Float] = [1, 2, 3, 4]

        var bytes: [UInt8] {
            let system = PickleBytes.dictionary(("little_endian", [0x88]))
            var bytes: [UInt8] = []
            for pickle in [magic, version, system, object, keys] { bytes += [0x80, 2] + pickle + PickleBytes.stop }
            for count in counts { bytes += PickleBytes.little(count, 8) + floats.withUnsafeBytes { Array($0) } }
            return bytes
        }
    }

    /// A tensor [2] at element 1 of record 7, with the part of the record that it views.
    private static func tensor(
        key: [UInt8] = PickleBytes.text("7"), count: Int = 4, offset: Int = 1, module: String = "torch",
        view: [UInt8] = PickleBytes.none
    ) -> [UInt8] {
        let record = PickleBytes.tuple(
            PickleBytes.text("storage"), PickleBytes.global(module, "FloatStorage"), key, PickleBytes.text("cuda:0"),
            PickleBytes.integer(count), view)
        return PickleBytes.tensor(record + Array("Q".utf8), offset: offset, shape: [2], strides: [1])
    }

    private func read(_ parts: Parts) throws -> [ForeignNetwork] {
        try DatasetFolder.with { folder in try networks(try folder.write(parts.bytes, to: "c.pth")) }
    }

    private func problem(_ change: (inout Parts) -> Void) -> DataError? {
        var parts = Parts()
        change(&parts)
        return dataError { _ = try read(parts) }
    }

    @Test("a record's floats, also from a GPU and under a number")
    func sound() throws {
        #expect(try read(Parts())[0].tensors[0].values.floats() == [2, 3])
        var parts = Parts()
        let numbered = Self.tensor(key: PickleBytes.integer(7), module: "torch.cuda")
        parts.object = PickleBytes.dictionary(("w", numbered))
        parts.keys = PickleBytes.tuple(PickleBytes.integer(7))
        #expect(try read(parts)[0].tensors[0].values.floats() == [2, 3])
    }

    @Test("parts of a record, as files from before PyTorch 0.4 have them")
    func partsOfRecords() throws {
        func part(_ first: Int, _ count: Int, offset: Int = 0) -> [UInt8] {
            let view = PickleBytes.tuple(PickleBytes.text("v"), PickleBytes.integer(first), PickleBytes.integer(count))
            return PickleBytes.dictionary(("w", Self.tensor(offset: offset, view: view)))
        }
        for (first, count, offset) in [(2, 2, 0), (1, 3, 1), (0, 4, 2)] {
            var parts = Parts()
            parts.object = part(first, count, offset: offset)
            #expect(try read(parts)[0].tensors[0].values.floats() == [3, 4])
        }
        for (first, count) in [(3, 1), (2, 3), (5, 0), (-1, 3), (1, -1), (Int.max, Int.max)] {
            #expect(problem { $0.object = part(first, count) }?.kind == .malformed, "\(first) \(count)")
        }
    }

    @Test("lists of records that do not fit the tensors")
    func records() {
        let twice = PickleBytes.tuple(PickleBytes.text("7"), PickleBytes.text("7"))
        #expect(
            problem {
                $0.keys = twice; $0.counts = [4, 4]
            }?.found.contains("twice") == true)
        #expect(problem { $0.keys = PickleBytes.tuple(PickleBytes.text("8")) }?.found.contains("no tensor") == true)
        #expect(problem { $0.keys = PickleBytes.tuple(PickleBytes.none) }?.kind == .malformed)
        #expect(problem { $0.keys = PickleBytes.none }?.expected == "a list of storages")
        #expect(problem { $0.keys = PickleBytes.tuple() }?.found == "none in the file")
        for count in [3, 5, -1, 1 << 40] {
            #expect(problem { $0.counts = [count] }?.expected == "4 elements in storage 7", "\(count)")
        }
        #expect(problem { $0.floats.removeLast() }?.found == "12 left")
        #expect(problem { $0.counts = [] }?.kind == .malformed)
    }

    @Test("other magic numbers and versions")
    func headers() {
        #expect(problem { $0.version = PickleBytes.integer(1002) }?.expected == "legacy protocol 1001")
        // Another magic number makes the first pickle the whole file: a number, no checkpoint.
        #expect(problem { $0.magic[5] ^= 1 }?.expected == "a checkpoint with tensors")
        #expect(problem { $0.magic = $0.object }?.found == "its pickle alone")
    }
}
