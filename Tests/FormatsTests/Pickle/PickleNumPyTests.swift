import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Unpickler: NumPy's numbers and arrays")
struct PickleNumPyTests {
    private static func type(_ name: String, _ order: String = "<") -> [UInt8] {
        PickleBytes.call("numpy", "dtype", PickleBytes.text(name), [0x89], [0x88])
            + PickleBytes.tuple(PickleBytes.integer(3), PickleBytes.text(order)) + Array("b".utf8)
    }

    private static func data(_ bytes: [UInt8]) -> [UInt8] { [0x43, UInt8(bytes.count)] + bytes }

    private func value(_ pickle: [UInt8]) throws -> String { pickleText(try unpickle(pickle + PickleBytes.stop)) }

    @Test(
        "numbers of every type in both byte orders",
        arguments: [
            ("f8", "<", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F], "1.5"), ("f8", ">", [0x3F, 0xF8, 0, 0, 0, 0, 0, 0], "1.5"),
            ("f4", "<", [0, 0, 0xC0, 0xBF], "-1.5"), ("f2", "<", [0, 0x3E], "1.5"), ("i1", "|", [0xFF], "-1"),
            ("u1", "|", [0xFF], "255"), ("i2", "<", [0xFE, 0xFF], "-2"), ("i2", ">", [0xFF, 0xFE], "-2"),
            ("i4", "<", [1, 1, 0, 0], "257"), ("b1", "|", [1], "True"), ("b1", "|", [0], "False"),
            ("i8", "<", [1, 0, 0, 0, 0, 0, 0x20, 0], "9007199254740993"),
        ] as [(String, String, [UInt8], String)])
    func scalars(name: String, order: String, bytes: [UInt8], expected: String) throws {
        for module in ["numpy.core.multiarray", "numpy._core.multiarray"] {
            #expect(try value(PickleBytes.call(module, "scalar", Self.type(name, order), Self.data(bytes))) == expected)
        }
    }

    @Test("numbers of other types, or of the wrong size, are blanks")
    func blanks() throws {
        let cases: [(String, [UInt8])] = [("O", [0]), ("U1", [0, 0, 0, 0]), ("f8", [0, 0]), ("c8", [0, 0, 0, 0])]
        for (name, bytes) in cases {
            let pickle = PickleBytes.call("numpy.core.multiarray", "scalar", Self.type(name), Self.data(bytes))
            #expect(try value(pickle).hasPrefix("<numpy.core.multiarray.scalar("))
        }
    }

    /// An array as `_reconstruct` and its state.
    private func array(_ type: [UInt8], shape: [Int], columnMajor: Bool = false, _ data: [UInt8]) -> [UInt8] {
        let empty = PickleBytes.call(
            "numpy.core.multiarray", "_reconstruct", PickleBytes.global("numpy", "ndarray"),
            PickleBytes.tuple(PickleBytes.integer(0)), Self.data([0x62]))
        return empty
            + PickleBytes.tuple(
                PickleBytes.integer(1), PickleBytes.mark + shape.flatMap(PickleBytes.integer) + PickleBytes.tuple, type,
                [columnMajor ? 0x88 : 0x89], data) + Array("b".utf8)
    }

    private func numbers(_ pickle: [UInt8]) throws -> [Double] {
        try DatasetFolder.with { folder in
            let whole = PickleBytes.dictionary(("a", pickle))
            let path = try folder.write([0x80, 3] + whole + PickleBytes.stop, to: "arrays.pkl")
            return try #require(try networks(path).first?.tensors.first).values.doubles()
        }
    }

    @Test("arrays in both orders of axes and bytes, and with bytes that happen to be text")
    func arrays() throws {
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6]
        #expect(try numbers(array(Self.type("u1", "|"), shape: [2, 3], Self.data(bytes))) == [1, 2, 3, 4, 5, 6])
        let columns = array(Self.type("u1", "|"), shape: [2, 3], columnMajor: true, Self.data(bytes))
        #expect(try numbers(columns) == [1, 3, 5, 2, 4, 6])
        #expect(try numbers(array(Self.type("i2", ">"), shape: [3], Self.data(bytes))) == [258, 772, 1286])
        #expect(try numbers(array(Self.type("i2"), shape: [1], [0x55, 2, 0x61, 0x62])) == [25_185])
    }

    @Test("arrays whose shape and bytes do not agree are blanks", arguments: [[2], [4], [-1], [1 << 62, 8], [3, 0]])
    func wrongArrays(shape: [Int]) throws {
        let pickle = array(Self.type("u1", "|"), shape: shape, Self.data([1, 2, 3]))
        #expect(try value(pickle).hasPrefix("<numpy.core.multiarray._reconstruct("))
    }

    @Test("arrays of protocol 5")
    func buffers() throws {
        let bytes = Self.data([1, 0, 2, 0])
        let shape = PickleBytes.tuple(PickleBytes.integer(2))
        let sound = PickleBytes.call(
            "numpy._core.numeric", "_frombuffer", bytes, Self.type("i2"), shape, PickleBytes.text("C"))
        #expect(try numbers(sound) == [1, 2])
        let wrong = PickleBytes.call(
            "numpy._core.numeric", "_frombuffer", bytes, Self.type("f8"), shape, PickleBytes.text("C"))
        #expect(try value(wrong).hasPrefix("<numpy._core.numeric._frombuffer("))
    }
}
