import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("NumPy arrays: orders of bytes and of axes")
struct NPYOrderTests {
    private func array(
        _ descr: String, _ shape: String, isFortran: Bool = false, _ payload: [UInt8]
    ) throws -> NPYArray {
        let order = isFortran ? "True" : "False"
        let header = Array("{'descr': '\(descr)', 'fortran_order': \(order), 'shape': \(shape), }".utf8)
        let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0]
        return try NPYArray(place: "x.npy", bytes: start + header + payload)
    }

    @Test("columns of every type of several bytes", arguments: [false, true])
    func columns(isBig: Bool) throws {
        func column<Bits: FixedWidthInteger>(_ type: String, _ values: [Bits], count: Int = 2) throws -> ZooColumn {
            let bytes = values.flatMap { isBig ? DatasetBytes.big($0) : DatasetBytes.little($0) }
            return try array("\(isBig ? ">" : "<")\(type)", "(\(count),)", bytes).column()
        }
        #expect(try column("i2", [Int16(-300), 258]) == .integer([-300, 258]))
        #expect(try column("i4", [Int32(-70_000), 1 << 24]) == .integer([-70_000, 1 << 24]))
        #expect(try column("i8", [Int64.min, 5]) == .integer([.min, 5]))
        #expect(try column("u8", [UInt64.max, 5]) == .unsigned([.max, 5]))
        #expect(try column("f2", [UInt16(0x3C00), 0xC100]) == .real([1, -2.5]))
        #expect(try column("f4", [Float(0.1).bitPattern, Float(-8).bitPattern]) == .real([Double(Float(0.1)), -8]))
        #expect(try column("f8", [Double(0.1).bitPattern, Double(-1e300).bitPattern]) == .real([0.1, -1e300]))
        #expect(try column("U2", [0x6E, 0xE9, 0x1F30D, 0] as [UInt32]) == .text(["né", "🌍"]))
        // What is no character, a surrogate or beyond the last one, is replaced.
        #expect(try column("U1", [0xD800, 0x11_0000] as [UInt32]) == .text(["\u{FFFD}", "\u{FFFD}"]))
    }

    @Test(
        "columns of single bytes",
        arguments: [
            ("|i1", ZooColumn.integer([-1, 127])), ("|u1", .integer([255, 127])), ("|b1", .integer([1, 1])),
        ])
    func bytes(type: String, expected: ZooColumn) throws {
        #expect(try array(type, "(2,)", [0xFF, 0x7F]).column() == expected)
    }

    @Test("three axes of which the first runs fastest come out row-major", arguments: [false, true])
    func fortran(isBig: Bool) throws {
        var (columnMajor, rowMajor) = ([Int16](repeating: 0, count: 24), [Int64](repeating: 0, count: 24))
        for i in 0..<2 {
            for j in 0..<3 {
                for k in 0..<4 {
                    let value = 100 * i + 10 * j + k
                    columnMajor[i + 2 * j + 6 * k] = Int16(value)
                    rowMajor[12 * i + 4 * j + k] = Int64(value)
                }
            }
        }
        let bytes: [UInt8] = columnMajor.flatMap { isBig ? DatasetBytes.big($0) : DatasetBytes.little($0) }
        let tensor = try array(isBig ? ">i2" : "<i2", "(2, 3, 4)", isFortran: true, bytes).tensor("x")
        #expect(tensor.shape == [2, 3, 4] && tensor.values.integers() == rowMajor)
    }

    @Test("a number alone is a tensor without axes, in either order", arguments: [false, true])
    func scalar(isFortran: Bool) throws {
        let tensor = try array("<i2", "()", isFortran: isFortran, [7, 0]).tensor("x")
        #expect(tensor.shape == [] && tensor.values.integers() == [7])
    }
}
