import CKernels
import Foundation
import Testing

@Suite("Kernels: normalisation and the optimizer")
struct KernelNormalizationTests {
    /// A plain layer norm of one row in double precision.
    static func layerNorm(_ x: [Double], eps: Double) -> (hat: [Double], mean: Double, rstd: Double) {
        let mean = x.reduce(0, +) / Double(x.count)
        let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
        let rstd = 1 / (variance + eps).squareRoot()
        return (x.map { ($0 - mean) * rstd }, mean, rstd)
    }

    struct Problem {
        let rows: Int, n: Int, group: Int
        let x, g, gamma, beta: [Double]

        init(rows: Int, n: Int, group: Int) {
            var inputs = KernelInputs(UInt64(rows * 1000 + n))
            (self.rows, self.n, self.group) = (rows, n, group)
            x = inputs.floats(rows * n, scale: 3).map { Double($0) + 1 }
            g = inputs.floats(rows * n).map { Double($0) }
            gamma = inputs.floats((rows + group - 1) / group * n).map { Double($0) + 1 }
            beta = inputs.floats((rows + group - 1) / group * n).map { Double($0) }
        }

        func row(_ values: [Double], _ r: Int) -> [Double] { Array(values[r * n..<(r + 1) * n]) }
    }

    static let problems = [
        Problem(rows: 8, n: 512, group: 8), Problem(rows: 6, n: 33, group: 2), Problem(rows: 3, n: 1, group: 1),
        Problem(rows: 5, n: 10, group: 3), Problem(rows: 2, n: 5000, group: 1),
    ]

    func run<T: BinaryFloatingPoint>(
        _ problem: Problem, _ set: String, tolerance: Double, as type: T.Type,
        forward: ([T], [T], [T], inout [T], inout [T], inout [T]) -> Void,
        backward: ([T], [T], [T], [T], [T], inout [T]) -> Void,
        columns: ([T], [T], [T], [T], inout [T], inout [T]) -> Void
    ) {
        func convert(_ values: [Double]) -> [T] { values.map { T($0) } }
        let (rows, n) = (problem.rows, problem.n)
        var out = [T](repeating: 0, count: rows * n), mean = [T](repeating: 0, count: rows), rstd = mean, dx = out
        var dgamma = [T](repeating: 0, count: n), dbeta = dgamma
        let (x, g, gamma) = (convert(problem.x), convert(problem.g), convert(problem.gamma))
        forward(x, gamma, convert(problem.beta), &out, &mean, &rstd)
        backward(x, gamma, mean, rstd, g, &dx)
        columns(x, mean, rstd, g, &dgamma, &dbeta)
        var (alongSum, plainSum) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
        for r in 0..<rows {
            let (hat, middle, inverse) = Self.layerNorm(problem.row(problem.x, r), eps: 1e-5)
            let scale = problem.row(problem.gamma, r / problem.group)
            let shift = problem.row(problem.beta, r / problem.group)
            let cotangent = problem.row(problem.g, r)
            let h = zip(cotangent, scale).map { $0 * $1 }
            let level = h.reduce(0, +) / Double(n), slope = zip(h, hat).reduce(0) { $0 + $1.0 * $1.1 } / Double(n)
            #expect(KernelErrors.mixed(Double(mean[r]), middle) < tolerance)
            #expect(abs(Double(rstd[r]) - inverse) < tolerance * inverse)
            for j in 0..<n {
                #expect(KernelErrors.mixed(Double(out[r * n + j]), hat[j] * scale[j] + shift[j]) < 4 * tolerance)
                let expected = inverse * (h[j] - level - hat[j] * slope)
                #expect(abs(Double(dx[r * n + j]) - expected) < 4 * tolerance * max(1, inverse))
                alongSum[j] += cotangent[j] * hat[j]
                plainSum[j] += cotangent[j]
            }
        }
        for j in 0..<n {
            #expect(KernelErrors.mixed(Double(dgamma[j]), alongSum[j]) < 8 * tolerance)
            #expect(KernelErrors.mixed(Double(dbeta[j]), plainSum[j]) < 8 * tolerance)
        }
    }

