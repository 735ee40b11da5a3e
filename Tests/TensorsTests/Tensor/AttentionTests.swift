import Testing
import TestSupport

@testable import Tensors

@Suite("Attention")
struct AttentionTests {
    private static func inputs(_ q: Shape, _ k: Shape, _ v: Shape, _ precision: Precision = .double) -> [Tensor] {
        [q, k, v].enumerated().map { normalDoubles($1, seed: 5, index: UInt64($0)).converted(to: precision) }
    }

    /// Value and gradients by q, k and v against a fixed cotangent.
    private static func evaluation(
        _ inputs: [Tensor], _ mask: AttentionMask? = nil, scale: Double? = nil, form: AttentionForm = .fused
    ) -> [Tensor] {
        let (values, pull) = pullback(at: inputs) {
            [scaledDotProductAttention($0[0], $0[1], $0[2], mask: mask, scale: scale, form: form)]
        }
        return values + pull([normalDoubles(values[0].shape, seed: 6).converted(to: inputs[0].precision)])
    }

    @Test("without a query the weights are uniform: the mean of the values", arguments: AttentionForm.allCases)
    func uniform(_ form: AttentionForm) {
        let (k, v) = (normalDoubles([2, 7, 4]), normalDoubles([2, 7, 3], index: 1))
        let found = Self.evaluation([.zeros([2, 5, 4], precision: .double), k, v], form: form)
        let mean = v.mean(axes: [1], keepingDims: true).broadcast(to: [2, 5, 3])
        #expect(relativeDifference(found[0], mean) < 1e-14)
        #expect(found[2].doubles.allSatisfy { abs($0) < 1e-15 }, "keys do not matter")
        let share = normalDoubles([2, 5, 3], seed: 6).sum(axes: [1], keepingDims: true) / 7
        #expect(relativeDifference(found[3], share.broadcast(to: [2, 7, 3])) < 1e-14)
    }

    @Test("with one key its value is the result", arguments: AttentionForm.allCases)
    func oneKey(_ form: AttentionForm) {
        let inputs = Self.inputs([3, 4, 2], [3, 1, 2], [3, 1, 5])
        let found = Self.evaluation(inputs, form: form)
        #expect(found[0].doubles == inputs[2].broadcast(to: [3, 4, 5]).doubles)
        #expect((found[1].doubles + found[2].doubles).allSatisfy { abs($0) < 1e-15 })
    }

    @Test("the order of the keys does not matter", arguments: AttentionForm.allCases)
    func permutation(_ form: AttentionForm) {
        let order: [Int32] = [3, 0, 4, 1, 2]
        let inputs = Self.inputs([2, 3, 4], [2, 5, 4], [2, 5, 3])
        let straight = Self.evaluation(inputs, form: form)
        let mixed = Self.evaluation([inputs[0]] + inputs.dropFirst().map { $0.gathered(axis: 1, order) }, form: form)
        for (index, (one, other)) in zip(straight, mixed).enumerated() {
            #expect(relativeDifference(index < 2 ? one : one.gathered(axis: 1, order), other) < 1e-13)
        }
    }

    @Test("two keys: the weight is a sigmoid of the difference of scores")
    func sigmoid() {
        let inputs = Self.inputs([6, 3], [2, 3], [2, 1])
        let scores = matmul(inputs[0], inputs[1], transposeB: true) * 0.5
        let share = (scores.sliced(axis: 1, 0..<1) - scores.sliced(axis: 1, 1..<2)).sigmoid()
        let expected = matmul(.concatenate([share, 1 - share], axis: 1), inputs[2])
        let found = scaledDotProductAttention(inputs[0], inputs[1], inputs[2], scale: 0.5)
        #expect(relativeDifference(found, expected) < 1e-13)
    }

    /// Shapes of q, k and v: one row, part of a vector, whole tiles, several panels, shared keys, a population.
    private static let shapes: [[Shape]] = [
        [[1, 1], [1, 1], [1, 1]], [[3, 5, 7], [3, 4, 7], [3, 4, 2]],
        [[2, 8, 64, 32], [2, 8, 64, 32], [2, 8, 64, 32]], [[2, 4, 17, 32], [2, 4, 17, 32], [4, 17, 16]],
        [[3, 129, 9], [3, 17, 9], [3, 17, 5]], [[2, 2, 300, 16], [2, 1, 270, 16], [270, 24]],
        [[2, 3, 2, 5, 4], [3, 2, 6, 4], [2, 3, 2, 6, 4]],
    ]

