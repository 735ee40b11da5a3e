import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("PyTorch checkpoints: the ways in which tensors are made again")
struct TorchRebuildTests {
    private static let storage = PickleBytes.storage("0", count: 4)

    private func read(_ value: [UInt8]) throws -> ForeignTensor {
        try withFolder { (folder: String) throws in
            let pickle = PickleBytes.dictionary(("w", value))
            try writeCheckpoint("\(folder)/c.pt", pickle: pickle, storages: ["0": [1, 2, 3, 4]])
            return try #require(try networks("\(folder)/c.pt").first?.tensors.first)
        }
    }

    private var shape: [UInt8] { PickleBytes.tuple(PickleBytes.integer(2)) }
    private var strides: [UInt8] { PickleBytes.tuple(PickleBytes.integer(2)) }

    @Test("the first form, without gradients and hooks")
    func first() throws {
        let value = PickleBytes.call(
            "torch._utils", "_rebuild_tensor", Self.storage, PickleBytes.integer(1), shape, strides)
        #expect(try read(value).values.floats() == [2, 4])
    }

    @Test("the third form, with a number type of its own", arguments: [("float32", 1), ("int16", 2), ("int", 1)])
    func third(type: String, perFloat: Int) throws {
        let untyped = PickleBytes.storage("0", count: 16, type: "UntypedStorage")
        let value = PickleBytes.call(
            "torch._utils", "_rebuild_tensor_v3", untyped, PickleBytes.integer(0),
            PickleBytes.tuple(PickleBytes.integer(4 * perFloat)), PickleBytes.tuple(PickleBytes.integer(1)), [0x89],
            PickleBytes.none, PickleBytes.global("torch", type))
        let values = try read(value).values
        #expect(values.count == 4 * perFloat)
        #expect(values.bytes.elementsEqual([Float](arrayLiteral: 1, 2, 3, 4).withUnsafeBytes { Array($0) }))
    }

    @Test("parameters, with and without state, and subclasses of tensors")
    func wrapped() throws {
        let tensor = PickleBytes.tensor(Self.storage, shape: [2], strides: [2])
        for name in ["_rebuild_parameter", "_rebuild_parameter_with_state"] {
            let value = PickleBytes.call("torch._utils", name, tensor, [0x88], PickleBytes.none)
            #expect(try read(value).values.floats() == [1, 3])
        }
        let arguments = PickleBytes.tuple(Self.storage, PickleBytes.integer(1), shape, strides)
        let subclass = PickleBytes.call(
            "torch._tensor", "_rebuild_from_type_v2", PickleBytes.global("torch._utils", "_rebuild_tensor_v2"),
            PickleBytes.global("mine", "Tensor"), arguments, PickleBytes.none)
        #expect(try read(subclass).values.floats() == [2, 4])
    }

    @Test("a subclass of a subclass, or of anything else, is a blank")
    func blanks() throws {
        for function in ["torch._tensor\n_rebuild_from_type_v2", "os_like\nsystem"] {
            let value = PickleBytes.call(
                "torch._tensor", "_rebuild_from_type_v2", Array("c\(function)\n".utf8), PickleBytes.none,
                PickleBytes.tuple(PickleBytes.text("true")), PickleBytes.none)
            let graph = try unpickle(value + PickleBytes.stop)
            guard case .object(let object) = graph[graph.root] else { return #expect(Bool(false), "not a blank") }
            #expect(object.global.name == "_rebuild_from_type_v2")
            // Left out of a network, it would be another network.
            #expect(dataError { _ = try read(value) }?.found == "torch._tensor._rebuild_from_type_v2")
        }
    }

    @Test("storages of classes that hold no numbers we know")
    func storageClasses() {
        for type in ["Thing", "system", "QUInt4x2Storage"] {
            let value = PickleBytes.tensor(PickleBytes.storage("0", count: 4, type: type), shape: [1], strides: [1])
            #expect(dataError { _ = try read(value) }?.expected == "a storage of numbers")
        }
    }

    @Test("number types by the names of PyTorch's classes, its dtypes and NumPy's")
    func types() {
        #expect(TorchNumberType(storageClass: "BFloat16Storage")?.element == .bfloat16)
        #expect(TorchNumberType(storageClass: "ComplexFloatStorage")?.byteCount == 8)
        #expect(TorchNumberType(storageClass: "ComplexFloatStorage")?.element == nil)
        #expect(TorchNumberType(storageClass: "float32") == nil)
        for element in ForeignElement.allCases {
            #expect(TorchNumberType(dtype: element.rawValue) == TorchNumberType(element))
        }
        #expect(TorchNumberType(dtype: "half") == TorchNumberType(.float16))
        #expect(TorchNumberType(dtype: "device") == nil)
        #expect(TorchNumberType(numpy: "u1")?.element == .uint8 && TorchNumberType(numpy: "O") == nil)
    }
}
