import CKernels
import Testing

@Suite("Kernels: products with few rows")
struct KernelThinTests {
    /// rows, columns, depth
    private static let problems = [
        (1, 1, 1), (8, 6, 32), (3, 7, 5), (9, 17, 67), (16, 5, 2050), (8, 1030, 6), (2, 0, 4), (5, 3, 0), (13, 33, 130),
    ]

    @Test("equal plain loops, stored or added, in both layouts", arguments: KernelSets.names)
    func loops(set: String) {
        let table = KernelSets.table(set)
        for (rows, cols, depth) in Self.problems {
            var inputs = KernelInputs(UInt64(rows * 100 + cols))
            let (lda, ldb, ldt, ldo) = (depth + 1, cols + 2, depth + 3, cols + 1)
            let a = inputs.doubles(rows * lda), b = inputs.doubles(depth * ldb), start = inputs.doubles(rows * ldo)
            var transposed = [Double](repeating: .nan, count: max(1, cols * ldt))
            for k in 0..<depth { for j in 0..<cols { transposed[j * ldt + k] = b[k * ldb + j] } }
            for add in [false, true] {
                var expected = start
                for i in 0..<rows {
                    for j in 0..<cols {
                        let sum = (0..<depth).reduce(0) { $0 + a[i * lda + $1] * b[$1 * ldb + j] }
                        expected[i * ldo + j] = (add ? start[i * ldo + j] : 0) + sum
                    }
                }
                if depth == 0 && !add { expected = start }
                var (plain, turned) = (start, start)
                table.thin_f64(add, rows, cols, depth, a, lda, b, ldb, &plain, ldo)
                table.thin_transposed_f64(add, rows, cols, depth, a, lda, transposed, ldt, &turned, ldo)
                var (single, singleTurned) = (start.map(Float.init), start.map(Float.init))
                let (af, bf) = (a.map(Float.init), b.map(Float.init))
                table.thin_f32(add, rows, cols, depth, af, lda, bf, ldb, &single, ldo)
                table.thin_transposed_f32(
                    add, rows, cols, depth, af, lda, transposed.map(Float.init), ldt, &singleTurned, ldo)
                for at in expected.indices {
                    #expect(abs(plain[at] - expected[at]) < 1e-11 && abs(turned[at] - expected[at]) < 1e-11)
                    #expect(abs(Double(single[at]) - expected[at]) < 1e-4)
                    #expect(abs(Double(singleTurned[at]) - expected[at]) < 1e-4)
                }
            }
        }
    }

    @Test("a row's bytes do not depend on the rows beside it", arguments: KernelSets.names)
    func independence(set: String) {
        let table = KernelSets.table(set)
        var inputs = KernelInputs(5)
        let (rows, cols, depth) = (13, 70, 300)
        let a = inputs.floats(rows * depth), b = inputs.floats(depth * cols)
        var (all, turned) = ([Float](repeating: 0, count: rows * cols), [Float](repeating: 0, count: rows * cols))
        table.thin_f32(false, rows, cols, depth, a, depth, b, cols, &all, cols)
        table.thin_transposed_f32(false, rows, cols, depth, a, depth, b, depth, &turned, cols)
        for row in 0..<rows {
            let own = Array(a[(row * depth)..<((row + 1) * depth)])
            var (one, oneTurned) = ([Float](repeating: 0, count: cols), [Float](repeating: 0, count: cols))
            table.thin_f32(false, 1, cols, depth, own, depth, b, cols, &one, cols)
            table.thin_transposed_f32(false, 1, cols, depth, own, depth, b, depth, &oneTurned, cols)
            #expect(one == Array(all[(row * cols)..<((row + 1) * cols)]))
            #expect(oneTurned == Array(turned[(row * cols)..<((row + 1) * cols)]))
        }
    }
}
