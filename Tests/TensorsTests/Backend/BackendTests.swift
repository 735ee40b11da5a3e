import CKernels
import TestSupport
import Testing

@testable import Tensors

@Suite("The backend seam")
struct BackendTests {
    private static let reference = ReferenceBackend.shared

    /// A tensor on plain loops.
    private static func plain(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
        normalDoubles(shape, seed: seed).moved(to: reference)
    }

    /// Value, VJP, JVP and Hessian product of a row along fixed directions.
    private static func derivatives(_ row: DerivativeRow, on backend: any Backend) -> [Tensor] {
        let inputs = row.inputs().map { $0.moved(to: backend) }
        func random(_ tensors: [Tensor], _ seed: UInt64) -> [Tensor] {
            tensors.enumerated().map { normalDoubles($1.shape, seed: seed, index: UInt64($0)).moved(to: backend) }
        }
        let (values, pull) = pullback(at: inputs, of: row.function)
        let u = random(values, 31), v = random(inputs, 32)
        let tangents = pushforward(at: inputs, along: v, of: row.function).tangents
        let products = pushforward(at: inputs, along: v) { pullback(at: $0, of: row.function).pull(u) }.tangents
        return values + pull(u) + tangents + products
    }

    @Test("the derivative table has the same values on plain loops, and stays there", arguments: PrimitiveKind.table)
    func agreement(_ row: DerivativeRow) {
        let fast = Self.derivatives(row, on: CPUBackend.shared)
        let plain = Self.derivatives(row, on: Self.reference)
        #expect(fast.count == plain.count)
        for (a, b) in zip(fast, plain) {
            #expect(a.shape == b.shape && relativeDifference(a, b, floor: 1e-3) < 1e-12)
            #expect(a.backend === CPUBackend.shared && b.backend === Self.reference)
        }
    }

    @Test("the derivative table holds on plain loops", arguments: PrimitiveKind.table)
    func table(_ row: DerivativeRow) {
        let check = DerivativeCheck(at: row.inputs().map { $0.moved(to: Self.reference) }, of: row.function)
        #expect(check.isRight, "\(check)")
    }

    private static let operations: [(String, @Sendable (Tensor) -> Tensor)] = [
        ("precision", { $0.converted(to: .single).converted(to: .double) }), ("detached", { $0.detached }),
        ("select", { .select($0.isGreater(than: $0 * 0), $0, -$0) }), ("clamped", { $0.clamped(to: -1...1) }),
        ("power 0", { $0.raised(to: 0) }), ("power 1.3", { $0.square().raised(to: 1.3) }),
        ("log sum exp", { $0.logSumExp(axes: [0]) }), ("variance", { $0.variance() }),
        ("softmax", { $0.softmax(axis: 0) }),
        ("views", { $0.transposed().sliced(axis: 0, 1..<3).broadcast(to: [2, 2, 4]) }),
        ("pad", { $0.padded(axis: 0, before: 1, after: 2) }), ("concatenate", { .concatenate([$0, $0], axis: 0) }),
        ("average pool", { $0.averagePooled(Pooling(size: 2)) }), ("max pool", { $0.maxPooled(Pooling(size: 2)) }),
        ("plain attention", { scaledDotProductAttention($0, $0, $0, mask: .causal, form: .plain) }),
        (
            "pooled convolution",
            { conv2d($0.reshaped([1, 1, 4, 4]), weight: $0.reshaped([4, 1, 2, 2]), maxPooledBy: 2) }
        ),
        ("masked attention", { scaledDotProductAttention($0, $0, $0, mask: .keeping($0.isEqual(to: $0))) }),
        ("a gradient that is zero", { gradient(at: $0) { _ in Tensor(1, precision: .double) }.gradient }),
        ("Hessian product", { hessianProduct(at: $0, along: $0) { $0.tanh().sum() } }),
        ("a flat gradient", { x in flatGradient(at: x.reshaped([-1])) { $0.square().sum() }.gradient.formed }),
        ("checkpoint", { x in gradient(at: x) { Tensors.checkpoint($0) { $0.exp() }.sum() }.gradient }),
        ("eigenvectors", { SymmetricEigen(matmul($0, $0, transposeB: true))?.vectors ?? Tensor(0) }),
    ]

    @Test("a result lies where its operand does", arguments: operations.indices)
    func staying(_ index: Int) {
        let (name, operation) = Self.operations[index], x = normalDoubles([4, 4])
        let (here, there) = (operation(x), operation(x.moved(to: Self.reference)))
        #expect(here.backend === CPUBackend.shared && there.backend === Self.reference, "\(name)")
        #expect(relativeDifference(here, there) < 1e-12, "\(name)")
    }

    @Test("so does one that is computed on other threads and in other tasks")
    func threads() async {
        let x = Self.plain([3, 4]), wanted = normalDoubles([3, 4]).exp().sum().scalar
        let sums = parallelMap(64) { _ in gradient(at: x) { $0.exp().sum() }.gradient.sum() }
        let task = await Task.detached { gradient(at: x) { $0.exp().sum() }.gradient.sum() }.value
        for sum in sums + [task] {
            #expect(sum.backend === Self.reference && abs(sum.scalar - wanted) < 1e-12)
        }
    }