    @Test("fused equals plain", arguments: shapes, [Precision.single, .double])
    func forms(_ shapes: [Shape], _ precision: Precision) {
        let inputs = Self.inputs(shapes[0], shapes[1], shapes[2], precision)
        let (queries, keys) = (shapes[0][shapes[0].count - 2], shapes[1][shapes[1].count - 2])
        func mask(_ shape: Shape) -> Tensor { normalDoubles(shape, seed: 8).converted(to: precision) }
        let kept = mask([queries, keys]).isGreater(than: .zeros([], precision: precision))
        let masks: [AttentionMask?] = [
            nil, .causal, .additive(mask([queries, keys])), .additive(mask([queries, 1])), .additive(mask([keys])),
            .additive(mask([])), .additive(mask([keys, queries]).transposed()), .keeping(kept),
            .keeping(kept * Tensor.causalMask(queries: queries, keys: keys, precision: precision)),
        ]
        for mask in masks {
            let fused = Self.evaluation(inputs, mask), plain = Self.evaluation(inputs, mask, form: .plain)
            for (one, other) in zip(fused, plain) {
                #expect(relativeDifference(one, other, floor: 1e-3) < (precision == .single ? 1e-5 : 1e-12))
            }
        }
    }

    @Test("large scores do not overflow, in either sign", arguments: AttentionForm.allCases)
    func largeScores(_ form: AttentionForm) {
        let inputs = Self.inputs([2, 70, 8], [2, 33, 8], [2, 33, 4], .single)
        for scale in [1e4, -1e4, 1e30] {
            let found = Self.evaluation(inputs, scale: scale, form: form)
            #expect(found.allSatisfy { $0.isFinite })
            let scores = matmul(inputs[0], inputs[1], transposeB: true) * (scale > 0 ? 1 : -1)
            let weights = Tensor.oneHot(scores.argmax(), classes: 33).reshaped([2, 70, 33])
            let hits = zip(matmul(weights, inputs[2]).doubles, found[0].doubles).filter { abs($0 - $1) < 1e-5 }
            #expect(hits.count > 540, "nearly all of 560 numbers are those of the best key")
        }
    }

    @Test("a query without keys gives zeros, and no gradient passes it", arguments: AttentionForm.allCases)
    func blindQuery(_ form: AttentionForm) {
        let inputs = Self.inputs([3, 4], [5, 4], [5, 2])
        var kept = [Double](repeating: 1, count: 15)
        kept.replaceSubrange(5..<10, with: repeatElement(0, count: 5))
        let minus = kept.map { $0 == 0 ? -Double.infinity : 0 }
        for mask in [
            AttentionMask.keeping(Tensor(kept, shape: [3, 5])), .additive(Tensor(minus, shape: [3, 5])),
        ] {
            let found = Self.evaluation(inputs, mask, form: form)
            #expect(found.allSatisfy { $0.isFinite })
            #expect(found[0].doubles[2..<4].allSatisfy { $0 == 0 } && found[1].doubles[4..<8].allSatisfy { $0 == 0 })
            #expect(found[0].doubles[0..<2].allSatisfy { $0 != 0 })
        }
    }

    @Test("a key that is left out has no weight, whatever its score", arguments: AttentionForm.allCases)
    func maskedKey(_ form: AttentionForm) {
        let inputs = Self.inputs([6, 4], [5, 4], [5, 2], .single)
        let keys = Tensor([Float(1), 1, 0, 1, 1], shape: [5])
        let found = Self.evaluation([inputs[0], inputs[1] * 1e6, inputs[2]], .keeping(keys), form: form)
        #expect(found[2].doubles[8..<12].allSatisfy { $0 == 0 } && found[3].doubles[4..<6].allSatisfy { $0 == 0 })
        let without: [Int32] = [0, 1, 3, 4]
        let fewer = Self.evaluation(
            [inputs[0], inputs[1].gathered(axis: 0, without) * 1e6, inputs[2].gathered(axis: 0, without)], form: form)
        #expect(relativeDifference(found[0], fewer[0]) < 1e-6)
    }

