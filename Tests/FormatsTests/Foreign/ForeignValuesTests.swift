import Foundation
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Foreign values: conversions")
struct ForeignValuesTests {
    /// Bytes of numbers in either order.
    private func values<Bits: FixedWidthInteger>(
        _ bits: [Bits], _ element: ForeignElement, big: Bool
    ) -> ForeignValues {
        let bytes = bits.flatMap { bits in withUnsafeBytes(of: big ? bits.bigEndian : bits.littleEndian) { Array($0) } }
        return ForeignValues(bytes: bytes, element: element, bigEndian: big)
    }

    @Test("every type in both orders of bytes", arguments: [false, true])
    func types(big: Bool) {
        #expect(values([UInt16(0x3C00), 0xC000, 0x0001], .float16, big: big).floats() == [1, -2, 0x1p-24])
        #expect(values([UInt16(0x3F80), 0xC000, 0x0001], .bfloat16, big: big).floats() == [1, -2, 0x1p-133])
        #expect(values([Float(1.5).bitPattern, Float(-0.1).bitPattern], .float32, big: big).floats() == [1.5, -0.1])
        #expect(values([(0.1).bitPattern], .float64, big: big).doubles() == [0.1])
        #expect(values([UInt16(bitPattern: -5)], .int16, big: big).floats() == [-5])
        #expect(values([UInt32(bitPattern: -7)], .int32, big: big).floats() == [-7])
        #expect(values([UInt64(bitPattern: -9)], .int64, big: big).integers() == [-9])
        #expect(values([UInt8(200), 3], .uint8, big: big).floats() == [200, 3])
        #expect(values([UInt8(200)], .int8, big: big).floats() == [-56])
        #expect(values([UInt8(0), 2], .bool, big: big).floats() == [0, 1])
    }

    @Test("numbers are rounded once, to the nearest, ties to even")
    func rounding() {
        let halfway = 1 + 0x1p-24
        let bits = [halfway.bitPattern, halfway.nextUp.bitPattern]
        #expect(values(bits, .float64, big: false).floats() == [1, 1 + 0x1p-23])
        // Through a double this integer would be rounded twice, to the wrong neighbour.
        let large = (Int64(1) << 62) + (1 << 38) + 1
        #expect(values([large], .int64, big: false).floats() == [0x1p62 + 0x1p39])
        #expect(values([UInt64(0x7FEF_FFFF_FFFF_FFFF)], .float64, big: false).floats() == [.infinity])
    }

    @Test("a slice keeps its own bytes")
    func slice() {
        let bytes = [Float(1), 2, 3].withUnsafeBytes { Array($0) }
        #expect(ForeignValues(bytes: bytes[4..<12], element: .float32).floats() == [2, 3])
        #expect(ForeignValues(bytes: bytes[4..<12], element: .float32, bigEndian: true).count == 2)
    }

    @Test("axes are permuted as their indices say", arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]])
    func transposed(order: [Int]) {
        let shape = [2, 3, 4]
        let tensor = ForeignTensor(name: "x", shape: shape, values: ForeignValues(floats: (0..<24).map { Float($0) }))
        let moved = tensor.transposed(order)
        #expect(moved.shape == order.map { shape[$0] })
        let values = moved.values.floats()
        for i in 0..<2 {
            for j in 0..<3 {
                for k in 0..<4 {
                    let index = [i, j, k]
                    let place = order.reduce(0) { $0 * shape[$1] + index[$1] }
                    #expect(values[place] == Float(i * 12 + j * 4 + k))
                }
            }
        }
    }

    @Test("empty and scalar tensors can be permuted")
    func edges() {
        let empty = ForeignTensor(name: "e", shape: [3, 0, 2], values: ForeignValues(floats: []))
        #expect(empty.transposed([2, 1, 0]).shape == [2, 0, 3])
        let scalar = ForeignTensor(name: "s", shape: [], values: ForeignValues(floats: [4]))
        #expect(scalar.transposed([]).values.floats() == [4])
    }

    @Test("absurd shapes have no count")
    func counts() {
        #expect(ForeignTensor.count(of: [3, 4]) == 12 && ForeignTensor.count(of: []) == 1)
        #expect(ForeignTensor.count(of: [0, 5]) == 0)
        #expect(ForeignTensor.count(of: [1 << 40, 1 << 40]) == nil)
        #expect(ForeignTensor.count(of: [-1, -1]) == nil)
        #expect(ForeignTensor.count(of: [Int.max, 2]) == nil)
        #expect(ForeignTensor.count(of: [0, 1 << 31, 1 << 31]) == nil && ForeignTensor.count(of: [1 << 62, 0]) == nil)
    }
}
