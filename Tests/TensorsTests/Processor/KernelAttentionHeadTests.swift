import CKernels
import Foundation
import Testing

@Suite("Kernels: whole heads of attention")
struct KernelAttentionHeadTests {
    /// Factors with rows that lie apart; what lies between is NaN.
    struct Problem {
        let queries: Int, keys: Int, width: Int, valueWidth: Int
        let scale = 0.7
        let q, k, v, g: [Double]
        /// Between the end of a row and the next.
        static let gap = 3

        init(_ queries: Int, _ keys: Int, _ width: Int, _ valueWidth: Int) {
            (self.queries, self.keys, self.width, self.valueWidth) = (queries, keys, width, valueWidth)
            var inputs = KernelInputs(UInt64(queries * 100 + keys))
            func rows(_ count: Int, _ width: Int) -> [Double] {
                (0..<count).flatMap { _ in
                    inputs.floats(width).map(Double.init) + Array(repeating: Double.nan, count: Self.gap)
                }
            }
            (q, k, v, g) = (
                rows(queries, width), rows(keys, width), rows(keys, valueWidth), rows(queries, valueWidth)
            )
        }

        private func at(_ x: [Double], _ row: Int, _ column: Int, _ width: Int) -> Double {
            x[row * (width + Self.gap) + column]
        }

        /// The result and the gradients by q, k and v by plain loops, without gaps.
        func expected() -> [[Double]] {
            var out = [Double](repeating: 0, count: queries * valueWidth),
                dv = [Double](
                    repeating: 0, count: keys * valueWidth)
            var dq = [Double](repeating: 0, count: queries * width), dk = [Double](repeating: 0, count: keys * width)
            for i in 0..<queries {
                let scores = (0..<keys).map { j in
                    scale * (0..<width).reduce(0) { $0 + at(q, i, $1, width) * at(k, j, $1, width) }
                }
                let top = scores.max() ?? 0, total = scores.reduce(0) { $0 + exp($1 - top) }
                let p = scores.map { exp($0 - top) / total }
                let gp = (0..<keys).map { j in
                    (0..<valueWidth).reduce(0) { $0 + at(g, i, $1, valueWidth) * at(v, j, $1, valueWidth) }
                }
                let level = zip(p, gp).reduce(0) { $0 + $1.0 * $1.1 }
                for j in 0..<keys {
                    let slope = scale * p[j] * (gp[j] - level)
                    for c in 0..<valueWidth {
                        out[i * valueWidth + c] += p[j] * at(v, j, c, valueWidth)
                        dv[j * valueWidth + c] += p[j] * at(g, i, c, valueWidth)
                    }
                    for c in 0..<width {
                        dq[i * width + c] += slope * at(k, j, c, width)
                        dk[j * width + c] += slope * at(q, i, c, width)
                    }
                }
            }
            return [out, dq, dk, dv]
        }

        /// Elements of scratch memory that either kernel may use, for vectors of `lanes`.
        func scratch(_ lanes: Int) -> Int {
            (2 * queries + max(width, valueWidth)) * ((keys + lanes - 1) / lanes * lanes)
        }
    }

    /// Whole vectors of keys, one key more and one less, one key, tall and wide heads.
    static let problems = [
        Problem(1, 1, 16, 16), Problem(17, 17, 32, 32), Problem(16, 16, 32, 16), Problem(5, 31, 16, 48),
        Problem(42, 42, 32, 32), Problem(65, 80, 32, 32), Problem(33, 7, 48, 16),
    ]

