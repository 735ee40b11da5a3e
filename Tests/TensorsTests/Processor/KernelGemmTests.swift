import CKernels
import Testing

@Suite("Kernels: small and thin products")
struct KernelGemmTests {
    /// rows, columns, depth: tiles of every height, panels that end anywhere, sums longer than a panel,
    /// left factors that are copied by more than one block of rows and of taps.
    private static let problems = [
        (1, 1, 1), (2, 3, 5), (6, 16, 8), (7, 17, 9), (12, 8, 30), (13, 33, 257), (23, 31, 4), (24, 32, 64),
        (25, 70, 600),
        (40, 10, 32), (5, 100, 2), (0, 4, 3), (4, 0, 3), (64, 32, 784), (203, 130, 277),
    ]

    private static func expected(
        _ rows: Int, _ cols: Int, _ depth: Int, _ a: [Double], _ lda: Int, _ b: [Double], _ ldb: Int, _ start: [Double],
        _ ldo: Int, add: Bool
    ) -> [Double] {
        var result = start
        for i in 0..<rows {
            for j in 0..<cols {
                let sum = (0..<depth).reduce(0) { $0 + a[i * lda + $1] * b[$1 * ldb + j] }
                result[i * ldo + j] = (add ? start[i * ldo + j] : 0) + sum
            }
        }
        return result
    }

    /// A matrix [rows, cols] of the given leading dimension, turned; what lies between its rows is NaN.
    private static func turned(_ x: [Double], _ rows: Int, _ cols: Int, _ ld: Int, to newLD: Int) -> [Double] {
        var result = [Double](repeating: .nan, count: max(1, cols * newLD))
        for i in 0..<rows { for j in 0..<cols { result[j * newLD + i] = x[i * ld + j] } }
        return result
    }

    @Test("equal plain loops, stored or added, in all four layouts", arguments: KernelSets.names)
    func loops(set: String) {
        let table = KernelSets.table(set)
        for (rows, cols, depth) in Self.problems {
            var inputs = KernelInputs(UInt64(rows * 1000 + cols))
            let (lda, ldb, ldo) = (depth + 1, cols + 2, cols + 1)
            let a = inputs.doubles(rows * lda), b = inputs.doubles(depth * ldb), start = inputs.doubles(rows * ldo)
            let (at, bt) = (
                Self.turned(a, rows, depth, lda, to: rows + 3), Self.turned(b, depth, cols, ldb, to: depth + 2)
            )
            for add in [false, true] {
                let expected = Self.expected(rows, cols, depth, a, lda, b, ldb, start, ldo, add: add)
                for (ta, tb) in [(false, false), (false, true), (true, false), (true, true)] {
                    let (left, ll) = ta ? (at, rows + 3) : (a, lda)
                    let (right, lr) = tb ? (bt, depth + 2) : (b, ldb)
                    var (double, single) = (start, start.map(Float.init))
                    double.withUnsafeMutableBufferPointer { out in
                        table.gemm_f64(
                            ta, tb, rows, cols, depth, left, ll, right, lr, add ? UnsafePointer(out.baseAddress) : nil,
                            ldo, out.baseAddress, ldo)
                    }
                    single.withUnsafeMutableBufferPointer { out in
                        table.gemm_f32(
                            ta, tb, rows, cols, depth, left.map(Float.init), ll, right.map(Float.init), lr,
                            add ? UnsafePointer(out.baseAddress) : nil, ldo, out.baseAddress, ldo)
                    }
                    let place = "\(set) \(rows) x \(cols) x \(depth), \(ta) \(tb) \(add)"
                    #expect(zip(double, expected).allSatisfy { abs($0 - $1) < 1e-10 }, "\(place)")
                    #expect(zip(single, expected).allSatisfy { abs(Double($0) - $1) < 3e-4 }, "\(place)")
                }
            }
        }
    }

    @Test("an element's bytes do not depend on the rows and columns beside it", arguments: KernelSets.names)
    func independence(set: String) {
        let table = KernelSets.table(set)
        var inputs = KernelInputs(7)
        let (rows, cols, depth) = (29, 37, 300)
        let a = inputs.floats(rows * depth), b = inputs.floats(depth * cols)
        var all = [Float](repeating: 0, count: rows * cols)
        table.gemm_f32(false, false, rows, cols, depth, a, depth, b, cols, nil, 0, &all, cols)
        for (row, column) in [(0, 0), (11, 16), (28, 36), (24, 31)] {
            let left = Array(a[(row * depth)..<((row + 1) * depth)])
            let right = (0..<depth).map { b[$0 * cols + column] }
            var one: [Float] = [0]
            table.gemm_f32(false, false, 1, 1, depth, left, depth, right, 1, nil, 0, &one, 1)
            #expect(one[0] == all[row * cols + column])
        }
    }

    @Test("sums that start from a bias, or from rows of their own, are those added to it", arguments: KernelSets.names)
    func start(set: String) {
        let table = KernelSets.table(set)
        for (rows, cols, depth) in Self.problems where depth > 0 {
            var inputs = KernelInputs(UInt64(rows + cols))
            let a = inputs.floats(rows * depth), b = inputs.floats(cols * depth),
                rowsOfStart = inputs.floats(rows * cols)
            for step in [0, cols] {
                var (written, made) = (
                    [Float](repeating: 0, count: rows * cols), [Float](repeating: .nan, count: rows * cols)
                )
                for row in 0..<rows {
                    for column in 0..<cols { written[row * cols + column] = rowsOfStart[row * step + column] }
                }
                written.withUnsafeMutableBufferPointer { out in
                    let start = UnsafePointer(out.baseAddress)
                    table.gemm_f32(
                        false, true, rows, cols, depth, a, depth, b, depth, start, cols, out.baseAddress, cols)
                }
                table.gemm_f32(false, true, rows, cols, depth, a, depth, b, depth, rowsOfStart, step, &made, cols)
                #expect(made == written, "\(set) \(rows) x \(cols) x \(depth), rows \(step) apart")
            }
        }
    }
}
