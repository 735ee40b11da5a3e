import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("IDX arrays of any shape")
struct IDXPropertyTests {
    @Test("Random shapes of every type come back with their extents, whatever the rank")
    func shapes() throws {
        var noise = DatasetNoise(seed: 21)
        for element in IDXArray.Element.allCases {
            for rank in 1...5 {
                let shape = (0..<rank).map { _ in noise.below(4) }
                let payload = noise.bytes(shape.reduce(element.size, *))
                let bytes = DatasetBytes.idx(element.rawValue, shape.map { UInt32($0) }, payload)
                let array = try IDXArray(bytes: bytes, path: "x")
                #expect(array.shape == shape && array.element == element && Array(array.payload) == payload)
                #expect(array.floats().count == shape.reduce(1, *) && array.headerSize == 4 + 4 * rank)
            }
        }
    }

    @Test("Random damage gives an error, or an array that the bytes account for")
    func damage() throws {
        var noise = DatasetNoise(seed: 22)
        let whole = DatasetBytes.idx(0x0B, [3, 2], noise.bytes(12))
        for _ in 0..<400 {
            let bytes = noise.damaged(whole)
            do {
                let array = try IDXArray(bytes: bytes, path: "x")
                #expect(array.headerSize + array.count * array.element.size == bytes.count)
            } catch let error as DataError {
                #expect(error.kind == .malformed && error.path == "x")
            }
        }
    }

    @Test("Labels are what the numbers say, in every integer type")
    func labels() throws {
        let values: [Int32] = [0, 5, 127]
        let payloads: [(UInt8, [UInt8])] = [
            (0x08, values.map { UInt8($0) }), (0x09, values.map { UInt8($0) }),
            (0x0B, values.flatMap { DatasetBytes.big(Int16($0)) }), (0x0C, values.flatMap { DatasetBytes.big($0) }),
        ]
        for (code, payload) in payloads {
            let array = try IDXArray(bytes: DatasetBytes.idx(code, [3], payload), path: "x")
            #expect(try array.labels() == values && array.floats() == values.map { Float($0) })
            #expect(array.element.isInteger)
        }
    }

    @Test(
        "The first negative label is named with its place, in every signed type",
        arguments: [
            (UInt8(0x09), [1, 0xFF] as [UInt8], "-1 at sample 1"), (0x0B, [0x80, 0, 0, 1], "-32768 at sample 0"),
            (0x0C, [0, 0, 0, 7, 0xFF, 0xFF, 0xFF, 0xF6], "-10 at sample 1"),
        ])
    func negative(code: UInt8, payload: [UInt8], found: String) throws {
        let array = try IDXArray(bytes: DatasetBytes.idx(code, [2], payload), path: "x")
        let error = try requireDataError { _ = try array.labels() }
        #expect(error.found == found && error.expected == "classes from 0 up")
    }

    @Test(
        "Messages name what was expected and what is there",
        arguments: [
            ([0, 0, 8] as [UInt8], "an IDX file", "3 bytes"),
            ([1, 2, 0x1F, 0], "an IDX file (00 00, a type from 08 to 0e, a rank above 0)", "the bytes 1 2 1f 0"),
            ([0, 0, 8, 3, 0], "an IDX header of 16 bytes for rank 3", "5 bytes"),
            ([0, 0, 0x0E, 1, 0, 0, 0, 2, 9], "16 bytes of float64 for extents [2]", "1"),
        ])
    func messages(bytes: [UInt8], expected: String, found: String) throws {
        let error = try requireDataError { _ = try IDXArray(bytes: bytes, path: "x") }
        #expect(error.expected == expected && error.found == found)
    }

    @Test("Large 32-bit numbers and doubles are rounded once")
    func rounding() throws {
        let integers = try IDXArray(
            bytes: DatasetBytes.idx(0x0C, [2], DatasetBytes.big(Int32.max) + DatasetBytes.big(Int32(16_777_217))),
            path: "x")
        #expect(integers.floats() == [0x1p31, 16_777_216])
        let doubles = try IDXArray(
            bytes: DatasetBytes.idx(
                0x0E, [2], DatasetBytes.big(1e39.bitPattern) + DatasetBytes.big((1 + 0x1p-24).bitPattern)),
            path: "x")
        #expect(doubles.floats() == [.infinity, 1])
    }
}
