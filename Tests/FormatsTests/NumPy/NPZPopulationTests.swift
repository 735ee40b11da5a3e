import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Populations in .npz files")
struct NPZPopulationTests {
    private func matrix(_ rows: Int, _ columns: Int) -> [UInt8] {
        NPYWriter.header("<f4", shape: [rows, columns])
            + (0..<rows * columns).map { Float($0) }.withUnsafeBytes { Array($0) }
    }

    private let layout = Array(#"{"slots":[{"name":"w","offset":0,"shape":[1,2],"role":"weight"}]}"#.utf8)

    @Test("rows, facts and the layout")
    func rows() throws {
        let networks = try readArchive([
            ("weights.npy", matrix(3, 2)), ("layout.json", layout), ("lr.npy", NPYWriter.column(.real([1, .nan, 3]))),
            ("architecture.json", []),
        ])
        #expect(networks.map { $0.tensors[0].values.floats() } == [[0, 1], [2, 3], [4, 5]])
        #expect(networks[0].tensors[0].shape == [1, 2] && networks[0].tensors[0].name == "w")
        #expect(networks.map { $0.facts["lr"] } == [.real(1), nil, .real(3)])
        let bare = try readArchive([("other.npy", matrix(2, 2))], array: "other")
        #expect(bare.map { $0.tensors[0].shape } == [[2], [2]])
    }

    @Test("what does not fit the rows is refused")
    func wrong() {
        let weights = ("weights.npy", matrix(3, 2))
        for members in [
            [weights, ("lr.npy", NPYWriter.column(.real([1])))], [weights, ("layout.json", Array("{".utf8))],
            [("weights.npy", matrix(3, 3)), ("layout.json", layout)], [weights, ("buffers.npy", matrix(3, 1))],
            [weights, ("x.npy", Array("no array".utf8))],
        ] {
            #expect(dataError { _ = try readArchive(members) }?.kind == .malformed, "\(members.map(\.0))")
        }
    }
}
