import Testing
import ZooTestSupport

@testable import Formats

@Suite("Weights that are stored in parts")
struct WeightPartsTests {
    private func plain(_ tensors: [(String, [Int], [Float])]) throws -> ForeignNetwork {
        try ForeignNetwork(tensors).plain()
    }

    private func near(_ values: [Float], _ others: [Float]) -> Bool {
        values.count == others.count && zip(values, others).allSatisfy { abs($0 - $1) < 1e-6 }
    }

    @Test("weight norm, by hooks and by parametrizations, along either axis or as a whole")
    func weightNorm() throws {
        let v: [Float] = [3, 4, 0, 5]
        for (direction, length, name) in [
            ("a.weight_v", "a.weight_g", "a.weight"), ("weight_v", "weight_g", "weight"),
            ("r.weight_ih_l0_v", "r.weight_ih_l0_g", "r.weight_ih_l0"),
            ("a.parametrizations.weight.original1", "a.parametrizations.weight.original0", "a.weight"),
        ] {
            let network = try plain([("b", [1], [7]), (length, [2, 1], [10, 2]), (direction, [2, 2], v)])
            #expect(network.tensors.map(\.name) == ["b", name] && network.tensors[1].shape == [2, 2])
            #expect(near(network.tensors[1].values.floats(), [6, 8, 0, 2]))
            #expect(network.notes == ["weight norm was applied to 1 weight of every network"])
        }
        let columns = try plain([("weight_g", [1, 2], [3, 1]), ("weight_v", [2, 2], [3, 3, 0, 4])])
        #expect(near(columns.tensors[0].values.floats(), [3, 0.6, 0, 0.8]))
        let whole = try plain([("weight_g", [], [10]), ("weight_v", [2], [3, 4])])
        #expect(near(whole.tensors[0].values.floats(), [6, 8]))
        let images = try plain([("weight_g", [1, 2, 1], [1, 2]), ("weight_v", [2, 2, 1], [3, 0, 4, 5])])
        #expect(near(images.tensors[0].values.floats(), [0.6, 0, 0.8, 2]))
    }

    @Test("spectral norm divides by u W v, whichever axis its vectors are along")
    func spectralNorm() throws {
        let weight: [Float] = [2, 0, 0, 0, 1, 0]
        for names in [
            ("weight_orig", "weight_u", "weight_v"),
            ("parametrizations.weight.original", "parametrizations.weight.0._u", "parametrizations.weight.0._v"),
        ] {
            let network = try plain([
                (names.0, [2, 3], weight), (names.1, [2], [1, 0]), (names.2, [3], [1, 0, 0]),
            ])
            #expect(
                network.tensors.map(\.name) == ["weight"]
                    && near(network.tensors[0].values.floats(), [1, 0, 0, 0, 0.5, 0]))
        }
        // A transposed convolution [in, out, 1]: u is along the second axis; the matrix is [0 2; 0 0] along it.
        let square = try plain([
            ("weight_orig", [2, 2, 1], [0, 0, 4, 0]), ("weight_u", [2], [1, 0]), ("weight_v", [2], [0, 1]),
        ])
        #expect(near(square.tensors[0].values.floats(), [0, 0, 1, 0]))
    }

    @Test("pruning masks are applied to whatever they are of")
    func masks() throws {
        let network = try plain([
            ("fc.weight_orig", [2], [3, 5]), ("fc.weight_mask", [2], [0, 1]), ("fc.bias_orig", [1], [2]),
            ("fc.bias_mask", [1], [1]), ("e.table_orig", [1], [4]), ("e.table_mask", [1], [0]),
            ("s.parametrizations.weight.original", [1], [9]), ("s.parametrizations.weight.0.mask", [1], [0]),
        ])
        #expect(network.tensors.map(\.name) == ["fc.weight", "fc.bias", "e.table", "s.weight"])
        #expect(network.tensors.map { $0.values.floats() } == [[0, 5], [2], [0], [0]])
        #expect(network.notes == ["a pruning mask was applied to 4 weights of every network"])
    }

    @Test(
        "parts of which it is not known how they make a weight are refused as such",
        arguments: [
            ["a.parametrizations.weight.original", "a.parametrizations.weight.0.base"],
            ["a.parametrizations.weight.original"], ["weight_bar", "weight_u", "weight_v"], ["a.weight_g"],
            ["a.weight_orig"], ["a.weight", "a.weight_mask"],
            [
                "w.parametrizations.weight.original0", "w.parametrizations.weight.original1",
                "w.parametrizations.weight.1.x",
            ],
        ])
    func refused(names: [String]) {
        let error = dataError { _ = try plain(names.map { ($0, [2], [1, 2]) }) }
        #expect(error?.kind == .malformed && error?.found.contains("parametrized in a way") == true, "\(error as Any)")
    }

    @Test("parts that do not fit each other are named; names that only look alike are left alone")
    func shapes() throws {
        let error = dataError {
            _ = try plain([("weight_g", [3, 1], [1, 2, 3]), ("weight_v", [2, 2], [1, 2, 3, 4])])
        }
        #expect(error?.expected.contains("weight norm") == true && error?.found.contains("weight_g [3, 1]") == true)
        let others =
            [("attn.rel_v", [1], [1]), ("attn.rel_g", [1], [2]), ("mask", [1], [3])] as [(String, [Int], [Float])]
        #expect(try plain(others).tensors.map(\.name) == others.map(\.0))
    }
}
