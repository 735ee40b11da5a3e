import Testing
import TestSupport

@testable import Tensors

@Suite("Storage and values", .serialized)
struct StorageTests {
    /// One step of the kind that training takes, on `parameters` [D].
    private static func step(_ parameters: inout Tensor, _ m: inout Tensor, _ v: inout Tensor, _ x: Tensor, _ k: Int) {
        let slots = [PackedSlot(offset: 0, shape: [128, 256]), PackedSlot(offset: 128 * 256, shape: [128])]
        let (_, slope) = gradient(at: parameters) { flat in
            let parts = flat.unpacked(slots)
            return linear(x, weight: parts[0], bias: parts[1]).gelu().logSoftmax().square().mean()
        }
        Tensor.stepAdamW(
            &parameters, gradient: FlatGradient(slope), firstMoment: &m, secondMoment: &v, step: k, rate: 1e-3,
            beta1: 0.9,
            beta2: 0.999, epsilon: 1e-8, decay: 0)
    }

    /// The count of live bytes is the whole process's, and other tests run meanwhile. So the step's tensors are large:
    /// keeping only one of them a step would add 130 MB in 1,000 steps, every time; another test, hardly ever thrice.
    @Test("1,000 steps of training do not raise the number of live bytes")
    func noGrowth() {
        var stream = RandomStream(seed: 1, purpose: "storage")
        let x = stream.normal([4, 256])
        let count = 128 * 256 + 128
        var (p, m, v) = (stream.normal([count]) * 0.1, Tensor.zeros([count]), Tensor.zeros([count]))
        let growths = (0..<3).lazy.map { _ in
            let before = EngineMemory.liveBytes
            for k in 1...1000 { Self.step(&p, &m, &v, x, k) }
            return EngineMemory.liveBytes - before
        }
        #expect(growths.contains { $0 < 64 << 20 })
        #expect(p.isFinite && EngineMemory.peakBytes >= EngineMemory.liveBytes)
    }

    @Test("1,000 pushforwards and Hessian products do not raise the number of live bytes")
    func noGrowthForward() {
        var stream = RandomStream(seed: 1, purpose: "storage")
        let x = stream.normal([1 << 15])
        let growths = (0..<3).lazy.map { _ in
            let before = EngineMemory.liveBytes
            for _ in 1...1000 {
                let (y, t) = pushforward(at: x, along: x) { ($0.tanh() * $0).exp() }
                precondition(y.count == t.count)
                _ = hessianProduct(at: x, along: t) { ($0.tanh() * $0).sum() }
            }
            return EngineMemory.liveBytes - before
        }
        #expect(growths.contains { $0 < 64 << 20 })
    }

    private final class Watch {
        weak var storage: Storage?
        weak var node: Node?
        init(_ tensor: Tensor) { (storage, node) = (tensor.array.storage, tensor.node) }
    }

    @Test("a history and everything it holds are gone when the derivative is")
    func release() {
        var watches: [Watch] = []
        do {
            let x = normalDoubles([5, 8])
            let w = normalDoubles([8, 3], seed: 2)
            let (value, pull) = pullback(at: [x, w]) { inputs in
                var h = matmul(inputs[0], inputs[1])
                for _ in 0..<3 {
                    watches.append(Watch(h))
                    h = (h.tanh() + h.sum(axes: [1], keepingDims: true)).logSoftmax()
                }
                watches.append(Watch(h))
                return [h]
            }
            let gradients = pull(value)
            watches += gradients.map { Watch($0) }
            let product = hessianProduct(at: x, along: x) { x in
                let y = x.square().exp()
                watches.append(Watch(y))
                return y.sum()
            }
            watches.append(Watch(product))
            #expect(watches.contains { $0.storage != nil }, "alive while in use")
        }
        #expect(watches.count == 8)
        #expect(watches.allSatisfy { $0.storage == nil && $0.node == nil })
    }

    @Test("a block given back is used again")
    func reuse() {
        // No other test makes a tensor of this size class.
        func address() -> UInt { UInt(bitPattern: Tensor.ones([7_000_001]).scaled(by: 2).array.storage.base) }
        #expect(Set((0..<20).map { _ in address() }).count == 1)
    }

    @Test("blocks are aligned and large enough", arguments: [0, 1, 15, 16, 17, 24, 25, 1000, 4096, 4097, 98_305])
    func sizes(_ count: Int) {
        let storage = Storage(count: count, precision: .single, on: CPUBackend.shared)
        #expect(UInt(bitPattern: storage.base) % 64 == 0)
        let block = StoragePool.shared.take(bytes: count * 4)
        defer { StoragePool.shared.give(block.0, sizeClass: block.1) }
        #expect(block.1 >= count * 4 && block.1 <= max(64, count * 4 * 3 / 2))
    }

    @Test("tensors are values: updating one leaves its copies alone")
    func values() {
        var a = Tensor([1, 2, 3, 4] as [Float], shape: [4])
        let copy = a
        let view = a.sliced(axis: 0, 1..<3)
        let stretched = Tensor.full([4], 5)
        a.interpolate(toward: stretched, by: 0.5)
        #expect(a.floats == [3, 3.5, 4, 4.5] && copy.floats == [1, 2, 3, 4] && view.floats == [2, 3])
        var constant = Tensor.zeros([4])
        constant.interpolate(toward: copy, by: 1)
        #expect(constant.floats == [1, 2, 3, 4], "a stretched tensor gets elements of its own")
        var transposed = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]).transposed()
        transposed.interpolate(toward: transposed, by: 0.3)
        #expect(transposed.floats == [1, 3, 2, 4])
    }

    @Test("conversions and copies in and out")
    func conversions() {
        let x = Tensor([0.1, -2, 1e300] as [Double], shape: [3])
        #expect(x.precision == .double && x.doubles == [0.1, -2, 1e300] && x.floats[2] == .infinity)
        #expect(Tensor([0.1, 0.2] as [Double], shape: [2], precision: .single).doubles[0] == Double(Float(0.1)))
        #expect(x.converted(to: .single).converted(to: .double).doubles[0] == Double(Float(0.1)))
        let filled = Tensor(shape: [2, 2]) { buffer in for i in buffer.indices { buffer[i] = Float(i) } }
        #expect(filled.transposed().withFloats { Array($0) } == [0, 2, 1, 3])
        #expect(Tensor.oneHot([2, 0], classes: 3).floats == [0, 0, 1, 1, 0, 0] && Tensor(2.5).scalar == 2.5)
    }
}
