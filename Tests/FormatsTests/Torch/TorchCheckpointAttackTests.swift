import Foundation
import Networks
import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("PyTorch checkpoints: hostile files", .timeLimit(.minutes(3)))
struct TorchCheckpointAttackTests {
    private func problem(_ pickle: [UInt8], storages: [String: [Float]] = ["0": [0, 1, 2, 3]]) -> DataError? {
        dataError {
            try withFolder { (folder: String) throws in
                try writeCheckpoint("\(folder)/c.pt", pickle: pickle, storages: storages)
                _ = try networks("\(folder)/c.pt")
            }
        }
    }

    private func view(_ count: Int = 4, offset: Int = 0, shape: [Int], strides: [Int]) -> [UInt8] {
        let storage = PickleBytes.storage("0", count: count)
        return PickleBytes.dictionary(
            ("w", PickleBytes.tensor(storage, offset: offset, shape: shape, strides: strides)))
    }

    @Test("a sound one is read, so that what follows is refused for its fault")
    func sound() {
        #expect(problem(view(shape: [2, 2], strides: [2, 1])) == nil)
        #expect(problem(view(shape: [2, 2], strides: [0, 1])) == nil)
        #expect(problem(view(offset: 3, shape: [1], strides: [1 << 40])) == nil)
    }

    private static let wrongViews: [([Int], [Int], Int)] = {
        let (wide, wider): (Int, Int) = (1 << 32, 1 << 62)
        return [
            ([5], [1], 0), ([4], [1], 1), ([2, 2], [3, 1], 0), ([2], [4], 0), ([1], [1], 4), ([-1], [1], 0),
            ([2], [-1], 3), ([1], [1], -1), ([wider, 4], [0, 0], 0), ([wide, wide], [0, 0], 0),
            ([2], [Int.max], 2), ([wider, 0, wider], [1, 1, 1], 0), ([2, 2], [1], 0), ([Int.max], [Int.max], 0),
            ([Int](repeating: 1, count: 65), [Int](repeating: 1, count: 65), 0),
        ]
    }()

    @Test("views that reach beyond their storage, or overflow", arguments: wrongViews)
    func views(shape: [Int], strides: [Int], offset: Int) {
        #expect(problem(view(offset: offset, shape: shape, strides: strides))?.kind == .malformed)
    }

    @Test("storages that are not as large as they are said to be")
    func storages() {
        for count in [3, 5, 1 << 40, 1 << 61, Int.max, -1] {
            let error = problem(view(count, shape: [1], strides: [1]))
            #expect(error?.kind == .malformed, "\(count)")
        }
        #expect(problem(view(shape: [1], strides: [1]), storages: [:])?.found == "none in the file")
        let half = PickleBytes.storage("0", count: 4, type: "HalfStorage")
        let twice = PickleBytes.dictionary(
            ("a", PickleBytes.tensor(PickleBytes.storage("0", count: 4), shape: [1], strides: [1])),
            ("b", PickleBytes.tensor(half, shape: [1], strides: [1])))
        #expect(problem(twice)?.expected.hasPrefix("record 0 with 16 bytes") == true)
    }

    @Test("views that repeat a small storage without end")
    func repetition() {
        let error = problem(view(shape: [1 << 20, 1 << 20], strides: [0, 0]))
        #expect(error?.hint == "the file is made to fill the memory")
        // A storage that is said to be large, but is not, does not make room for them.
        let liar = PickleBytes.dictionary(
            ("w", PickleBytes.tensor(PickleBytes.storage("0", count: 4), shape: [1 << 40], strides: [0])),
            ("x", PickleBytes.tensor(PickleBytes.storage("1", count: 1 << 40), shape: [0], strides: [1])))
        #expect(problem(liar, storages: ["0": [0, 1, 2, 3], "1": [0]])?.found == "4 bytes")
    }

    @Test("many networks that all view one storage")
    func manyNetworks() {
        let floats = [Float](repeating: 1, count: 1 << 18)
        let one = PickleBytes.tensor(PickleBytes.storage("0", count: floats.count), shape: [floats.count], strides: [1])
        var bytes = PickleBytes.mark + PickleBytes.dictionary(("w", one + PickleBytes.put(0)))
        for _ in 0..<1100 { bytes += PickleBytes.dictionary(("w", PickleBytes.get(0))) }
        #expect(problem(bytes + PickleBytes.tuple, storages: ["0": floats])?.expected.contains("1032 times") == true)
        // Tied weights and a few networks of one body are no attack.
        var few = PickleBytes.mark + PickleBytes.dictionary(("w", one + PickleBytes.put(0)))
        for _ in 0..<5 { few += PickleBytes.dictionary(("w", PickleBytes.get(0))) }
        #expect(problem(few + PickleBytes.tuple, storages: ["0": floats]) == nil)
    }

