import Testing
import TestSupport

@testable import Tensors

@Suite("Matrix products")
struct ProductTests {
    /// C = op(A) op(B) by three loops in double precision, for one pair of matrices.
    private static func plain(_ a: [Double], _ b: [Double], _ m: Int, _ k: Int, _ n: Int, _ ta: Bool, _ tb: Bool)
        -> [Double]
    {
        var c = [Double](repeating: 0, count: m * n)
        for i in 0..<m {
            for l in 0..<k {
                let left = ta ? a[l * m + i] : a[i * k + l]
                for j in 0..<n { c[i * n + j] += left * (tb ? b[j * k + l] : b[l * n + j]) }
            }
        }
        return c
    }

    /// M, K, N: tiny, odd, thin, and across the tiles of 256 rows, 256 and 512 columns, 1024 columns.
    static let sizes: [[Int]] = [
        [1, 1, 1], [3, 5, 7], [1, 17, 33], [31, 1, 9], [257, 129, 65], [600, 37, 71], [65, 40, 513], [520, 9, 1100],
        [33, 260, 1030],
    ]

    @Test("equal three plain loops, transposed or not", arguments: sizes, [Precision.single, .double])
    func plainLoops(_ size: [Int], _ precision: Precision) {
        let (m, k, n) = (size[0], size[1], size[2])
        for (ta, tb) in [(false, false), (true, false), (false, true), (true, true)] {
            let a = normalDoubles(ta ? [k, m] : [m, k], seed: 1)
            let b = normalDoubles(tb ? [n, k] : [k, n], seed: 2)
            let c = matmul(a.converted(to: precision), b.converted(to: precision), transposeA: ta, transposeB: tb)
            let expected = Self.plain(a.doubles, b.doubles, m, k, n, ta, tb)
            #expect(c.shape == [m, n])
            #expect(relativeDifference(c.doubles, expected) < (precision == .single ? 1e-5 : 1e-13), "\(ta) \(tb)")
        }
    }

    @Test(
        "leading axes broadcast",
        arguments: [
            ([4], [4], [4]), ([4], [], [4]), ([], [4], [4]), ([2, 1], [3], [2, 3]), ([1], [5], [5]),
            ([2, 3], [1, 1], [2, 3]),
            ([0], [1], [0]),
        ])
    func batches(_ left: [Int], _ right: [Int], _ batch: [Int]) {
        let (m, k, n) = (9, 6, 11)
        let a = normalDoubles(Shape(left + [m, k]), seed: 3)
        let b = normalDoubles(Shape(right + [k, n]), seed: 4)
        let c = matmul(a, b)
        #expect(c.shape == Shape(batch + [m, n]))
        let count = batch.reduce(1, *)
        let flat = c.reshaped([count, m * n])
        let wideA = a.broadcast(to: Shape(batch + [m, k])).reshaped([count, m * k])
        let wideB = b.broadcast(to: Shape(batch + [k, n])).reshaped([count, k * n])
        for index in 0..<count {
            let row = wideA.selected(axis: 0, index).doubles
            let column = wideB.selected(axis: 0, index).doubles
            let expected = Self.plain(row, column, m, k, n, false, false)
            #expect(relativeDifference(flat.selected(axis: 0, index).doubles, expected) < 1e-13)
        }
    }

    @Test("an empty sum is zero, and an empty result is empty")
    func empty() {
        #expect(matmul(.ones([3, 0]), .ones([0, 2])).floats == [0, 0, 0, 0, 0, 0])
        #expect(matmul(.ones([0, 3]), .ones([3, 2])).shape == [0, 2])
        let bias = Tensor([1, 2] as [Float], shape: [2])
        #expect(linear(.ones([2, 0]), weight: .ones([2, 0]), bias: bias).floats == [1, 2, 1, 2], "the bias remains")
    }

    @Test("operands that are views: stretched, sliced, permuted")
    func views() {
        let x = normalDoubles([6, 5, 4])
        let y = normalDoubles([4, 8])
        let permuted = x.permuted([1, 2, 0])
        let sliced = x.sliced(axis: 2, 1..<3)
        let stretched = normalDoubles([1, 4]).broadcast(to: [7, 4])
        for (a, b) in [(permuted, normalDoubles([6, 3])), (sliced, normalDoubles([2, 3])), (stretched, y)] {
            let dense = matmul(Tensor(a.backend.copy(a.array)), b)
            #expect(relativeDifference(matmul(a, b), dense) < 1e-14)
        }
    }

    @Test("a population's affine maps are each network's own", arguments: [1, 8, 300])
    func population(_ batch: Int) {
        let x = normalDoubles([batch, 20])
        let w = normalDoubles([3, 12, 20], seed: 2)
        let b = normalDoubles([3, 12], seed: 3)
        let all = linear(x, weight: w, bias: b)
        for p in 0..<3 {
            let (wp, bp) = (w.selected(axis: 0, p), b.selected(axis: 0, p))
            let one = matmul(x, wp, transposeB: true) + bp
            #expect(relativeDifference(all.selected(axis: 0, p), one) < 1e-13)
        }
    }

    @Test("few rows by a tall matrix: its chunks add up, at every number of threads the same bytes")
    func tall() {
        let a = normalDoubles([8, 9000], seed: 2), b = normalDoubles([9000, 37], seed: 3)
        let whole = matmul(a, b)
        let halves = [0..<4500, 4500..<9000].map { matmul(a.sliced(axis: 1, $0), b.sliced(axis: 0, $0)) }
        #expect(relativeDifference(whole, halves[0] + halves[1]) < 1e-13)
        let (single, tall) = (a.converted(to: .single), b.converted(to: .single))
        #expect(relativeDifference(matmul(single, tall), whole) < 1e-5)
        let threads = Threads.count
        defer { Threads.count = threads }
        for count in [1, 2, 4] {
            Threads.count = count
            #expect(matmul(a, b).doubles == whole.doubles)
        }
    }
}
