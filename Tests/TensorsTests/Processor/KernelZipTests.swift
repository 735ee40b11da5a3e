import CKernels
import Foundation
import Testing

@Suite("Kernels: elementwise functions of two operands")
struct KernelZipTests {
    static func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
    static func distribution(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

    static func cases() -> [(op: ck_binary, function: (Double, Double) -> Double)] {
        [
            (CK_ADD, { $0 + $1 }), (CK_SUBTRACT, { $0 - $1 }), (CK_MULTIPLY, { $0 * $1 }), (CK_DIVIDE, { $0 / $1 }),
            (CK_MAXIMUM, { max($0, $1) }), (CK_MINIMUM, { min($0, $1) }),
            (CK_GREATER, { $0 > $1 ? 1 : 0 }), (CK_GREATER_EQUAL, { $0 >= $1 ? 1 : 0 }),
            (CK_EQUAL, { $0 == $1 ? 1 : 0 }),
            (CK_GELU_GRADIENT, { $1 * (distribution($0) + $0 * density($0)) }),
            (CK_RELU_GRADIENT, { $0 <= 0 ? 0 : $1 }), (CK_TANH_GRADIENT, { $1 * (1 - $0 * $0) }),
            (CK_WHERE, { $0 > 0 ? $1 : 0 }), (CK_UNLESS, { $0 > 0 ? 0 : $1 }),
        ]
    }

    /// Pairs with equal members among them.
    static func operands(_ count: Int) -> (a: [Double], b: [Double]) {
        var inputs = KernelInputs(2)
        let a = inputs.floats(count, scale: 6).map { Double($0) }
        let b = inputs.floats(count, scale: 3).map { Double($0) }
        return (a, (0..<count).map { $0 % 5 == 0 ? a[$0] : b[$0] })
    }

    @Test("Both precisions agree with the definition", arguments: KernelSets.names)
    func definition(set: String) {
        let table = KernelSets.table(set)
        let (a, b) = Self.operands(1003)
        let (af, bf) = (a.map { Float($0) }, b.map { Float($0) })
        for (op, function) in Self.cases() {
            let singles = table.zip(op, af, bf, count: 1003), doubles = table.zip(op, a, b, count: 1003)
            for i in 0..<1003 {
                let expected = function(a[i], b[i])
                // Terms of the gradients may cancel: relative to the largest term.
                let scale = max(1, abs(expected), op == CK_TANH_GRADIENT ? abs(b[i]) * a[i] * a[i] : abs(b[i]))
                #expect(abs(Double(singles[i]) - expected) <= 3e-7 * scale, "operation \(op.rawValue) at \(i)")
                #expect(abs(doubles[i] - expected) <= 3e-15 * scale, "operation \(op.rawValue) at \(i)")
            }
        }
    }

    @Test("Strides broadcast, skip and reverse without changing a byte", arguments: KernelSets.names)
    func strides(set: String) {
        let table = KernelSets.table(set)
        let (a, b) = Self.operands(2400)
        let (af, bf) = (a.map { Float($0) }, b.map { Float($0) })
        for (op, _) in Self.cases() {
            for (sa, sb) in [(0, 1), (1, 0), (0, 0), (2, 1), (1, 3), (3, 2), (0, 3)] {
                let n = 777
                let left = (0..<n).map { af[$0 * sa] }, right = (0..<n).map { bf[$0 * sb] }
                #expect(table.zip(op, af, sa, bf, sb, count: n) == table.zip(op, left, right, count: n))
            }
            let reversed = Array(af[0..<500].reversed())
            let backwards = [Float](unsafeUninitializedCapacity: 500) { out, count in
                count = 500
                af.withUnsafeBufferPointer { table.zip_f32(op, 500, $0.baseAddress! + 499, -1, bf, 1, out.baseAddress) }
            }
            #expect(backwards == table.zip(op, reversed, bf, count: 500))
        }
    }

    @Test("Maximum and minimum propagate NaN; comparisons with NaN are false", arguments: KernelSets.names)
    func notANumber(set: String) {
        let table = KernelSets.table(set)
        let a: [Float] = [.nan, 1, .nan], b: [Float] = [1, .nan, .nan]
        for op in [CK_MAXIMUM, CK_MINIMUM] {
            #expect(table.zip(op, a, b, count: 3).allSatisfy { $0.isNaN })
        }
        for op in [CK_GREATER, CK_GREATER_EQUAL, CK_EQUAL] {
            #expect(table.zip(op, a, b, count: 3) == [0, 0, 0])
        }
        #expect(table.zip(CK_RELU_GRADIENT, a, [5, 5, 5], count: 3) == [5, 5, 5])
        #expect(table.zip(CK_WHERE, a, [5, 5, 5], count: 3) == [0, 5, 0])
        #expect(table.zip(CK_UNLESS, a, [5, 5, 5], count: 3) == [5, 0, 5])
    }

    @Test("The gradient of GELU is finite at infinity", arguments: KernelSets.names)
    func geluGradientAtInfinity(set: String) {
        let table = KernelSets.table(set)
        let a: [Float] = [.infinity, -.infinity, 1e20, -1e20, 0]
        #expect(table.zip(CK_GELU_GRADIENT, a, [2, 2, 2, 2, 2], count: 5) == [2, 0, 2, 0, 1])
    }

    @Test("affine and combine follow their equations, in place too", arguments: KernelSets.names)
    func linear(set: String) {
        let table = KernelSets.table(set)
        let (a, b) = Self.operands(1200)
        let (x, y) = (a.map { Float($0) }, b.map { Float($0) })
        for stride in [0, 1, 3] {
            var out = [Float](repeating: 0, count: 400)
            table.affine_f32(400, x, stride, 1.5, -0.25, &out)
            #expect((0..<400).allSatisfy { abs(Double(out[$0]) - (1.5 * a[$0 * stride] - 0.25)) < 2e-6 })
            var wide = [Double](repeating: 0, count: 400)
            table.affine_f64(400, a, stride, 1.5, -0.25, &wide)
            #expect((0..<400).allSatisfy { abs(wide[$0] - (1.5 * a[$0 * stride] - 0.25)) < 4e-15 })
        }
        var mixed = x
        mixed.withUnsafeMutableBufferPointer {
            table.combine_f32($0.count, 0.5, $0.baseAddress, -2, y, $0.baseAddress)
        }
        #expect((0..<1200).allSatisfy { abs(Double(mixed[$0]) - (0.5 * a[$0] - 2 * b[$0])) < 4e-6 })
        var wide = b
        wide.withUnsafeMutableBufferPointer { table.combine_f64($0.count, 0.5, a, -2, $0.baseAddress, $0.baseAddress) }
        #expect((0..<1200).allSatisfy { abs(wide[$0] - (0.5 * a[$0] - 2 * b[$0])) < 1e-14 })
    }
}