    @Test("updates in place", arguments: [Precision.single, .double])
    func updates(_ precision: Precision) {
        let slots = [
            PackedSlot(offset: 0, shape: [3, 4]), PackedSlot(offset: 12, shape: [3]),
            PackedSlot(offset: 15, shape: [2]),
        ]
        func steps(on backend: any Backend) -> Tensor {
            func made(_ shape: Shape, _ seed: UInt64) -> Tensor {
                normalDoubles(shape, seed: seed).converted(to: precision).moved(to: backend)
            }
            let x = made([5, 4], 2), kept = made([2, 17], 1)
            var (p, m, v) = (kept, kept * 0, kept * 0)
            for step in 1...3 {
                let gradient = flatGradient(at: p) { flat in
                    let parts = flat.unpacked(slots)
                    return linear(x, weight: parts[0], bias: parts[1]).tanh().square().sum()
                }.gradient
                Tensor.stepAdamW(
                    &p, gradient: gradient, firstMoment: &m, secondMoment: &v, step: step, rate: 1e-2, beta1: 0.9,
                    beta2: 0.99, epsilon: 1e-8, decay: 0.1)
            }
            p.interpolate(toward: kept, by: 0.25)
            #expect(p.backend === backend && m.backend === backend && v.backend === backend)
            #expect(kept.bits == made([2, 17], 1).bits, "whoever else holds the elements sees nothing of it")
            return p
        }
        let fast = steps(on: CPUBackend.shared), plain = steps(on: Self.reference)
        #expect(relativeDifference(fast, plain) < (precision == .single ? 1e-6 : 1e-13))
    }

    @Test("eigenvalues and eigenvectors", arguments: [0, 1, 2, 9])
    func eigen(_ n: Int) throws {
        let x = normalDoubles([n, n]), a = x + x.transposed()
        let fast = try #require(SymmetricEigen(a)), plain = try #require(SymmetricEigen(a.moved(to: Self.reference)))
        #expect(relativeDifference(fast.values, plain.values) < 1e-12)
        #expect(relativeDifference(fast.vectors, plain.vectors) < 1e-10)
    }

    @Test("numbers survive the way there and back", arguments: [Precision.single, .double])
    func moving(_ precision: Precision) {
        let view = normalDoubles([3, 5]).transposed().sliced(axis: 0, 1..<4)
        for x in [normalDoubles([3, 5]), view, .zeros([0, 2]), .full([2, 3], 7)] {
            let x = x.converted(to: precision), there = x.moved(to: Self.reference)
            #expect(there.backend === Self.reference && there.precision == x.precision && there.shape == x.shape)
            #expect(there.bits == x.bits && there.moved(toBackendOf: x).bits == x.bits)
            #expect(there.moved(to: Self.reference).array.storage === there.array.storage, "no copy of what is there")
        }
    }

    @Test("operands of two backends trap")
    func mixing() async {
        await #expect(processExitsWith: .failure) { _ = BackendTests.plain([2]) + normalDoubles([2]) }
        await #expect(processExitsWith: .failure) { _ = matmul(BackendTests.plain([2, 2]), normalDoubles([2, 2])) }
        await #expect(processExitsWith: .failure) {
            _ = linear(BackendTests.plain([2, 2]), weight: BackendTests.plain([2, 2]), bias: normalDoubles([2]))
        }
        await #expect(processExitsWith: .failure) {
            _ = BackendTests.plain([2, 2]).layerNormalized(scale: normalDoubles([2]), shift: normalDoubles([2]))
        }
        await #expect(processExitsWith: .failure) {
            let x = BackendTests.plain([2, 2])
            _ = scaledDotProductAttention(x, x, x, mask: .additive(normalDoubles([2, 2])))
        }
        await #expect(processExitsWith: .failure) {
            _ = conv2d(BackendTests.plain([1, 1, 3, 3]), weight: normalDoubles([1, 1, 2, 2]))
        }
        await #expect(processExitsWith: .failure) {
            _ = Tensor.concatenate([BackendTests.plain([2]), normalDoubles([2])], axis: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = pullback(at: BackendTests.plain([2])) { $0.exp() }.pull(normalDoubles([2]))
        }
        await #expect(processExitsWith: .failure) {
            var x = BackendTests.plain([2])
            x.interpolate(toward: normalDoubles([2]), by: 0.5)
        }
        await #expect(processExitsWith: .failure) {
            var (p, m, v) = (BackendTests.plain([2]), BackendTests.plain([2]), BackendTests.plain([2]))
            Tensor.stepAdamW(
                &p, gradient: FlatGradient(normalDoubles([2])), firstMoment: &m, secondMoment: &v, step: 1, rate: 1,
                beta1: 0, beta2: 0, epsilon: 1, decay: 0)
        }
    }
}
