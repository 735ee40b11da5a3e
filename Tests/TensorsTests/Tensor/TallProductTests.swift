import Testing
import TestSupport

@testable import Tensors

/// Batches that share a weight are computed as one tall product; it must not matter which way.
@Suite("Products of batches that share a weight")
struct TallProductTests {
    /// Shapes of x, weight and bias; the last ones keep their batches apart, in part or altogether.
    private static let problems: [[Shape]] = [
        [[5, 3, 4], [2, 4], [2]], [[2, 5, 1, 4], [3, 4], [3]], [[2, 5, 3, 4], [1, 1, 2, 4], [1, 1, 2]],
        [[2, 5, 3, 4], [2, 1, 2, 4], [2, 1, 2]], [[7, 300, 40], [130, 40], [130]], [[5, 3, 4], [2, 4], [5, 2]],
        [[3, 4], [5, 2, 4], [5, 2]], [[5, 0, 4], [2, 4], [2]], [[0, 3, 4], [2, 4], [2]],
    ]

    private static func evaluation(_ inputs: [Tensor], _ f: ([Tensor]) -> Tensor) -> [Tensor] {
        let (values, pull) = pullback(at: inputs) { [f($0)] }
        return values + pull([normalDoubles(values[0].shape, seed: 3)])
    }

    /// One product for each matrix of the result, by slices.
    private static func loop(_ inputs: [Tensor]) -> Tensor {
        let (x, weight, bias) = (inputs[0], inputs[1], inputs[2])
        let rank = max(x.rank, weight.rank)
        let full = Shape.broadcast(x.shape.prefix(rank: x.rank - 2), weight.shape.prefix(rank: weight.rank - 2), "loop")
        let lead = Shape.broadcast(full, bias.shape.prefix(rank: bias.rank - 1), "loop")
        func flat(_ t: Tensor, _ keeping: Int) -> Tensor {
            let tail = t.shape.array.suffix(keeping)
            return t.broadcast(to: Shape(lead.array + tail)).reshaped(Shape([lead.elementCount] + tail))
        }
        let (xs, ws, bs) = (flat(x, 2), flat(weight, 2), flat(bias, 1))
        let parts = (0..<lead.elementCount).map { index in
            (matmul(xs.selected(axis: 0, index), ws.selected(axis: 0, index), transposeB: true)
                + bs.selected(axis: 0, index)).reshaped([1, x.shape[x.rank - 2], weight.shape[weight.rank - 2]])
        }
        precondition(rank - 2 == lead.count, "loop: \(x.shape)")
        let tail = [x.shape[x.rank - 2], weight.shape[weight.rank - 2]]
        return parts.isEmpty
            ? .zeros(Shape(lead.array + tail), precision: .double)
            : Tensor.concatenate(parts, axis: 0).reshaped(Shape(lead.array + tail))
    }

    @Test("linear and its gradients equal the loop over matrices", arguments: problems)
    func linearLoop(_ shapes: [Shape]) {
        let inputs = shapes.enumerated().map { normalDoubles($1, seed: 4, index: UInt64($0)) }
        let whole = Self.evaluation(inputs) { linear($0[0], weight: $0[1], bias: $0[2]) }
        let looped = Self.evaluation(inputs, Self.loop)
        #expect(zip(whole, looped).allSatisfy { relativeDifference($0, $1) < 1e-12 })
    }

    @Test("so do products, with either operand transposed or strided", arguments: [false, true], [false, true])
    func products(_ ta: Bool, _ tb: Bool) {
        let a = normalDoubles(ta ? [2, 3, 6, 5] : [2, 3, 5, 6]), b = normalDoubles(tb ? [4, 6] : [6, 4], index: 1)
        func straight(_ x: Tensor, _ swap: Bool) -> Tensor { swap ? x.transposed() : x }
        let whole = Self.evaluation([a, b]) { matmul($0[0], $0[1], transposeA: ta, transposeB: tb) }
        let looped = Self.evaluation([a, b]) { inputs in
            let weight = straight(inputs[1], tb).transposed()
            return Self.loop([straight(inputs[0], ta), weight, .zeros([4], precision: .double)])
        }
        #expect(zip(whole, looped).allSatisfy { relativeDifference($0, $1) < 1e-12 })
        let swapped = a.permuted([1, 0, 2, 3])
        let direct = matmul(swapped, b, transposeA: ta, transposeB: tb)
        #expect(relativeDifference(direct, whole[0].permuted([1, 0, 2, 3])) < 1e-12, "axes out of order")
    }

    @Test("same bytes at any number of threads")
    func threads() {
        let inputs = [Shape([33, 40, 70]), [130, 70], [130]].enumerated().map {
            normalDoubles($1, seed: 4, index: UInt64($0)).converted(to: .single)
        }
        let results = ThreadCounts.results {
            let (values, pull) = pullback(at: inputs) { [linear($0[0], weight: $0[1], bias: $0[2])] }
            return (values + pull(values)).map(\.bits)
        }
        #expect(results.allSatisfy { $0 == results[0] })
    }
}
