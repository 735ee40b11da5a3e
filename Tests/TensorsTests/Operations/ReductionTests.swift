import Foundation
import TestSupport
import Testing

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

    @Test("finite or not")
    func finiteness() {
        #expect(Tensor.full([4], 3e38).isFinite, "though the sum of magnitudes overflows")
        #expect(!Tensor([1, .nan] as [Float], shape: [2]).isFinite)
        #expect(!Tensor([1, -.infinity] as [Float], shape: [2]).isFinite)
        #expect(Tensor.ones([0]).isFinite)
    }
}
