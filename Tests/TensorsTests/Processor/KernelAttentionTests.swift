import CKernels
import Foundation
import Testing

@Suite("Kernels: rows of attention")
struct KernelAttentionTests {
    struct Problem {
        let rows: Int, keys: Int, first: Int, hasBias: Bool
        let x, g, bias: [Double]
        let scale = -1.5

        init(_ rows: Int, _ keys: Int, first: Int = -1, hasBias: Bool = false) {
            var inputs = KernelInputs(UInt64(rows * 1000 + keys))
            (self.rows, self.keys, self.first, self.hasBias) = (rows, keys, first, hasBias)
            x = inputs.floats(rows * keys, scale: 4).map { Double($0) }
            g = inputs.floats(rows * keys).map { Double($0) }
            // Every third key is left out; of the second row, every key.
            bias = inputs.floats(rows * keys).enumerated().map { index, value in
                index % 3 == 0 || index / keys == 1 ? Double(Float(-1e30)) : Double(value)
            }
        }

        /// Weights and scores' gradients by plain double loops, and the sums they rest on.
        func expected() -> (weights: [Double], slopes: [Double], sees: [Bool]) {
            var weights = [Double](repeating: 0, count: rows * keys), slopes = weights, sees: [Bool] = []
            for r in 0..<rows {
                let seen = (0..<keys).filter { key in
                    (first < 0 || key <= first + r) && (!hasBias || bias[r * keys + key] > -1e29)
                }
                sees.append(!seen.isEmpty)
                let scores = seen.map { x[r * keys + $0] * scale + (hasBias ? bias[r * keys + $0] : 0) }
                let top = scores.max() ?? 0
                let total = scores.reduce(0) { $0 + exp($1 - top) }
                for (key, score) in zip(seen, scores) { weights[r * keys + key] = exp(score - top) / total }
                let level = seen.reduce(0) { $0 + weights[r * keys + $1] * g[r * keys + $1] }
                for key in seen {
                    slopes[r * keys + key] = scale * weights[r * keys + key] * (g[r * keys + key] - level)
                }
            }
            return (weights, slopes, sees)
        }
    }

    static let problems = [
        Problem(1, 1), Problem(3, 64), Problem(2, 7), Problem(5, 33, hasBias: true), Problem(4, 16, first: 0),
        Problem(6, 40, first: 3), Problem(9, 5, first: 2), Problem(2, 5000), Problem(3, 3000, hasBias: true),
    ]

    private func check<T: BinaryFloatingPoint>(
        _ problem: Problem, _ set: String, tolerance: Double, as type: T.Type,
        forward: ([T], inout [T], inout [T], inout [T]) -> Void,
        backward: ([T], inout [T], inout [T], [T], [T]) -> Void
    ) {
        let bias = problem.bias.map { T($0) }, scores = problem.x.map { T($0) }
        var x = scores, tops = [T](repeating: .nan, count: problem.rows), inverses = tops
        forward(bias, &x, &tops, &inverses)
        let expected = problem.expected()
        let weightError = zip(x, expected.weights).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(weightError < tolerance, "\(set) weights \(problem.rows) x \(problem.keys)")
        #expect(zip(inverses, expected.sees).allSatisfy { ($0 > 0) == $1 })
        #expect(zip(x, expected.weights).allSatisfy { $1 != 0 || $0 == 0 }, "exactly zero where left out")
        var again = scores, g = problem.g.map { T($0) }
        backward(bias, &again, &g, tops, inverses)
        #expect(zip(again, x).allSatisfy { abs(Double($0) - Double($1)) < tolerance / 10 }, "the same weights again")
        let slopeError = zip(g, expected.slopes).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(slopeError < 2 * tolerance, "\(set) slopes \(problem.rows) x \(problem.keys)")
    }

    @Test("softmax and its gradient equal double loops", arguments: KernelSets.names)
    func rows(set: String) {
        let table = KernelSets.table(set)
        for p in Self.problems {
            check(p, set, tolerance: 2e-6, as: Float.self) { bias, x, tops, inverses in
                bias.withUnsafeBufferPointer {
                    table.attention_softmax_f32(
                        p.rows, p.keys, &x, Float(p.scale), p.hasBias ? $0.baseAddress : nil, p.keys, p.first, &tops,
                        &inverses)
                }
            } backward: { bias, x, g, tops, inverses in
                bias.withUnsafeBufferPointer {
                    table.attention_softmax_gradient_f32(
                        p.rows, p.keys, &x, &g, Float(p.scale), p.hasBias ? $0.baseAddress : nil, p.keys, p.first,
                        tops, inverses)
                }
            }
            check(p, set, tolerance: 1e-13, as: Double.self) { bias, x, tops, inverses in
                bias.withUnsafeBufferPointer {
                    table.attention_softmax_f64(
                        p.rows, p.keys, &x, p.scale, p.hasBias ? $0.baseAddress : nil, p.keys, p.first, &tops,
                        &inverses)
                }
            } backward: { bias, x, g, tops, inverses in
                bias.withUnsafeBufferPointer {
                    table.attention_softmax_gradient_f64(
                        p.rows, p.keys, &x, &g, p.scale, p.hasBias ? $0.baseAddress : nil, p.keys, p.first, tops,
                        inverses)
                }
            }
        }
    }

    @Test("one bias row may serve all queries, and a NaN spoils its row alone", arguments: KernelSets.names)
    func sharedBiasAndNaN(set: String) {
        let table = KernelSets.table(set)
        var x: [Double] = [0, 0, 0, 1, .nan, 2, 0, 0, 0], tops = [0.0, 0, 0], inverses = tops
        table.attention_softmax_f64(3, 3, &x, 1, [0, log(2), log(5)], 0, -1, &tops, &inverses)
        for row in [0, 2] {
            let shares = zip(x[(3 * row)...], [1.0 / 8, 2.0 / 8, 5.0 / 8])
            #expect(shares.allSatisfy { abs($0 - $1) < 1e-15 })
        }
        #expect(x[3].isNaN && x[4].isNaN && x[5].isNaN)
    }

    @Test("a bias that is NaN makes its row NaN, and no other", arguments: KernelSets.names)
    func notANumber(set: String) {
        let table = KernelSets.table(set)
        for (keys, place) in [(3, 0), (3, 2), (33, 32), (40, 7)] {
            var bias = [Float](repeating: 0, count: 2 * keys), wide = [Double](repeating: 0, count: 2 * keys)
            (bias[place], wide[place]) = (.nan, .nan)
            var x = [Float](repeating: 1, count: 2 * keys), tops: [Float] = [0, 0], inverses: [Float] = [0, 0]
            table.attention_softmax_f32(2, keys, &x, 1, bias, keys, -1, &tops, &inverses)
            #expect(x[..<keys].allSatisfy(\.isNaN) && x[keys...].allSatisfy { abs($0 - 1 / Float(keys)) < 1e-6 })
            var y = [Double](repeating: 1, count: 2 * keys), tops64 = [0.0, 0], inverses64 = [0.0, 0]
            table.attention_softmax_f64(2, keys, &y, 1, wide, keys, -1, &tops64, &inverses64)
            #expect(y[..<keys].allSatisfy(\.isNaN) && y[keys...].allSatisfy { abs($0 - 1 / Double(keys)) < 1e-14 })
            var scores = [Float](repeating: 1, count: 2 * keys), g = scores
            table.attention_softmax_gradient_f32(2, keys, &scores, &g, 1, bias, keys, -1, tops, inverses)
            #expect(g[..<keys].allSatisfy(\.isNaN) && g[keys...].allSatisfy(\.isFinite))
        }
    }
}