    @Test("Layer norm and its derivatives equal plain double loops", arguments: KernelSets.names)
    func layerNorm(set: String) {
        let table = KernelSets.table(set)
        for p in Self.problems {
            run(p, set, tolerance: 5e-7, as: Float.self) {
                table.layer_norm_f32(p.rows, p.n, $0, $1, $2, p.group, p.n, 1e-5, &$3, &$4, &$5)
            } backward: {
                table.layer_norm_dx_f32(p.rows, p.n, $0, $1, p.group, p.n, $2, $3, $4, &$5)
            } columns: {
                table.layer_norm_dgamma_f32(p.rows, p.n, $0, $1, $2, $3, &$4, &$5)
            }
            run(p, set, tolerance: 1e-14, as: Double.self) {
                table.layer_norm_f64(p.rows, p.n, $0, $1, $2, p.group, p.n, 1e-5, &$3, &$4, &$5)
            } backward: {
                table.layer_norm_dx_f64(p.rows, p.n, $0, $1, p.group, p.n, $2, $3, $4, &$5)
            } columns: {
                table.layer_norm_dgamma_f64(p.rows, p.n, $0, $1, $2, $3, &$4, &$5)
            }
        }
    }

    @Test("Log-softmax equals a double loop, at any offset, and in place", arguments: KernelSets.names)
    func logSoftmax(set: String) {
        let table = KernelSets.table(set)
        for (rows, n) in [(1, 1), (200, 10), (3, 16), (5, 100), (2, 5000)] {
            for offset in [0.0, 1000, -1000] {
                var inputs = KernelInputs(7)
                let x = inputs.floats(rows * n, scale: 8).map { Float(Double($0) + offset) }
                var out = x, wide = x.map { Double($0) }
                out.withUnsafeMutableBufferPointer { table.log_softmax_f32(rows, n, $0.baseAddress, $0.baseAddress) }
                wide.withUnsafeMutableBufferPointer { table.log_softmax_f64(rows, n, $0.baseAddress, $0.baseAddress) }
                for r in 0..<rows {
                    let row = x[r * n..<(r + 1) * n].map { Double($0) }
                    let top = row.max()!
                    let normalizer = top + log(row.reduce(0) { $0 + exp($1 - top) })
                    for j in 0..<n {
                        #expect(abs(Double(out[r * n + j]) - (row[j] - normalizer)) < 3e-6)
                        #expect(abs(wide[r * n + j] - (row[j] - normalizer)) < 1e-12)
                    }
                }
            }
        }
        var out: [Float] = [1, .nan, 2, 0, 0, -.infinity]
        out.withUnsafeMutableBufferPointer { table.log_softmax_f32(2, 3, $0.baseAddress, $0.baseAddress) }
        #expect(out[0].isNaN && out[1].isNaN && out[2].isNaN)
        #expect(abs(out[3] + log(2)) < 1e-6 && out[5] == -.infinity)
    }

    @Test("AdamW equals a plain double loop over ten steps", arguments: KernelSets.names)
    func adamw(set: String) {
        let table = KernelSets.table(set)
        for n in [1, 15, 16, 1003] {
            var inputs = KernelInputs(8)
            var p = inputs.doubles(n), m = [Double](repeating: 0, count: n), v = m
            var (pf, mf, vf) = (p.map { Float($0) }, m.map { Float($0) }, v.map { Float($0) })
            var (pd, md, vd) = (p, m, v)
            for step in 1...10 {
                let g = inputs.doubles(n)
                let (c1, c2) = (1 - pow(0.9, Double(step)), 1 - pow(0.999, Double(step)))
                for i in 0..<n {
                    p[i] *= 1 - 1e-2 * 0.1
                    m[i] = 0.9 * m[i] + (1 - 0.9) * g[i]
                    v[i] = 0.999 * v[i] + (1 - 0.999) * g[i] * g[i]
                    p[i] -= 1e-2 / c1 * m[i] / (v[i].squareRoot() / c2.squareRoot() + 1e-8)
                }
                var scalars = ck_adamw(
                    rate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, correction1: c1, correction2: c2)
                table.adamw_f32(n, &pf, g.map { Float($0) }, &mf, &vf, &scalars)
                table.adamw_f64(n, &pd, g, &md, &vd, &scalars)
            }
            #expect((0..<n).allSatisfy { abs(Double(pf[$0]) - p[$0]) < 2e-6 && abs(pd[$0] - p[$0]) < 1e-14 })
            #expect((0..<n).allSatisfy { abs(Double(mf[$0]) - m[$0]) < 1e-6 && abs(md[$0] - m[$0]) < 1e-15 })
            #expect((0..<n).allSatisfy { abs(Double(vf[$0]) - v[$0]) < 1e-8 && abs(vd[$0] - v[$0]) < 1e-16 })
        }
    }