    @Test("causal: no query looks behind itself", arguments: AttentionForm.allCases)
    func causal(_ form: AttentionForm) {
        let inputs = Self.inputs([6, 3], [6, 3], [6, 2])
        let whole = Self.evaluation(inputs, .causal, form: form)[0]
        for length in 1..<6 {
            let part = Self.evaluation(inputs.map { $0.sliced(axis: 0, 0..<length) }, .causal, form: form)[0]
            #expect(relativeDifference(part, whole.sliced(axis: 0, 0..<length)) < 1e-14)
        }
    }

    @Test("weights are the softmax and sum to one, but for a query without keys")
    func weights() {
        let inputs = Self.inputs([2, 3, 4], [2, 5, 4], [2, 5, 5])
        let kept = Tensor([1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], shape: [3, 5], precision: .double)
        let weights = attentionWeights(inputs[0], inputs[1], mask: .keeping(kept))
        #expect(zip(weights.sum(axes: [-1]).doubles, [1, 0, 1, 1, 0, 1]).allSatisfy { abs($0 - $1) < 1e-14 })
        let attended = scaledDotProductAttention(inputs[0], inputs[1], inputs[2], mask: .keeping(kept))
        #expect(relativeDifference(matmul(weights, inputs[2]), attended) < 1e-13)
    }

    @Test("interleaved heads are joined without a copy, and little is kept for the gradient")
    func memory() {
        let x = normalDoubles([2, 6, 24]).asLeaf
        let heads = x.unpacked((0..<3).map { PackedSlot(offset: 8 * $0, shape: [4, 2]) }).map {
            $0.permuted([0, 2, 1, 3])
        }
        let y = scaledDotProductAttention(heads[0], heads[1], heads[2])
        #expect(y.permuted([0, 2, 1, 3]).array.isContiguous)
        #expect(y.node?.saved.map(\.count) == [48, 48])
        let dense = Self.inputs([2, 4, 6, 2], [2, 4, 6, 2], [2, 4, 6, 2])
        #expect(scaledDotProductAttention(dense[0], dense[1], dense[2]).array.isContiguous)
    }

    @Test("same bytes at any number of threads", arguments: [Precision.single, .double])
    func threads(_ precision: Precision) {
        let problems: [(Shape, Shape)] = [
            ([4, 8, 64, 32], [4, 8, 64, 32]), ([2, 300, 24], [2, 290, 24]), ([500, 3, 4], [500, 5, 4]),
        ]
        for (q, k) in problems {
            let inputs = Self.inputs(q, k, k, precision)
            let results = ThreadCounts.results { (0..<3).map { _ in Self.evaluation(inputs, .causal).map(\.bits) } }
            #expect(results.flatMap { $0 }.allSatisfy { $0 == results[0][0] }, "q \(q)")
        }
    }

    @Test("masks that are not finite: both forms give what PyTorch gives", arguments: AttentionForm.allCases)
    func infiniteMasks(_ form: AttentionForm) {
        let (q, k, v) = (Tensor.ones([1, 2]), Tensor.ones([3, 2]), Tensor([1, 2, 3] as [Float], shape: [3, 1]))
        func found(_ mask: [Float]) -> [Tensor] {
            let (value, pull) = pullback(at: [q, k, v]) {
                let mask = AttentionMask.additive(Tensor(mask, shape: [1, 3]))
                return [scaledDotProductAttention($0[0], $0[1], $0[2], mask: mask, form: form)]
            }
            return value + pull([.ones([1, 1])])
        }
        let odd: [[Float]] = [
            [.nan, 0, 0], [0, 0, .nan], [.nan, -.infinity, -.infinity], [.infinity, 0, 0], [.infinity, -.infinity, 0],
        ]
        for mask in odd {
            #expect(found(mask)[0].scalar.isNaN, "\(mask)")
            #expect(found(mask)[3].floats.contains { $0.isNaN }, "\(mask)")
        }
        #expect(found([-.infinity, -.infinity, -.infinity]).allSatisfy { $0.floats.allSatisfy { $0 == 0 } })
        #expect(found([-.infinity, 0, 0])[0].scalar == 2.5)
    }
}
