import Foundation
import Testing
import TestSupport

@testable import Tensors

@Suite("Reductions")
struct ReductionTests {
    /// The sum over `axes` by walking over all elements.
    private static func plainSum(_ x: Tensor, _ axes: [Int]) -> [Double] {
        let kept = x.shape.indices.filter { !axes.contains($0) }
        let strides = x.shape.contiguousStrides
        var sums = [Double](repeating: 0, count: kept.reduce(1) { $0 * x.shape[$1] })
        for (index, value) in x.doubles.enumerated() {
            let place = kept.reduce(0) { $0 * x.shape[$1] + index / strides[$1] % x.shape[$1] }
            sums[place] += value
        }
        return sums
    }

    @Test(
        "sums over any axes equal plain loops",
        arguments: [[5, 7, 3], [1, 9], [300, 5, 70], [3, 0, 2], [4000, 33]], [Precision.single, .double])
    func sums(_ extents: [Int], _ precision: Precision) {
        let x = normalDoubles(Shape(extents)).converted(to: precision)
        for mask in 1..<(1 << extents.count) {
            let axes = extents.indices.filter { mask >> $0 & 1 == 1 }
            let expected = Self.plainSum(x, axes)
            let scale = Double(x.count).squareRoot() + 1
            let sum = x.sum(axes: axes)
            let worst = zip(sum.doubles, expected).map { abs($0 - $1) }.max() ?? 0
            #expect(sum.count == expected.count && worst < (precision == .single ? 2e-6 : 1e-13) * scale)
            #expect(x.sum(axes: axes, keepingDims: true).reshaped(sum.shape).bits == sum.bits)
        }
    }

    @Test("a long sum in single precision keeps its digits")
    func longSum() {
        // 0.1 is not a float: 3 million of it in single precision would be off by several thousand.
        let sum = Tensor.full([3_000_000], 0.1).sum().scalar
        #expect(abs(sum - 3_000_000 * Double(Float(0.1))) < 0.02)
    }

    @Test("means, and closed forms")
    func closedForms() {
        let x = Tensor((0..<24).map { Double($0) }, shape: [2, 3, 4])
        #expect(x.sum().scalar == 276 && x.mean().scalar == 11.5)
        #expect(x.sum(axes: [0]).doubles == [12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34])
        #expect(x.sum(axes: [-1]).doubles == [6, 22, 38, 54, 70, 86])
        #expect(x.sum(axes: [0, 2]).doubles == [60, 92, 124])
        #expect(x.mean(axes: [1]).doubles == [4, 5, 6, 7, 16, 17, 18, 19])
        #expect(x.sum(axes: []).bits == x.bits)
    }

    @Test("the largest, and the first of equals")
    func largest() {
        let x = Tensor([3, 9, 9, -1, -5, -5, 0, 0, 0, 2, 1, 2] as [Float], shape: [4, 3])
        #expect(x.maxLast().floats == [9, -1, 0, 2] && x.argmax() == [1, 0, 0, 0])
        #expect(x.maxLast(keepingDims: true).shape == [4, 1])
    }

    @Test("softmax sums to one, does not overflow, and does not see a shift", arguments: [1.0, 100, 1e4])
    func softmax(_ scale: Double) {
        let x = (normalDoubles([9, 13]) * scale).converted(to: .single)
        let sums = x.softmax().sum(axes: [-1]).doubles
        #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 })
        let wide = x.converted(to: .double)
        #expect(relativeDifference((wide + 17).logSoftmax(), wide.logSoftmax()) < 1e-12)
        #expect(x.logSoftmax().isFinite)
    }

    @Test("extremes and log-sum-exp over any axes equal plain loops", arguments: [[3, 4, 5], [7, 1, 9], [40, 3]])
    func extremes(_ extents: [Int]) {
        let x = normalDoubles(Shape(extents))
        for mask in 1..<(1 << extents.count) {
            let axes = extents.indices.filter { mask >> $0 & 1 == 1 }
            let kept = extents.indices.filter { !axes.contains($0) }
            let rows = x.permuted(kept + axes).reshaped([-1, axes.reduce(1) { $0 * extents[$1] }]).array.rows
            #expect(x.max(axes: axes).doubles == rows.map { $0.max() ?? .nan })
            #expect(x.min(axes: axes).doubles == rows.map { $0.min() ?? .nan })
            let sums = rows.map { row in log(row.reduce(0) { $0 + exp($1) }) }
            #expect(relativeDifference(x.logSumExp(axes: axes).doubles, sums) < 1e-14)
            let largest = x.max(axes: axes, keepingDims: true)
            #expect(largest.shape == x.shape.collapsing(axes) && largest.doubles == x.max(axes: axes).doubles)
            #expect(x.logSumExp(axes: axes, keepingDims: true).shape == largest.shape)
        }
    }

    @Test("equal largest elements share the slope, over several axes")
    func ties() {
        let x = Tensor([2, 5, 5, 1, 5, 5] as [Double], shape: [2, 3])
        #expect(gradient(at: x) { $0.max() }.gradient.doubles == [0, 0.25, 0.25, 0, 0.25, 0.25])
        #expect(gradient(at: x) { $0.min(axes: [0]).sum() }.gradient.doubles == [0, 0.5, 0.5, 1, 0.5, 0.5])
    }

    @Test("infinities and NaN in the largest and in log-sum-exp")
    func infinite() {
        let infinity = Float.infinity
        let x = Tensor([-infinity, -infinity, 1, infinity, 1e30, 1e30, .nan, 0], shape: [4, 2])
        let sums = x.logSumExp(axes: [1]).floats
        #expect(sums[0] == -infinity && sums[1] == infinity && sums[2] == 1e30 && sums[3].isNaN)
        let largest = x.max(axes: [1]).floats
        #expect(largest[0] == -infinity && largest[1] == infinity && largest[3].isNaN && x.max().scalar.isNaN)
        #expect(x.max(axes: []).bits == x.bits && Tensor.ones([0, 3]).max(axes: [1]).count == 0)
    }

    @Test("variances, and softmax along any axis")
    func variance() {
        let x = Tensor([1, 2, 3, 4, 10, 0] as [Double], shape: [2, 3])
        #expect(relativeDifference(x.variance(axes: [1]).doubles, [2.0 / 3, 152.0 / 9]) < 1e-15)
        #expect(x.variance(axes: [0], correction: 1).doubles == [4.5, 32, 4.5])
        #expect(abs(x.variance().scalar - 95.0 / 9) < 1e-14)
        let p = normalDoubles([3, 4, 5]).softmax(axis: 1)
        #expect(p.sum(axes: [1]).doubles.allSatisfy { abs($0 - 1) < 1e-15 })
        let moved = normalDoubles([3, 4, 5]).permuted([0, 2, 1]).softmax()
        #expect(relativeDifference(p.permuted([0, 2, 1]), moved) < 1e-15)
    }

    @Test("finite or not")
    func finiteness() {
        #expect(Tensor.full([4], 3e38).isFinite, "though the sum of magnitudes overflows")
        #expect(!Tensor([1, .nan] as [Float], shape: [2]).isFinite)
        #expect(!Tensor([1, -.infinity] as [Float], shape: [2]).isFinite)
        #expect(Tensor.ones([0]).isFinite)
    }
}
