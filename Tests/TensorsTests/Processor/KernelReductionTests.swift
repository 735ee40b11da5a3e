import CKernels
import Foundation
import Testing

@Suite("Kernels: reductions and movement")
struct KernelReductionTests {
    static let counts = [0, 1, 3, 15, 16, 17, 63, 64, 65, 255, 256, 257, 1000, 5001]

    @Test("Sums and dot products equal plain double loops", arguments: KernelSets.names)
    func sums(set: String) {
        let table = KernelSets.table(set)
        var inputs = KernelInputs(3)
        let x = inputs.floats(5001), y = inputs.floats(5001)
        let (xd, yd) = (x.map { Double($0) }, y.map { Double($0) })
        for n in Self.counts {
            let sum = xd[..<n].reduce(0, +), dot = (0..<n).reduce(0) { $0 + xd[$1] * yd[$1] }
            #expect(abs(table.sum_f32(n, x, 1) - sum) < 1e-12)
            #expect(abs(table.sum_f64(n, xd, 1) - sum) < 1e-12)
            #expect(abs(table.dot_f32(n, x, y) - dot) < 1e-12)
            #expect(abs(table.dot_f64(n, xd, yd) - dot) < 1e-12)
        }
    }

    @Test("A sum's bytes do not depend on the stride, and long sums stay exact", arguments: KernelSets.names)
    func sumOrder(set: String) {
        let table = KernelSets.table(set)
        var inputs = KernelInputs(4)
        let x = inputs.floats(3000, scale: 1e3)
        let spread = x.flatMap { [$0, Float.nan, Float.nan] }
        for n in Self.counts where n <= 3000 {
            #expect(table.sum_f32(n, x, 1) == table.sum_f32(n, spread, 3))
        }
        #expect(table.sum_f32(300, [2.5], 0) == 750)
        let million = [Float](repeating: 0.1, count: 1 << 20)
        #expect(abs(table.sum_f32(1 << 20, million, 1) - Double(Float(0.1)) * 1_048_576) < 1e-6)
    }

    @Test("Column sums equal double loops; a column's bytes depend on nothing else", arguments: KernelSets.names)
    func sumRows(set: String) {
        let table = KernelSets.table(set)
        var inputs = KernelInputs(5)
        let rows = 130, leading = 150
        let x = inputs.floats(rows * leading)
        let exact = (0..<leading).map { j in (0..<rows).reduce(0.0) { $0 + Double(x[$1 * leading + j]) } }
        var whole = [Float](repeating: 0, count: leading)
        table.sum_rows_f32(rows, leading, x, leading, &whole)
        #expect(whole == exact.map { Float($0) })
        var wide = [Double](repeating: 0, count: leading)
        table.sum_rows_f64(rows, leading, x.map { Double($0) }, leading, &wide)
        #expect(wide == exact)
        for (first, cols) in [(0, 1), (3, 10), (1, 16), (5, 33), (7, 129)] {
            var part = [Float](repeating: -1, count: cols + 1)
            x.withUnsafeBufferPointer { table.sum_rows_f32(rows, cols, $0.baseAddress! + first, leading, &part) }
            #expect(part == Array(whole[first..<first + cols]) + [-1])
        }
        table.sum_rows_f32(0, leading, x, leading, &whole)
        #expect(whole.allSatisfy { $0 == 0 })
    }

    @Test("The largest is found wherever it stands, and NaN wins", arguments: KernelSets.names)
    func largest(set: String) {
        let table = KernelSets.table(set)
        for n in [1, 2, 15, 16, 17, 31, 32, 33, 100, 300, 600] {
            for place in Set([0, n / 3, n - 1]) {
                var x = (0..<n).map { -Float($0 % 7) - 2 }
                x[place] = -1
                #expect(table.max_f32(n, x, 1) == -1 && table.max_f64(n, x.map { Double($0) }, 1) == -1)
                #expect(table.max_f32(n, x.flatMap { [$0, 99] }, 2) == -1)
                var index = [Int32](repeating: -1, count: 1)
                table.argmax_f32(1, n, x, n, &index)
                #expect(index == [Int32(place)])
                x[place] = .nan
                #expect(table.max_f32(n, x, 1).isNaN && table.max_f32(n, x.flatMap { [$0, 99] }, 2).isNaN)
                table.argmax_f64(1, n, x.map { Double($0) }, n, &index)
                #expect(index == [Int32(place)])
            }
        }
        #expect(table.max_f32(3, [-.infinity, -.infinity, -.infinity], 1) == -.infinity)
    }

    @Test("argmax takes the first of equals, row by row", arguments: KernelSets.names)
    func ties(set: String) {
        let table = KernelSets.table(set)
        let x: [Float] = [1, 3, 3, 9, /**/ 5, 5, 5, 9, /**/ 0, 1, 2, 9]
        var index = [Int32](repeating: -1, count: 3)
        table.argmax_f32(3, 3, x, 4, &index)
        #expect(index == [1, 0, 2])
        table.argmax_f64(3, 3, x.map { Double($0) }, 4, &index)
        #expect(index == [1, 0, 2])
    }

    @Test("Transposing moves every element, at every size around the tiles", arguments: KernelSets.names)
    func transpose(set: String) {
        let table = KernelSets.table(set)
        for rows in [1, 7, 8, 9, 16, 24, 37] {
            for cols in [1, 7, 8, 10, 16, 23, 40] {
                let ldx = cols + 3, ldo = rows + 2
                let x = (0..<rows * ldx).map { Float($0) }
                var out = [Float](repeating: -1, count: cols * ldo)
                var wide = [Double](repeating: -1, count: cols * ldo)
                table.transpose_f32(rows, cols, x, ldx, &out, ldo)
                table.transpose_f64(rows, cols, x.map { Double($0) }, ldx, &wide, ldo)
                let expected = (0..<cols * ldo).map { $0 % ldo < rows ? x[$0 % ldo * ldx + $0 / ldo] : -1 }
                #expect(out == expected && wide == expected.map { Double($0) }, "\(rows) x \(cols)")
            }
        }
    }

    @Test("Copies honour both strides", arguments: KernelSets.names)
    func copy(set: String) {
        let table = KernelSets.table(set)
        let x = (0..<100).map { Float($0) }
        for (sx, so) in [(1, 1), (0, 1), (2, 1), (1, 3), (3, 2), (0, 2)] {
            var out = [Float](repeating: -1, count: 99)
            table.copy_f32(33, x, sx, &out, so)
            #expect(out == (0..<99).map { $0 % so == 0 && $0 / so < 33 ? x[$0 / so * sx] : -1 })
            var wide = [Double](repeating: -1, count: 99)
            table.copy_f64(33, x.map { Double($0) }, sx, &wide, so)
            #expect(wide == out.map { Double($0) })
        }
    }
}