    @Test(
        "modules inside modules of any depth",
        arguments: [(2_000, "a checkpoint with tensors"), (20_000, "names of at most 16777216 bytes together")])
    func modules(depth: Int, expected: String) {
        var bytes: [UInt8] = []
        for _ in 0..<depth {
            bytes += Self.module + PickleBytes.emptyDictionary + PickleBytes.text("_modules")
            bytes += PickleBytes.emptyDictionary + PickleBytes.text("a")
        }
        bytes += PickleBytes.none
        for _ in 0..<depth { bytes += Array("ssb".utf8) }
        #expect(problem(bytes)?.expected == expected)
    }

    private static let module = PickleBytes.global("m", "M") + Array(")".utf8) + [0x81]

    @Test("modules in circles")
    func moduleCircles() {
        let circle =
            Self.module + PickleBytes.put(0)
            + PickleBytes.dictionary(
                ("_modules", PickleBytes.dictionary(("a", PickleBytes.get(0))))) + Array("b".utf8)
        #expect(problem(circle)?.expected == "a checkpoint with tensors")
    }

    @Test("one long key before many names")
    func longNames() {
        let tensor = PickleBytes.tensor(PickleBytes.storage("0", count: 4), shape: [1], strides: [1])
        let many = (0..<2_000).map { ("\($0)", PickleBytes.get(0)) }
        var inner = PickleBytes.emptyDictionary + PickleBytes.mark
        for (name, value) in many { inner += PickleBytes.text(name) + value }
        inner += PickleBytes.setItems
        let long = String(repeating: "k", count: 20_000)
        let bytes = PickleBytes.dictionary(("first", tensor + PickleBytes.put(0)), (long, inner))
        #expect(problem(bytes)?.found == "more")
        #expect(problem(PickleBytes.dictionary(("first", tensor + PickleBytes.put(0)), ("k", inner))) == nil)
    }

    @Test("dictionaries inside dictionaries of any depth")
    func dictionaries() {
        var bytes: [UInt8] = []
        for _ in 0..<100_000 { bytes += PickleBytes.emptyDictionary + PickleBytes.text("a") }
        bytes += PickleBytes.none + [UInt8](repeating: 0x73, count: 100_000)
        #expect(problem(bytes)?.expected == "a checkpoint with tensors")
    }

    @Test(
        "truncated anywhere, a zip checkpoint is refused; flipped bits are refused or change nothing",
        arguments: ["mlp.pt", "deflated.pt", "big-endian.pt", "training.pt", "views.pt"])
    func damagedArchives(name: String) throws {
        let whole = Array(try bytes(checkpointFixture(name)))
        let sound = try networks(checkpointFixture(name))
        var noise = DatasetNoise(seed: UInt64(name.utf8.count))
        var unchanged = 0
        try DatasetFolder.with { folder in
            func read(_ bytes: [UInt8]) throws -> [ForeignNetwork]? {
                let path = try folder.write(bytes, to: name)
                do {
                    return try networks(path)
                } catch {
                    #expect((error as? DataError)?.kind == .malformed, "\(error)")
                    return nil
                }
            }
            for _ in 0..<200 { #expect(try read(Array(whole[..<noise.below(whole.count)])) == nil) }
            for turn in 0..<fuzzCount(600) {
                var damaged = whole
                // Half of the flips go into the directory at the end.
                let place = turn.isMultiple(of: 2) ? noise.below(whole.count) : whole.count - 1 - noise.below(1200)
                damaged[place] ^= UInt8(1 << noise.below(8))
                guard let found = try read(damaged) else { continue }
                unchanged += 1
                #expect(found.map(\.tensors) == sound.map(\.tensors), "bit of byte \(place)")
                #expect(found.map(\.facts) == sound.map(\.facts), "bit of byte \(place)")
            }
        }
        // Dates, attributes and padding are of no consequence.
        #expect(unchanged > 0)
    }

    @Test(
        "damaged legacy checkpoints and plain pickles never trap",
        arguments: ["legacy.pth", "views-legacy.pth", "module-legacy.pth", "arrays-2.pkl", "arrays-5.pkl"])
    func damagedStreams(name: String) throws {
        let whole = Array(try bytes(checkpointFixture(name)))
        var noise = DatasetNoise(seed: UInt64(name.utf8.count))
        try DatasetFolder.with { folder in
            for turn in 0..<fuzzCount(900) {
                let damaged =
                    turn < 200
                    ? Array(whole[..<noise.below(whole.count)])
                    : turn.isMultiple(of: 2) ? noise.damaged(whole) : flipped(whole, &noise)
                let path = try folder.write(damaged, to: name)
                do {
                    let found = try networks(path)
                    #expect(turn >= 200, "a truncated file was read")
                    for tensor in found.flatMap(\.tensors) {
                        #expect(tensor.values.floats().count == tensor.shape.reduce(1, *))
                    }
                } catch {
                    #expect((error as? DataError)?.kind == .malformed, "\(error)")
                }
            }
        }
    }

    private func flipped(_ bytes: [UInt8], _ noise: inout DatasetNoise) -> [UInt8] {
        var result = bytes
        result[noise.below(bytes.count)] ^= UInt8(1 << noise.below(8))
        return result
    }
}
