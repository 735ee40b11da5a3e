import CKernels
import Testing
import TestSupport

@testable import Tensors

@Suite("The backend seam")
struct BackendTests {
    /// Value, VJP, JVP and Hessian product of a row along fixed directions.
    private static func derivatives(_ row: DerivativeRow) -> [Tensor] {
        let inputs = row.inputs()
        func random(_ tensors: [Tensor], _ seed: UInt64) -> [Tensor] {
            tensors.enumerated().map { normalDoubles($1.shape, seed: seed, index: UInt64($0)) }
        }
        let (values, pull) = pullback(at: inputs, of: row.function)
        let u = random(values, 31), v = random(inputs, 32)
        let tangents = pushforward(at: inputs, along: v, of: row.function).tangents
        let products = pushforward(at: inputs, along: v) { pullback(at: $0, of: row.function).pull(u) }.tangents
        return values + pull(u) + tangents + products
    }

    @Test("the derivative table has the same values on plain loops", arguments: PrimitiveKind.table)
    func agreement(_ row: DerivativeRow) {
        let fast = Self.derivatives(row)
        let plain = BackendOverride.with(ReferenceBackend()) { Self.derivatives(row) }
        #expect(fast.count == plain.count)
        for (a, b) in zip(fast, plain) {
            #expect(a.shape == b.shape && relativeDifference(a, b, floor: 1e-3) < 1e-12)
        }
    }

    @Test("the derivative table holds on plain loops", arguments: PrimitiveKind.table)
    func table(_ row: DerivativeRow) {
        let check = BackendOverride.with(ReferenceBackend()) { DerivativeCheck(at: row.inputs(), of: row.function) }
        #expect(check.isRight, "\(check)")
    }

    @Test("a backend is replaced for the one who asks, and for as long")
    func override() async {
        func isReference() -> Bool { backend is ReferenceBackend }
        #expect(!isReference())
        await BackendOverride.with(ReferenceBackend()) {
            #expect(isReference())
            return Task.detached { #expect(!isReference()) }
        }.value
        #expect(!isReference())
    }
}
