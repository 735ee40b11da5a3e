import Testing
import TestSupport

@testable import Tensors

@Suite("Axes without elements")
struct EmptyAxisTests {
    private static func gradients(_ inputs: [Tensor], _ f: ([Tensor]) -> Tensor) -> [Tensor] {
        let (values, pull) = pullback(at: inputs) { [f($0)] }
        return values + pull([.ones(values[0].shape)])
    }

    @Test(
        "an empty axis gives an empty result, and an empty gradient",
        arguments: [[3, 0], [0, 3], [0, 0], [2, 3, 0]])
    func rows(_ extents: [Int]) {
        let x = Tensor.zeros(Shape(extents))
        for f: (Tensor) -> Tensor in [
            { $0.softmax() }, { $0.softmax(axis: 0) }, { $0.logSoftmax() }, { $0.exp() }, { $0.transposed().relu() },
            { $0 * $0.softmax() }, { $0.gathered(axis: 0, []) },
        ] {
            let found = Self.gradients([x]) { f($0[0]) }
            #expect(found[0].count == 0 && found[1].shape == x.shape)
        }
        #expect(x.softmax().shape == x.shape && x.logSoftmax().shape == x.shape)
    }

    @Test("reductions of no elements: sums are 0, means NaN, log sums -inf; a maximum needs one")
    func reductions() async {
        let x = Tensor.zeros([3, 0])
        #expect(x.sum(axes: [1]).floats == [0, 0, 0] && x.sum().scalar == 0)
        #expect(x.mean(axes: [1]).floats.allSatisfy(\.isNaN) && x.variance(axes: [1]).floats.allSatisfy(\.isNaN))
        #expect(x.logSumExp(axes: [1]).floats == [-.infinity, -.infinity, -.infinity])
        #expect(x.logSumExp(axes: [1], keepingDims: true).shape == [3, 1])
        #expect(x.sum(axes: [0]).shape == [0] && x.max(axes: [0]).shape == [0] && x.logSumExp(axes: [0]).shape == [0])
        #expect(Tensor.zeros([0, 3]).maxLast().shape == [0] && Tensor.zeros([0, 3]).argmax().isEmpty)
        #expect(x.isFinite && x.floats.isEmpty)
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([3, 0]).argmax()
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("argmax: no elements along the last axis of [3, 0]"))
    }

    @Test("products, norms, attention, convolution and pooling")
    func layers() {
        let product = Self.gradients([.ones([3, 0]), .ones([0, 2])]) { matmul($0[0], $0[1]) }
        #expect(product[0].floats == Array(repeating: 0, count: 6) && product[2].shape == [0, 2])
        let affine = Self.gradients([.ones([2, 0]), .ones([3, 0]), .ones([3])]) {
            linear($0[0], weight: $0[1], bias: $0[2])
        }
        #expect(affine[0].floats == Array(repeating: 1, count: 6) && affine[3].floats == [2, 2, 2])
        for extents in [[3, 0], [0, 4]] {
            let n = extents[1]
            let norm = Self.gradients([.zeros(Shape(extents)), .ones([n]), .ones([n])]) {
                $0[0].layerNormalized(scale: $0[1], shift: $0[2])
            }
            #expect(norm[0].shape == Shape(extents) && norm[2].floats == Array(repeating: 0, count: n))
        }
        for (t, s, d, e) in [(3, 0, 4, 5), (0, 3, 4, 5), (3, 2, 0, 5), (3, 2, 4, 0)] {
            for form in AttentionForm.allCases {
                let found = Self.gradients([.zeros([2, t, d]), .zeros([2, s, d]), .ones([2, s, e])]) {
                    scaledDotProductAttention($0[0], $0[1], $0[2], form: form)
                }
                #expect(found[0].shape == [2, t, e] && found[0].floats.allSatisfy { $0 == (s == 0 ? 0 : 1) })
                #expect(found[1].shape == [2, t, d] && found[3].shape == [2, s, e])
            }
        }
        let images = Self.gradients([.zeros([0, 2, 5, 5]), .ones([3, 2, 3, 3]), .ones([3])]) {
            conv2d($0[0], weight: $0[1], bias: $0[2])
        }
        #expect(images[0].shape == [0, 3, 3, 3] && images[2].floats.allSatisfy { $0 == 0 })
        let pooled = Self.gradients([.zeros([0, 2, 4, 4])]) { $0[0].maxPooled(Pooling(size: 2)) }
        #expect(pooled[0].shape == [0, 2, 2, 2] && pooled[1].shape == [0, 2, 4, 4])
        #expect(Tensor.zeros([0, 2, 4, 4]).averagePooled(Pooling(size: 2)).shape == [0, 2, 2, 2])
        #expect(Tensor.zeros([0, 2, 4, 4]).averagePooled(to: 1).shape == [0, 2, 1, 1])
        #expect(Tensor.zeros([0, 2, 4, 4]).unfolded(SlidingWindow(kernel: [2, 2])).shape == [0, 8, 9])
    }

    @Test("joining, cutting and slots")
    func movement() {
        let joined = Self.gradients([.zeros([4, 0]), .ones([4, 2]), .zeros([4, 0])]) { .concatenate($0, axis: 1) }
        #expect(joined[0].shape == [4, 2] && joined[1].shape == [4, 0])
        #expect(Tensor.zeros([0, 3]).padded(axis: 0, before: 1, after: 1).shape == [2, 3])
        #expect(Tensor.ones([2, 3]).sliced(axis: 1, 1..<1).shape == [2, 0])
        #expect(Tensor.zeros([0, 3]).scatteredAdd(axis: 0, [], count: 2).floats == Array(repeating: 0, count: 6))
        #expect(Tensor.zeros([2, 0]).broadcast(to: [4, 2, 0]).shape == [4, 2, 0])
        let slots = [
            PackedSlot(offset: 0, shape: [0]), PackedSlot(offset: 0, shape: [2]), PackedSlot(offset: 2, shape: [0, 5]),
        ]
        let found = Self.gradients([.ones([2])]) { x in x[0].unpacked(slots).reduce(Tensor(0)) { $0 + $1.sum() } }
        #expect(found[1].floats == [1, 1])
    }
}
