import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Pickle: views of storages, input and messages")
struct PickleTensorTests {
    /// A view of a storage of 96 bytes.
    private func view(
        type: TorchNumberType = .init(.float32), offset: Int = 0, _ shape: [Int], _ strides: [Int]
    ) -> PickleTensor? {
        let storage = PickleStorage(
            place: .record("0"), type: type, byteOffset: 0, byteCount: 96, recordByteCount: 96,
            bigEndian: nil)
        return PickleTensor(storage: storage, type: type, offset: offset, shape: shape, strides: strides)
    }

    @Test("strides of row-major and column-major shapes")
    func strides() {
        #expect(PickleTensor.strides(of: [2, 3, 4]) == [12, 4, 1])
        #expect(PickleTensor.strides(of: [2, 3, 4], columnMajor: true) == [1, 2, 6])
        #expect(PickleTensor.strides(of: []) == [])
        #expect(PickleTensor.strides(of: [2, 0, 4]) == [4, 4, 1])
        #expect(PickleTensor.strides(of: [1 << 62, 1 << 62]) == nil && PickleTensor.strides(of: [-1]) == nil)
    }

    @Test("counts, and which views are contiguous")
    func contiguity() {
        #expect(view([2, 3, 4], [12, 4, 1])?.isContiguous == true)
        #expect(view([2, 1, 4], [4, 999, 1])?.isContiguous == true)
        #expect(view([4, 3], [1, 4])?.isContiguous == false)
        #expect(view([3], [0])?.isContiguous == false)
        #expect(view([], [])?.count == 1 && view([], [])?.isContiguous == true)
        #expect(view([0, 5], [5, 1])?.count == 0)
        #expect(view([2, 3], [3, 1])?.byteCount == 24)
    }

    @Test("the last element decides what fits")
    func bounds() {
        #expect(view([24], [1]) != nil && view([25], [1]) == nil)
        #expect(view(offset: 23, [1], [7]) != nil && view(offset: 24, [1], [1]) == nil)
        #expect(view([2, 2], [20, 3]) != nil && view([2, 2], [20, 4]) == nil)
        // Twice as wide elements: half as many.
        #expect(view(type: .init(.float64), [12], [1]) != nil && view(type: .init(.float64), [13], [1]) == nil)
        #expect(view(offset: 1 << 40, [0], [1]) != nil)
    }

    @Test("numbers and lines of an input, and what is left of it")
    func input() throws {
        let wide = [UInt8](repeating: 0xFF, count: 8)
        var input = PickleInput(bytes: [1, 2] + wide + [65, 66, 10, 67], path: "p")
        #expect(try input.number(2) == 513)
        #expect(try input.number(8) == Int.max)
        #expect(try input.line() == [65, 66])
        #expect(input.remaining == 1)
        let error = dataError { _ = try input.line() }
        #expect(error?.kind == .malformed && error?.path == "p, byte 14")
        #expect(dataError { _ = try input.bytes(Int.max) }?.found == "0")
    }

    @Test("first integers, exactly")
    func integers() {
        let bytes: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        #expect(ForeignValues(bytes: bytes, element: .int64).firstInteger == Int128(Int64.max))
        #expect(ForeignValues(bytes: bytes, element: .int64, bigEndian: true).firstInteger == -129)
        #expect(ForeignValues(bytes: bytes, element: .int16).firstInteger == -1)
        #expect(ForeignValues(bytes: bytes, element: .uint8).firstInteger == 255)
    }

    @Test("texts of files in messages are short and without control characters")
    func printable() {
        #expect("plain é".printable() == "plain é")
        #expect("a\u{1B}[31m\n\u{202E}b".printable() == "a\u{FFFD}[31m\u{FFFD}\u{FFFD}b")
        #expect(String(repeating: "x", count: 500).printable() == String(repeating: "x", count: 120) + "...")
    }

    @Test("names by their modules of today, and what counts as dangerous")
    func globals() {
        #expect(PickleGlobal(module: "__builtin__", name: "set").qualifiedName == "builtins.set")
        #expect(PickleGlobal(module: "copy_reg", name: "x").qualifiedName == "copyreg.x")
        #expect(PickleGlobal(module: "os.path", name: "join").isDangerous)
        let inert = [("osmium", "system"), ("builtins", "getattr"), ("torch", "FloatStorage"), ("code", "Net")]
        for (module, name) in inert {
            #expect(!PickleGlobal(module: module, name: name).isDangerous, "\(module).\(name)")
        }
    }
}
