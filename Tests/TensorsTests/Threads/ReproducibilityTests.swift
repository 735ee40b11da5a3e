import CKernels
import Synchronization
import Testing
import TestSupport

@testable import Tensors

/// Shapes are large enough to be divided among threads: more than 65,536 elements, or 2^19 multiply-adds.
@Suite("Same bytes at any number of threads", .serialized)
struct ReproducibilityTests {
    private static func operands(_ shapes: [Shape], _ precision: Precision) -> [Tensor] {
        shapes.enumerated().map { normalDoubles($1, seed: 9, index: UInt64($0)).converted(to: precision) }
    }

    private static func expectSameBytes(
        _ what: String, _ shapes: [Shape], _ f: ([Tensor]) -> Tensor, at location: SourceLocation = #_sourceLocation
    ) {
        for precision in [Precision.single, .double] {
            let inputs = operands(shapes, precision)
            let results = ThreadCounts.results { (0..<3).map { _ in f(inputs).bits } }.flatMap { $0 }
            let isSame = results.allSatisfy { $0 == results[0] }
            #expect(isSame, "\(what) in \(precision) precision", sourceLocation: location)
        }
    }

    @Test(
        "Rounds of work that uses the pool itself: each piece once, whatever the number of threads",
        arguments: [0, 1, 2, 5, 8])
    func rounds(_ count: Int) {
        let all = ThreadCounts.results {
            let counts = Mutex(Array(repeating: 0, count: count))
            parallelRounds(count) { index in
                let inner = Mutex(0)
                parallelFor(3) { _ in inner.withLock { $0 += 1 } }
                counts.withLock { $0[index] += inner.withLock { $0 } }
            }
            return counts.withLock { $0 }
        }
        #expect(all.allSatisfy { $0 == Array(repeating: 3, count: count) })
    }

    @Test("elementwise, strided and broadcast")
    func elementwise() {
        Self.expectSameBytes("map", [[300, 701]]) { $0[0].gelu() }
        Self.expectSameBytes("strided map", [[301, 700]]) { $0[0].transposed().exp() }
        Self.expectSameBytes("zip", [[300, 701], [701]]) { $0[0] * $0[1] + $0[0] }
        Self.expectSameBytes("affine", [[210_003]]) { $0[0].scaled(by: 1.7, plus: -0.3) }
    }

    @Test("reductions and rows")
    func reductions() {
        for axes in [[0], [1], [2], [0, 1], [1, 2], [0, 1, 2]] {
            Self.expectSameBytes("sum \(axes)", [[7, 173, 181]]) { $0[0].sum(axes: axes) }
        }
        Self.expectSameBytes("log softmax", [[3001, 77]]) { $0[0].logSoftmax() }
        Self.expectSameBytes("largest", [[3001, 77]]) { $0[0].maxLast() }
        Self.expectSameBytes("gather", [[3001, 77]]) { $0[0].gathered(axis: 0, (0..<3000).map { ($0 * 7) % 3001 }) }
    }

    @Test("selection, bounds and powers, with gradients")
    func selection() {
        func withGradient(_ f: @escaping (Tensor) -> Tensor) -> ([Tensor]) -> Tensor {
            { inputs in
                let (value, pull) = pullback(at: inputs[0], of: f)
                return Tensor.concatenate([value.reshaped([-1]), pull(value).reshaped([-1])], axis: 0)
            }
        }
        Self.expectSameBytes("select", [[300, 701]], withGradient { .select($0, $0.exp(), $0.square()) })
        Self.expectSameBytes("clamp", [[300, 701]], withGradient { $0.clamped(to: -0.5...0.5) })
        Self.expectSameBytes("power", [[300, 701]], withGradient { $0.square().raised(to: 1.7) })
        Self.expectSameBytes("log1p, expm1", [[300, 701]], withGradient { $0.square().log1p() + $0.expm1() })
        Self.expectSameBytes("gelu, tanh", [[300, 701]], withGradient { $0.geluTanh() })
        Self.expectSameBytes("checkpoint", [[300, 701]], withGradient { Tensors.checkpoint($0) { $0.tanh() * $0 } })
    }

    @Test("extremes and statistics over any axes, with gradients")
    func statistics() {
        for axes in [[0], [1], [0, 2], [0, 1, 2]] {
            Self.expectSameBytes("statistics \(axes)", [[7, 173, 181]]) { inputs in
                let (values, pull) = pullback(at: inputs) { x in
                    [x[0].max(axes: axes), x[0].min(axes: axes), x[0].logSumExp(axes: axes), x[0].variance(axes: axes)]
                }
                return Tensor.concatenate((values + pull(values)).map { $0.reshaped([-1]) }, axis: 0)
            }
        }
        Self.expectSameBytes("softmax along an axis", [[7, 173, 181]]) { $0[0].softmax(axis: 1) }
    }