    @Test("AdamW along an unformed product equals AdamW along the product", arguments: KernelSets.names)
    func adamwProduct(set: String) {
        let table = KernelSets.table(set)
        for (rows, cols, depth) in [
            (1, 1, 1), (4, 64, 8), (5, 67, 3), (9, 130, 64), (3, 15, 0), (8, 40, 17), (11, 33, 20), (14, 70, 30),
        ] {
            var inputs = KernelInputs(9)
            let ldp = cols + 3, size = rows * ldp
            let (g, x) = (inputs.doubles(depth * (rows + 2)), inputs.doubles(depth * (cols + 1)))
            let product = (0..<size).map { at in
                let (r, c) = (at / ldp, at % ldp)
                return c >= cols ? 0 : (0..<depth).reduce(0) { $0 + g[$1 * (rows + 2) + r] * x[$1 * (cols + 1) + c] }
            }
            let start = inputs.doubles(size), first = inputs.doubles(size), second = inputs.doubles(size).map(abs)
            var scalars = ck_adamw(
                rate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, correction1: 0.1, correction2: 0.001)
            var (p, m, v) = (start, first, second)
            table.adamw_f64(size, &p, product, &m, &v, &scalars)
            var (pd, md, vd) = (start, first, second)
            table.adamw_product_f64(rows, cols, depth, g, rows + 2, x, cols + 1, &pd, &md, &vd, ldp, &scalars)
            var (pf, mf, vf) = (start.map(Float.init), first.map(Float.init), second.map(Float.init))
            table.adamw_product_f32(
                rows, cols, depth, g.map(Float.init), rows + 2, x.map(Float.init), cols + 1, &pf, &mf, &vf, ldp,
                &scalars)
            for at in 0..<size {
                guard at % ldp < cols else {
                    #expect(pd[at] == start[at] && mf[at] == Float(first[at]), "beyond the last column")
                    continue
                }
                #expect(abs(pd[at] - p[at]) < 1e-12 && abs(md[at] - m[at]) < 1e-12 && abs(vd[at] - v[at]) < 1e-12)
                #expect(abs(Double(mf[at]) - m[at]) < 1e-5 && abs(Double(pf[at]) - p[at]) < 1e-4)
            }
        }
    }

    @Test(
        "A row that AdamW moves along a product has its bytes whatever rows lie beside it", arguments: KernelSets.names)
    func adamwRows(set: String) {
        let table = KernelSets.table(set)
        for (rows, depth) in [(5, 4), (13, 4), (8, 40), (23, 40)] {
            let cols = 77
            var inputs = KernelInputs(UInt64(rows + depth))
            let (g, x) = (inputs.floats(depth * rows), inputs.floats(depth * cols))
            let start = inputs.floats(rows * cols), zeros = [Float](repeating: 0, count: rows * cols)
            var scalars = ck_adamw(
                rate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, correction1: 0.1, correction2: 0.001)
            var (p, m, v) = (start, zeros, zeros)
            table.adamw_product_f32(rows, cols, depth, g, rows, x, cols, &p, &m, &v, cols, &scalars)
            for row in 0..<rows {
                let own = (row * cols)..<((row + 1) * cols)
                var (p1, m1, v1) = (Array(start[own]), Array(zeros[own]), Array(zeros[own]))
                let factor = (0..<depth).map { g[$0 * rows + row] }
                table.adamw_product_f32(1, cols, depth, factor, 1, x, cols, &p1, &m1, &v1, cols, &scalars)
                #expect(p1 == Array(p[own]) && m1 == Array(m[own]) && v1 == Array(v[own]), "\(rows) rows, row \(row)")
            }
        }
    }
}
