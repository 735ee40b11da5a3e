import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

/// A generator of reproducible damage (SplitMix64).
private struct Damage {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    /// A quarter of all trials cuts the file; of the others half hit `metadata`, half any place.
    mutating func apply(to whole: Data, metadata: [Range<Int>]) -> Data {
        if below(4) == 0 { return whole.prefix(below(whole.count)) }
        var data = whole
        for _ in 0...below(3) {
            let range = below(2) == 0 ? metadata[below(metadata.count)] : 0..<whole.count
            let place = range.lowerBound + below(range.count)
            data[place] = below(3) == 0 ? UInt8(truncatingIfNeeded: next()) : data[place] ^ UInt8(1 << below(8))
        }
        return data
    }
}

@Suite("Damaged files of every format")
struct FormatDamageTests {
    /// Reads `trials` damaged copies: each ends in a `DataError` or in networks no larger than their file justifies.
    private func check(
        _ name: String, beside: [String] = [], metadata: [Range<Int>], trials: Int, seed: UInt64, expansion: Int = 1,
        asFolder: Bool = false
    ) throws {
        let whole = try bytes(formatFixture(name))
        var damage = Damage(state: seed)
        var (refused, read) = (0, 0)
        try withFolder { (folder: String) throws in
            for other in beside {
                let target = "\(folder)/\(URL(fileURLWithPath: other).lastPathComponent)"
                try FileManager.default.copyItem(atPath: formatFixture(other), toPath: target)
            }
            let file = "\(folder)/\(URL(fileURLWithPath: name).lastPathComponent)"
            for trial in 0..<trials {
                try damage.apply(to: whole, metadata: metadata).write(to: URL(fileURLWithPath: file))
                do {
                    var stored = 0
                    try ZooSources().open(asFolder ? folder : file).forEach { network in
                        stored += network.tensors.reduce(0) { $0 + $1.values.bytes.count }
                    }
                    #expect(stored <= 64 * 1024 + whole.count * expansion, "trial \(trial): \(stored) bytes")
                    read += 1
                } catch let error as DataError {
                    #expect([.malformed, .inputOutput, .missing].contains(error.kind), "trial \(trial): \(error)")
                    #expect(!error.description.isEmpty)
                    refused += 1
                }
            }
        }
        #expect(refused > trials / 5 && read > 0, "\(name): \(refused) refused, \(read) read")
    }

    @Test("safetensors")
    func safetensors() throws {
        let header =
            Int(try bytes(formatFixture("types.safetensors"))[0])
            + Int(try bytes(formatFixture("types.safetensors"))[1]) * 256
        try check("types.safetensors", metadata: [0..<8, 0..<8 + header], trials: 600, seed: 1)
    }

    @Test("NumPy arrays", arguments: ["single", "fortran-big", "version2"])
    func arrays(name: String) throws {
        try check("numpy/\(name).npy", metadata: [0..<12, 0..<128], trials: 300, seed: 2, expansion: 2)
    }

    @Test("NumPy archives", arguments: ["stored", "deflated"])
    func archives(name: String) throws {
        let size = try bytes(formatFixture("numpy/\(name).npz")).count
        let places = [size - 22..<size, size - 300..<size, 0..<200]
        try check("numpy/\(name).npz", metadata: places, trials: 400, seed: 3, expansion: 1032)
    }

    @Test("the small-CNN zoo's tables", arguments: ["layout.csv", "metrics.csv.gz"])
    func tables(name: String) throws {
        let others = ["weights.npy", "layout.csv", "metrics.csv.gz"].filter { $0 != name }.map { "small-cnn/\($0)" }
        let size = try bytes(formatFixture("small-cnn/\(name)")).count
        try check(
            "small-cnn/\(name)", beside: others, metadata: [0..<size], trials: 300, seed: 4, expansion: 1032,
            asFolder: true)
    }

    @Test("PyTorch checkpoints through the same door")
    func torch() throws {
        let name = "ray/NN_tune_trainable_2/checkpoint_000001/checkpoints"
        let size = try bytes(formatFixture(name)).count
        try check(name, metadata: [0..<900, size - 700..<size], trials: 400, seed: 5, expansion: 1032)
    }

    @Test("results of Ray Tune")
    func results() throws {
        let name = "ray/NN_tune_trainable_2/result.json"
        let whole = try bytes(formatFixture(name))
        var damage = Damage(state: 6)
        try withFolder { (folder: String) throws in
            let trial = "\(folder)/trial"
            try FileManager.default.copyItem(atPath: formatFixture("ray/NN_tune_trainable_2"), toPath: trial)
            for _ in 0..<200 {
                let data = damage.apply(to: whole, metadata: [0..<whole.count])
                try data.write(to: URL(fileURLWithPath: "\(trial)/result.json"))
                do {
                    #expect(try ZooSources().open(trial).all().count == 3)
                } catch let error as DataError {
                    #expect(error.kind == .malformed && error.path.contains("result.json, line"), "\(error)")
                }
            }
        }
    }

    /// In this process nothing dies, because a child walks every file first.
    @Test(
        "HDF5: flat and Keras", .enabled(if: WalkerProcess.canWalk, "no weightspace was built"),
        arguments: [
            ("flat-filters.h5", 2500), ("flat-plain.h5", 1200), ("keras2-weights.h5", 6000), ("keras3-legacy.h5", 5000),
        ])
    func hdf5(name: String, metadata: Int) throws {
        try check(name, metadata: [0..<96, 0..<metadata], trials: 60, seed: 7, expansion: 1032)
    }
}
