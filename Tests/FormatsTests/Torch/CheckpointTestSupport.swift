import Foundation
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

/// A file that Scripts/make_torch_checkpoints.py wrote.
func checkpointFixture(_ name: String) -> String {
    zooFixtures.deletingLastPathComponent().appendingPathComponent("checkpoints/\(name)").path
}

/// A network as PyTorch reads it: Scripts/torch_checkpoint_facts.py writes these.
struct ExpectedNetwork: Decodable {
    struct Tensor: Decodable, Equatable {
        let name: String
        let shape: [Int]
        let type: String
        let sha256: String
    }

    /// A fact, equal to another where the numbers are.
    enum Fact: Decodable, Equatable {
        case integer(Int128)
        case real(Double)
        case text(String)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let flag = try? value.decode(Bool.self) {
                self = .integer(flag ? 1 : 0)
            } else if let integer = try? value.decode(Int64.self) {
                self = .integer(Int128(integer))
            } else if let integer = try? value.decode(UInt64.self) {
                self = .integer(Int128(integer))
            } else if let real = try? value.decode(Double.self) {
                self = .real(real)
            } else {
                self = .text(try value.decode(String.self))
            }
        }

        init(_ fact: ColumnValue) {
            switch fact {
            case .real(let value): self = .real(value)
            case .integer(let value): self = .integer(Int128(value))
            case .unsigned(let value): self = .integer(Int128(value))
            case .text(let value): self = .text(value)
            }
        }
    }

    let tensors: [Tensor]
    let facts: [String: Fact]

    /// Expectations by file name.
    static func all(_ path: String) throws -> [String: [ExpectedNetwork]] {
        try JSONDecoder().decode([String: [ExpectedNetwork]].self, from: try bytes(path))
    }
}

extension ExpectedNetwork.Tensor {
    /// The same description of a tensor that was read here.
    init(_ tensor: ForeignTensor) {
        let values = tensor.values
        let width = values.element.byteCount
        var little = Array(values.bytes)
        if values.bigEndian {
            for start in stride(from: 0, to: little.count, by: width) { little[start..<(start + width)].reverse() }
        }
        self.init(
            name: tensor.name, shape: tensor.shape, type: values.element.rawValue,
            sha256: SHA256.hex(little.withUnsafeBytes { SHA256.digest(of: $0) }))
    }
}

/// All networks of a checkpoint.
func networks(_ path: String) throws -> [ForeignNetwork] {
    var networks: [ForeignNetwork] = []
    try TorchCheckpoint(path: path).forEach { networks.append($0) }
    return networks
}

/// Writes a ZIP checkpoint: a pickle, and storages of floats by their keys.
func writeCheckpoint(_ path: String, pickle: [UInt8], storages: [String: [Float]] = [:]) throws {
    var writer = try ZipWriter(path: path)
    try writer.add("archive/data.pkl", pickle + PickleBytes.stop)
    for key in storages.keys.sorted() {
        try writer.add("archive/data/\(key)", (storages[key] ?? []).withUnsafeBytes { Array($0) })
    }
    try writer.finish()
}

/// How many damaged files a test reads: as usual, or as many times more as `$WEIGHTSPACE_FUZZ` says.
func fuzzCount(_ usual: Int) -> Int {
    usual * (ProcessInfo.processInfo.environment["WEIGHTSPACE_FUZZ"].flatMap { Int($0) } ?? 1)
}
