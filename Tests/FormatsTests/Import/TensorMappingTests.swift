import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Mapping of tensors onto layouts")
struct TensorMappingTests {
    private let layout = smallArchitecture.layout

    private func mapping(_ network: ForeignNetwork, _ layout: ParameterLayout? = nil) throws -> TensorMapping {
        try TensorMapping(network.tensors, layout: layout ?? self.layout, place: "x")
    }

    @Test("an order that means nothing is not taken for the layers'; numbers and unlike shapes still tell")
    func unordered() throws {
        let square = Architecture.mlp(MLP.Config(widths: [3, 3, 3])).layout
        func find(_ names: [String], _ layout: ParameterLayout, isOrdered: Bool) throws -> [Int] {
            let sides = layout.slots.map(\.shape)
            let shapes = names.flatMap { name in
                let side = Int(name.suffix(1)) ?? 0
                return [("\(name).weight", sides[2 * (side % 2)]), ("\(name).bias", sides[2 * (side % 2) + 1])]
            }
            return try TensorMapping(tensors(shapes).tensors, isOrdered: isOrdered, layout: layout, place: "x").weights
        }
        #expect(try find(["two", "one"], square, isOrdered: true) == [0, 1, 2, 3])
        // The words say that the file's order is not the computation's.
        #expect(throws: DataError.self) { try find(["out", "in"], square, isOrdered: true) }
        #expect(throws: DataError.self) { try find(["out", "in"], square, isOrdered: false) }
        #expect(try find(["m1", "m0"], square, isOrdered: false) == [2, 3, 0, 1])
        #expect(try find(["a1", "b0"], layout, isOrdered: false) == [2, 3, 0, 1])
        let arrays = [("w", [3, 3]), ("v", [3]), ("u", [3, 3]), ("t", [3])]
        #expect(throws: DataError.self) {
            try TensorMapping(tensors(arrays).tensors, isOrdered: false, layout: square, place: "x")
        }
    }

    @Test("safetensors of two number types stand in the order of these, which is not the layers'")
    func mixedTypes() throws {
        let header =
            #"{"out.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
            + #""out.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]},"#
            + #""hid.bias":{"dtype":"F16","shape":[2],"data_offsets":[24,28]},"#
            + #""hid.weight":{"dtype":"F16","shape":[2,2],"data_offsets":[28,36]}}"#
        try withFolder { (folder: String) throws in
            let path = "\(folder)/m.safetensors"
            let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
            try (length + Data(header.utf8) + Data(count: 36)).write(to: URL(fileURLWithPath: path))
            let work = ZooImport(architecture: .mlp(MLP.Config(widths: [2, 2, 2])))
            let error = dataError {
                _ = try work.write(try ZooSources().open(path), root: path, to: "\(folder)/z.h5")
            }
            #expect(error?.kind == .malformed && error?.found.contains("out and hid of the same shapes") == true)
        }
    }

    private func tensors(_ shapes: [(String, [Int])]) -> ForeignNetwork {
        // Numbers of their own: tensors of the same ones are tied.
        ForeignNetwork(
            shapes.enumerated().map { index, tensor in
                (tensor.0, tensor.1, [Float](repeating: Float(index), count: tensor.1.reduce(1, *)))
            })
    }

    @Test(
        "by name, whatever the order and the wrappers",
        arguments: ["", "module.", "model_state_dict.module.", "_orig_mod."])
    func names(prefix: String) throws {
        var network = smallNetwork(0, prefix: prefix)
        network.tensors.reverse()
        let found = try mapping(network)
        #expect(found.basis == .names && found.weights == [3, 2, 1, 0] && found.note(layout) == nil)
    }

    @Test("modules of other names, in order")
    func modules() throws {
        let found = try mapping(
            tensors([("fc1.weight", [3, 4]), ("fc1.bias", [3]), ("out.weight", [2, 3]), ("out.bias", [2])]))
        #expect(found.basis == .modules(.file) && found.weights == [0, 1, 2, 3])
        #expect(found.note(layout)?.contains("fc1.weight -> layers.0.weight") == true)
    }

    @Test("a bias before its weight goes to the bias; numbers sort as numbers")
    func sorted() throws {
        let square = Architecture.mlp(MLP.Config(widths: Array(repeating: 3, count: 12))).layout
        let names = (0..<11).map { "m.\($0 * 3)" }
        let shapes = names.sorted().flatMap { [("\($0).bias", [3]), ("\($0).weight", [3, 3])] }
        let found = try mapping(tensors(shapes), square)
        let order = found.weights.map { shapes[$0].0 }
        #expect(order == names.flatMap { ["\($0).weight", "\($0).bias"] })
    }

    @Test("alphabetical names of equal shapes tell no order; different shapes do")
    func ambiguous() throws {
        let square = Architecture.mlp(MLP.Config(widths: [3, 3, 3])).layout
        let alphabetical = [("enc.bias", [3]), ("enc.weight", [3, 3]), ("fin.bias", [3]), ("fin.weight", [3, 3])]
        #expect(throws: DataError.self) { try mapping(tensors(alphabetical), square) }
        let unlike = [("a.bias", [2]), ("a.weight", [2, 3]), ("b.bias", [3]), ("b.weight", [3, 4])]
        #expect(try mapping(tensors(unlike)).weights == [3, 2, 1, 0])
    }

    @Test("arrays without names: numbered, in order")
    func order() throws {
        let found = try mapping(tensors([("arr_0", [3, 4]), ("arr_1", [3]), ("arr_2", [2, 3]), ("arr_3", [2])]))
        #expect(found.basis == .order && found.weights == [0, 1, 2, 3])
        #expect(try mapping(tensors([("w", [23])])).basis == .flat)
    }

    @Test("running statistics go to buffers; without them there are none")
    func buffers() throws {
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("a.weight", shape: [2], role: .scale)
        _ = builder.addBuffer("a.running_mean", shape: [2], role: .shift)
        _ = builder.addSlot("b.weight", shape: [3, 2], role: .weight)
        let layout = builder.layout()
        let full = [("n.weight", [2]), ("n.running_mean", [2]), ("h.weight", [3, 2])]
        #expect(try mapping(tensors(full), layout).buffers == [1])
        #expect(try mapping(tensors([full[0], full[2]]), layout).buffers == [])
        let named = [("b.weight", [3, 2]), ("a.running_mean", [2]), ("a.weight", [2])]
        let found = try mapping(tensors(named), layout)
        #expect(found.weights == [2, 0] && found.buffers == [1] && found.basis == .names)
    }

    @Test(
        "what does not fit is named",
        arguments: [
            ([("layers.0.weight", [4, 3])], "layers.0.weight [3, 4], found [4, 3]"),
            ([("layers.0.weight", [3, 4]), ("extra.weight", [1])], "tensor extra.weight [1], which none takes"),
            ([("layers.0.weight", [3, 4]), ("layers.0.bias", [3])], "none for layers.1.weight [2, 3]"),
            ([("w", [22])], "tensor w [22]"), ([], "none for layers.0.weight"),
        ] as [([(String, [Int])], String)])
    func failures(shapes: [(String, [Int])], says: String) {
        let error = dataError { _ = try mapping(tensors(shapes)) }
        #expect(error?.kind == .malformed && error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test("a mapping fits networks of the same names and shapes alone")
    func fits() throws {
        let found = try mapping(smallNetwork(0))
        #expect(found.fits(smallNetwork(5).tensors, layout: layout))
        #expect(!found.fits(smallNetwork(5, prefix: "module.").tensors, layout: layout))
        #expect(!found.fits(Array(smallNetwork(5).tensors.dropLast()), layout: layout))
    }

    @Test("a layout guessed from names and shapes")
    func guess() throws {
        let network = tensors([
            ("net.emb.weight", [5, 2]), ("net.conv.weight", [2, 1, 3, 3]), ("net.conv.bias", [2]),
            ("net.bn.weight", [2]), ("net.bn.bias", [2]), ("net.bn.running_mean", [2]), ("net.bn.running_var", [2]),
            ("net.temperature", []),
        ])
        let layout = try LayoutGuess.layout(of: network.tensors, place: "x")
        let names = ["emb.weight", "conv.weight", "conv.bias", "bn.weight", "bn.bias", "temperature"]
        #expect(layout.slots.map(\.name) == names)
        #expect(layout.slots.map(\.role) == [.embedding, .weight, .bias, .scale, .shift, .bias])
        #expect(layout.buffers.map(\.role) == [.shift, .scale] && layout.count == 10 + 18 + 2 + 4 + 1)
        let wrong: [[(String, [Int])]] = [[("v", [9])], [], [("a.weight", [2, 0])], [("a", [2, 2]), ("a", [2, 2])]]
        for shapes in wrong {
            let error = dataError { _ = try LayoutGuess.layout(of: tensors(shapes).tensors, place: "x") }
            #expect(error?.kind == .malformed)
        }
    }
}
