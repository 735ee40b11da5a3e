import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite struct IDXArrayTests {
    private func problem(_ bytes: [UInt8]) -> DataError? {
        #expect(throws: DataError.self) { try IDXArray(bytes: bytes, path: "file") }
    }

    @Test func readsBytesPackedOrPlain() throws {
        let bytes = DatasetBytes.idx(0x08, [2, 3], [1, 2, 3, 4, 5, 255])
        try DatasetFolder.with { folder in
            for path in [try folder.write(bytes, to: "a"), try folder.write(DatasetBytes.gzip(bytes), to: "a.gz")] {
                let array = try IDXArray(contentsOf: path)
                #expect(array.shape == [2, 3])
                #expect(array.element == .uint8)
                #expect(array.floats() == [1, 2, 3, 4, 5, 255])
                #expect(array.path == path)
            }
        }
    }

    @Test func readsEveryTypeBigEndian() throws {
        let values: [(UInt8, [UInt8], [Float])] = [
            (0x08, [0, 200], [0, 200]),
            (0x09, [0xFF, 0x7F], [-1, 127]),
            (0x0B, DatasetBytes.big(Int16(-300)) + DatasetBytes.big(Int16(258)), [-300, 258]),
            (0x0C, DatasetBytes.big(Int32(-70_000)) + DatasetBytes.big(Int32(1 << 24)), [-70_000, 16_777_216]),
            (0x0D, DatasetBytes.big(Float(0.1).bitPattern) + DatasetBytes.big(Float(-2.5).bitPattern), [0.1, -2.5]),
            (0x0E, DatasetBytes.big(0.1.bitPattern) + DatasetBytes.big((-1e10).bitPattern), [0.1, -1e10]),
        ]
        for (code, payload, expected) in values {
            #expect(try IDXArray(bytes: DatasetBytes.idx(code, [2], payload), path: "file").floats() == expected)
        }
        #expect(values.count == IDXArray.Element.allCases.count)
    }

    @Test func labelsAreWholeAndNotNegative() throws {
        func labels(_ code: UInt8, _ shape: [UInt32], _ payload: [UInt8]) throws -> [Int32] {
            try IDXArray(bytes: DatasetBytes.idx(code, shape, payload), path: "file").labels()
        }
        #expect(try labels(0x08, [3], [7, 0, 255]) == [7, 0, 255])
        #expect(try labels(0x09, [1], [127]) == [127])
        #expect(try labels(0x0B, [2], [1, 0, 0, 9]) == [256, 9])
        #expect(try labels(0x0C, [1], [0, 1, 0, 0]) == [65_536])
        let negative = #expect(throws: DataError.self) { try labels(0x09, [2], [1, 0xFE]) }
        #expect(negative?.found == "-2 at sample 1")
        #expect(throws: DataError.self) { try labels(0x0D, [1], [0, 0, 0, 0]) }
        #expect(throws: DataError.self) { try labels(0x08, [2, 1], [0, 0]) }
    }

    @Test func everyPrefixAndEveryExtraByteIsRefused() {
        let whole = DatasetBytes.idx(0x08, [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])
        for length in 0..<whole.count { #expect(problem(Array(whole[..<length]))?.kind == .malformed) }
        #expect(problem(whole + [9])?.kind == .malformed)
    }

    @Test(
        arguments: [
            [1, 0, 8, 1, 0, 0, 0, 0], [0, 1, 8, 1, 0, 0, 0, 0], [0, 0, 0x0A, 1, 0, 0, 0, 0], [0, 0, 8, 0],
            [0, 0, 0x0F, 1, 0, 0, 0, 0],
        ] as [[UInt8]])
    func wrongMagicIsRefused(bytes: [UInt8]) {
        #expect(problem(bytes)?.expected.contains("IDX") == true)
    }

    @Test func boastfulExtentsAreRefusedBeforeAnythingIsAllocated() {
        #expect(problem(DatasetBytes.idx(0x08, [.max, .max], [1]))?.kind == .malformed)
        #expect(problem(DatasetBytes.idx(0x0E, [.max, .max, .max], []))?.expected.contains("2^63") == true)
        #expect(problem(DatasetBytes.idx(0x08, [60_000, 28, 28], [0]))?.expected.contains("47040000") == true)
        #expect(problem(DatasetBytes.idx(0x08, [UInt32](repeating: 2, count: 255), [])) != nil)
    }

    @Test func noSamplesAreAnArrayToo() throws {
        let array = try IDXArray(bytes: DatasetBytes.idx(0x08, [0, .max, .max], []), path: "file")
        #expect(array.count == 0)
        #expect(array.floats().isEmpty)
    }
}