    @Test("sliding windows")
    func windows() {
        let window = SlidingWindow(kernel: [3, 2], stride: [1, 2], padding: [1, 1], dilation: [2, 1])
        Self.expectSameBytes("unfold", [[5, 3, 90, 91]]) { $0[0].unfolded(window) }
        Self.expectSameBytes("fold", [[5, 3, 90, 91]]) { $0[0].unfolded(window).folded(window, to: [90, 91]) }
        let dense = SlidingWindow(kernel: [3, 3], padding: [1, 1])
        Self.expectSameBytes("fold, stride 1", [[5, 3, 90, 91]]) { $0[0].unfolded(dense).folded(dense, to: [90, 91]) }
    }

    @Test("products and their gradients")
    func products() {
        Self.expectSameBytes("wide", [[65, 300], [300, 1100]]) { matmul($0[0], $0[1]) }
        Self.expectSameBytes("tall", [[1100, 300], [300, 65]]) { matmul($0[0], $0[1]) }
        Self.expectSameBytes("batched", [[9, 64, 50], [9, 50, 64]]) { matmul($0[0], $0[1]) }
        Self.expectSameBytes("affine gradient", [[7, 32, 64], [7, 32], [500, 64]]) { inputs in
            pullback(at: Array(inputs.prefix(2))) { [linear(inputs[2], weight: $0[0], bias: $0[1]).tanh()] }
                .pull([normalDoubles([7, 500, 32], seed: 2).converted(to: inputs[0].precision)])[0]
        }
    }

    @Test("layer normalisation and its gradients")
    func layerNorm() {
        for output in 0..<3 {
            Self.expectSameBytes("layer norm gradient \(output)", [[3001, 77], [77], [77]]) { inputs in
                let (values, pull) = pullback(at: inputs) { [$0[0].layerNormalized(scale: $0[1], shift: $0[2])] }
                return Tensor.concatenate([values[0].reshaped([-1]), pull(values)[output].reshaped([-1])], axis: 0)
            }
        }
    }

    @Test("attention by whole heads, and its gradients in one piece")
    func attention() {
        let slots = (0..<3).map { PackedSlot(offset: 64 * $0, shape: [4, 16]) }
        Self.expectSameBytes("whole heads", [[70, 17, 192]]) { inputs in
            let (value, pull) = pullback(at: inputs[0]) { x in
                let heads = x.unpacked(slots).map { $0.permuted([0, 2, 1, 3]) }
                return scaledDotProductAttention(heads[0], heads[1], heads[2])
            }
            return Tensor.concatenate([value.reshaped([-1]), pull(value).reshaped([-1])], axis: 0)
        }
    }

    @Test("convolutions and their gradients, for a population and for one network on many samples")
    func convolutions() {
        let settings = Convolution(stride: HeightWidth(1, 2), padding: 1, groups: 2)
        for (x, weight) in [([5, 40, 4, 9, 8], [5, 6, 2, 3, 3]), ([700, 4, 9, 8], [6, 2, 3, 3])] as [(Shape, Shape)] {
            for output in 0..<2 {
                Self.expectSameBytes("gradient \(output) of a convolution of \(x)", [x, weight]) { inputs in
                    let (values, pull) = pullback(at: inputs) { [conv2d($0[0], weight: $0[1], settings)] }
                    return Tensor.concatenate([values[0].reshaped([-1]), pull(values)[output].reshaped([-1])], axis: 0)
                }
            }
        }
        for pooling in [Pooling(size: 2), Pooling(size: 3, stride: 1, padding: 1)] {
            Self.expectSameBytes("max pooling", [[300, 18, 21]]) { inputs in
                let (value, pull) = pullback(at: inputs[0]) { $0.maxPooled(pooling) }
                return Tensor.concatenate([value.reshaped([-1]), pull(value).reshaped([-1])], axis: 0)
            }
        }
    }

    @Test("in-place updates")
    func updates() {
        Self.expectSameBytes("AdamW", [[200_003], [200_003]]) { inputs in
            var (p, m, v) = (inputs[0], inputs[0] * 0, inputs[0] * 0)
            for step in 1...3 {
                Tensor.stepAdamW(
                    &p, gradient: FlatGradient(inputs[1]), firstMoment: &m, secondMoment: &v, step: step, rate: 1e-2,
                    beta1: 0.9,
                    beta2: 0.999, epsilon: 1e-8, decay: 0.1)
            }
            p.interpolate(toward: inputs[1], by: 0.25)
            return p
        }
    }

    @Test("the pool does divide the work")
    func poolIsUsed() {
        // Other tests may hold the pool for a moment, and a busy machine may wake no helper in time: ask for ten seconds.
        let helped = ThreadCounts.results(at: [2]) {
            let end = ContinuousClock.now + .seconds(10)
            return (0...).lazy.prefix { _ in ContinuousClock.now < end }.contains { _ in
                let callers = Mutex<Set<UInt>>([])
                parallelFor(64) { index in
                    var local = index
                    let thread = withUnsafePointer(to: &local) { UInt(bitPattern: $0) >> 20 }
                    callers.withLock { _ = $0.insert(thread) }
                }
                return callers.withLock { $0.count } > 1
            }
        }
        #expect(helped == [true])
    }
}