    private func single(_ p: Problem, _ table: ck_table) -> [[Double]] {
        let (q, k, v, g) = (p.q.map(Float.init), p.k.map(Float.init), p.v.map(Float.init), p.g.map(Float.init))
        let (w, e) = (p.width + Problem.gap, p.valueWidth + Problem.gap)
        var tops = [Float](repeating: .nan, count: p.queries), inverses = tops
        var scratch = [Float](repeating: .nan, count: p.scratch(table.vector_bytes / 4))
        var out = [Float](repeating: .nan, count: p.queries * p.valueWidth)
        table.attention_head_f32(
            p.queries, p.keys, p.width, p.valueWidth, q, w, k, w, v, e, Float(p.scale), &out, p.valueWidth, &tops,
            &inverses, &scratch)
        var dq = [Float](repeating: .nan, count: p.queries * p.width)
        var dk = [Float](repeating: .nan, count: p.keys * p.width)
        var dv = [Float](repeating: .nan, count: p.keys * p.valueWidth)
        table.attention_head_gradient_f32(
            p.queries, p.keys, p.width, p.valueWidth, q, w, k, w, v, e, g, e, Float(p.scale), tops, inverses, &dq,
            p.width, &dk, p.width, &dv, p.valueWidth, &scratch)
        return [out, dq, dk, dv].map { $0.map(Double.init) }
    }

    private func double(_ p: Problem, _ table: ck_table) -> [[Double]] {
        let (w, e) = (p.width + Problem.gap, p.valueWidth + Problem.gap)
        var tops = [Double](repeating: .nan, count: p.queries), inverses = tops
        var scratch = [Double](repeating: .nan, count: p.scratch(table.vector_bytes / 8))
        var out = [Double](repeating: .nan, count: p.queries * p.valueWidth)
        table.attention_head_f64(
            p.queries, p.keys, p.width, p.valueWidth, p.q, w, p.k, w, p.v, e, p.scale, &out, p.valueWidth, &tops,
            &inverses, &scratch)
        var dq = [Double](repeating: .nan, count: p.queries * p.width)
        var dk = [Double](repeating: .nan, count: p.keys * p.width)
        var dv = [Double](repeating: .nan, count: p.keys * p.valueWidth)
        table.attention_head_gradient_f64(
            p.queries, p.keys, p.width, p.valueWidth, p.q, w, p.k, w, p.v, e, p.g, e, p.scale, tops, inverses, &dq,
            p.width, &dk, p.width, &dv, p.valueWidth, &scratch)
        return [out, dq, dk, dv]
    }

    @Test("result and gradients equal double loops", arguments: KernelSets.names)
    func loops(set: String) {
        let table = KernelSets.table(set)
        for p in Self.problems {
            let expected = p.expected()
            for (found, tolerance) in [(single(p, table), 2e-5), (double(p, table), 1e-12)] {
                for (index, (some, other)) in zip(found, expected).enumerated() {
                    let error = zip(some, other).map { abs($0 - $1) }.max() ?? 0
                    #expect(
                        error < tolerance && some.count == other.count,
                        "\(set), part \(index) of \(p.queries) x \(p.keys), \(p.width), \(p.valueWidth): \(error)")
                }
            }
        }
    }

    @Test(
        "a NaN spoils the rows that see it, and no other; infinite scores give no weight", arguments: KernelSets.names)
    func notANumber(set: String) {
        let table = KernelSets.table(set)
        func rows(_ q: [Float]) -> (out: [Float], tops: [Float], inverses: [Float]) {
            let k = [Float](repeating: 1, count: 3 * 16), v = [Float](repeating: 2, count: 3 * 16)
            var out = [Float](repeating: 0, count: 2 * 16), tops: [Float] = [9, 9], inverses: [Float] = [9, 9]
            var scratch = [Float](repeating: 0, count: (4 + 16) * 16)
            table.attention_head_f32(2, 3, 16, 16, q, 16, k, 16, v, 16, 1, &out, 16, &tops, &inverses, &scratch)
            return (out, tops, inverses)
        }
        var q = [Float](repeating: 0, count: 32)
        q[5] = .nan
        let spoilt = rows(q)
        #expect(spoilt.out[..<16].allSatisfy(\.isNaN) && spoilt.out[16...].allSatisfy { abs($0 - 2) < 1e-6 })
        q[5] = -.infinity
        let blind = rows(q)
        #expect(blind.out[..<16].allSatisfy { $0 == 0 } && blind.tops[0] == 0 && blind.inverses[0] == 0)
    }
}
