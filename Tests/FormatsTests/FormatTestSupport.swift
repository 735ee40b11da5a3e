import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

/// The folder of files that Scripts/make_format_fixtures.py wrote.
let formatFixtures = zooFixtures.deletingLastPathComponent().appendingPathComponent("formats")

func formatFixture(_ name: String) -> String { formatFixtures.appendingPathComponent(name).path }

/// One tensor as a reference reader sees it.
struct ExpectedTensor: Decodable, Equatable {
    let name: String
    let shape: [Int]
    let data: [Float]
}

/// What the reference readers say of every fixture: networks, each a list of tensors.
let expectedFormats: Result<[String: [[ExpectedTensor]]], any Error> = Result {
    let data = try Data(contentsOf: formatFixtures.appendingPathComponent("expected.json"))
    return try JSONDecoder().decode([String: [[ExpectedTensor]]].self, from: data)
}

func expected(_ name: String) throws -> [[ExpectedTensor]] { try #require(try expectedFormats.get()[name]) }

extension ForeignNetwork {
    var asExpected: [ExpectedTensor] {
        tensors.map { ExpectedTensor(name: $0.name, shape: $0.shape, data: $0.values.floats()) }
    }

    /// The network of these tensors in single precision.
    init(
        _ tensors: [(String, [Int], [Float])], run: String? = nil, step: Int? = nil, facts: [String: ColumnValue] = [:]
    ) {
        self.init(
            tensors: tensors.map { ForeignTensor(name: $0, shape: $1, values: ForeignValues(floats: $2)) },
            facts: facts, run: run, step: step, place: "/there/\(run ?? "net")")
    }
}

extension ForeignSource {
    /// All networks.
    func all() throws -> [ForeignNetwork] {
        var networks: [ForeignNetwork] = []
        try forEach { networks.append($0) }
        return networks
    }
}

/// A source of networks in memory.
struct ListSource: ForeignSource {
    var format = ZooFormat.folder
    var longestRun = 1
    var notes: [String] = []
    let networks: [ForeignNetwork]

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws { try networks.forEach(body) }
}

/// The architecture of the fixtures' networks, an MLP 4-3-2.
let smallArchitecture = Architecture.mlp(MLP.Config(widths: [4, 3, 2]))

/// A network of that architecture whose numbers count up from `start`.
func smallNetwork(
    _ start: Float, prefix: String = "", run: String? = nil, step: Int? = nil, facts: [String: ColumnValue] = [:]
) -> ForeignNetwork {
    ForeignNetwork(
        smallArchitecture.layout.slots.map { slot in
            ("\(prefix)\(slot.name)", slot.shape, slot.range.map { start + Float($0) })
        }, run: run, step: step, facts: facts)
}

/// Writes an .npz archive of these members and reads its networks.
func readArchive(_ members: [(String, [UInt8])], array: String? = nil) throws -> [ForeignNetwork] {
    try withFolder { (folder: String) throws in
        var writer = try ZipWriter(path: "\(folder)/x.npz")
        for (name, bytes) in members { try writer.add(name, bytes) }
        try writer.finish()
        return try NPZSource(path: "\(folder)/x.npz", array: array).all()
    }
}
