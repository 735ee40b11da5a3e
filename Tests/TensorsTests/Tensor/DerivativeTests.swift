import CKernels
import Testing
import TestSupport

@testable import Tensors

@Suite("Derivatives")
struct DerivativeTests {
    @Test("every primitive, four ways", arguments: PrimitiveKind.table)
    func table(_ row: DerivativeRow) {
        let check = DerivativeCheck(at: row.inputs(), of: row.function)
        #expect(check.isRight, "\(check)")
    }

    /// The operations in the history of a row's outputs.
    private static func recorded(_ row: DerivativeRow) -> [Primitive] {
        var pending = row.function(row.inputs().map(\.asLeaf)).compactMap(\.node)
        var seen: Set<ObjectIdentifier> = []
        var found: [Primitive] = []
        while let node = pending.popLast() {
            guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
            found.append(node.primitive)
            pending += node.inputs.compactMap(\.node)
        }
        return found
    }

    @Test("the rows of a primitive do exercise it", arguments: PrimitiveKind.allCases)
    func rowsAreAbout(_ kind: PrimitiveKind) {
        #expect(kind.rows.contains { Self.recorded($0).contains { $0.kind == kind } })
    }

    @Test("every elementwise function with a derivative is in the table")
    func elementwiseFunctions() {
        let recorded = PrimitiveKind.table.flatMap(Self.recorded)
        for raw in 0..<CK_UNARY_COUNT.rawValue where ![CK_SIGN, CK_STEP].contains(ck_unary(rawValue: raw)) {
            #expect(recorded.contains { if case .unary(let op) = $0 { op.rawValue == raw } else { false } }, "\(raw)")
        }
        // The gradients' own functions stand in histories of derivatives alone.
        let gradients = [CK_GELU_GRADIENT, CK_RELU_GRADIENT, CK_TANH_GRADIENT]
        for raw in 0..<CK_BINARY_COUNT.rawValue {
            let wanted = ck_binary(rawValue: raw)
            if wanted.isComparison || gradients.contains(wanted) { continue }
            #expect(recorded.contains { if case .binary(let op) = $0 { op == wanted } else { false } }, "\(raw)")
        }
    }

    @Test("third derivatives nest: d3 tanh")
    func nesting() {
        let x = Tensor([0.3], shape: [1])
        func d(_ f: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor {
            { x in gradient(at: x) { f($0).sum() }.gradient }
        }
        let third = d(d(d { $0.tanh() }))(x).scalar
        let t = 0.3.hyperbolicTangent
        #expect(abs(third - (-2 * (1 - t * t) * (1 - 3 * t * t))) < 1e-12)
    }

    @Test("a derivative inside a function of an outer variable does not confuse the two")
    func perturbationConfusion() {
        // d/dx [ x * d/dy (x + y) ] = 1, the classic trap.
        let slope = gradient(at: Tensor([2.0], shape: [])) { x in
            x * gradient(at: Tensor([3.0], shape: [])) { y in x + y }.gradient
        }.gradient
        #expect(slope.scalar == 1)
    }

    @Test("batched Hessian products are each network's own")
    func batchedHessian() {
        let x = normalDoubles([3, 4])
        let v = normalDoubles([3, 4], seed: 2)
        func f(_ x: Tensor) -> Tensor { (x.tanh().sum(axes: [-1], keepingDims: true) * x.square()).sum() }
        let all = hessianProduct(at: x, along: v, of: f)
        for row in 0..<3 {
            let one = hessianProduct(at: x.selected(axis: 0, row), along: v.selected(axis: 0, row), of: f)
            #expect(relativeDifference(one, all.selected(axis: 0, row)) < 1e-12)
        }
    }

    @Test(
        "a VJP is differentiable by its cotangent too: d/du <w, u' J> = J w",
        arguments: PrimitiveKind.table)
    func cotangentDerivative(_ row: DerivativeRow) {
        let inputs = row.inputs()
        let (values, pull) = pullback(at: inputs, of: row.function)
        let w = inputs.enumerated().map { normalDoubles($1.shape, seed: 21, index: UInt64($0)) }
        let u = values.enumerated().map { normalDoubles($1.shape, seed: 22, index: UInt64($0)) }
        let expected = pushforward(at: inputs, along: w, of: row.function).tangents
        let slopes = pullback(at: u) {
            [zip(w, pull($0)).reduce(Tensor(0, precision: .double)) { $0 + ($1.0 * $1.1).sum() }]
        }
        .pull([Tensor(1, precision: .double)])
        for (slope, tangent) in zip(slopes, expected) {
            #expect(relativeDifference(slope, tangent, floor: 1e-3) < 1e-10)
        }
    }

    @Test("a history of 100,000 operations is released without recursion")
    func deepHistory() {
        let x = Tensor([1.0], shape: [])
        let slope = gradient(at: x) { x in
            var y = x
            for _ in 0..<100_000 { y = y.scaled(by: 1.00001) }
            return y
        }.gradient
        #expect(abs(slope.scalar - 2.718268) < 1e-4)
    }

    @Test("a pushforward of 100,000 operations does not recurse either")
    func deepPushforward() {
        let x = Tensor([1.0], shape: [])
        let (value, tangent) = pushforward(at: x, along: x * 2) { x in
            (0..<100_000).reduce(x) { y, _ in y.scaled(by: 1.00001) }
        }
        #expect(abs(value.scalar - 2.718268) < 1e-4 && abs(tangent.scalar - 2 * value.scalar) < 1e-12)
    }

    @Test("a constant function has a zero gradient")
    func constant() {
        let g = gradient(at: normalDoubles([3])) { _ in Tensor([5.0], shape: []) }.gradient
        #expect(g.doubles == [0, 0, 0])
    }
}

extension Double {
    fileprivate var hyperbolicTangent: Double {
        let e = Tensor([2 * self], shape: []).exp().scalar
        return (e - 1) / (e + 1)
    }
}
