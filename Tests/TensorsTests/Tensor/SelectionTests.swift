import Foundation
import Testing
import TestSupport

@testable import Tensors

@Suite("Selection, bounds and powers")
struct SelectionTests {
    @Test("what is not chosen may be infinite or NaN")
    func select() {
        let condition = Tensor([1, 0, 2, -1] as [Float], shape: [4])
        let a = Tensor([1, .nan, 3, .infinity] as [Float], shape: [4])
        let b = Tensor([.nan, 5, -.infinity, 7] as [Float], shape: [4])
        #expect(Tensor.select(condition, a, b).floats == [1, 5, 3, 7])
        let (_, pull) = pullback(at: [a, b, condition]) { [Tensor.select($0[2], $0[0], $0[1])] }
        let gradients = pull([Tensor([1, 2, 3, 4] as [Float], shape: [4])])
        #expect(gradients.map(\.floats) == [[1, 0, 3, 0], [0, 2, 0, 4], [0, 0, 0, 0]])
    }

    @Test("a chosen branch keeps its second derivative, the other adds none")
    func selectSecond() {
        let x = Tensor([-2, 3] as [Double], shape: [2])
        let curve = hessianProduct(at: x, along: .ones([2], precision: .double)) {
            Tensor.select($0, $0.square() * $0, $0.exp()).sum()
        }
        #expect(relativeDifference(curve.doubles, [exp(-2), 18]) < 1e-15)
    }

    @Test("bounds hold, also for infinities; NaN stays", arguments: [Precision.single, .double])
    func clamp(_ precision: Precision) {
        let x = Tensor([-.infinity, -1, 0.25, 2, .infinity, .nan] as [Double], shape: [6]).converted(to: precision)
        let (y, pull) = pullback(at: x) { $0.clamped(to: -1...1.5) }
        #expect(y.doubles.dropLast() == [-1, -1, 0.25, 1.5, 1.5] && y.doubles[5].isNaN)
        #expect(y.bits == x.clamped(to: -1...1.5).bits, "with a history and without")
        #expect(pull(.ones([6], precision: precision)).doubles == [0, 0, 1, 0, 0, 0])
        #expect(x.clamped(to: 0...(.infinity)).doubles.prefix(5) == [0, 0, 0.25, 2, .infinity])
    }

    @Test("powers agree with the C library", arguments: [-3.7, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.25, 3, 7, 40.5])
    func powers(_ exponent: Double) {
        let values = [1e-3, 0.2, 0.999, 1, 1.7, 42, 1e3]
        let expected = values.map { Foundation.pow($0, exponent) }
        let x = Tensor(values, shape: [7])
        for (power, wanted) in zip(x.raised(to: exponent).doubles, expected) {
            #expect(abs(power / wanted - 1) < 3e-14, "double \(wanted)")
        }
        for (power, wanted) in zip(x.converted(to: .single).raised(to: exponent).floats, expected) {
            let isOutside = Float(wanted) == 0 || !Float(wanted).isFinite || Float(wanted).isSubnormal
            #expect(isOutside || abs(Double(power) / wanted - 1) < 6e-6, "single \(wanted)")
        }
    }

    @Test("powers of negative numbers and of zero, with slopes")
    func powerSigns() {
        func slope(_ x: Double, _ exponent: Double) -> Double {
            gradient(at: Tensor([x], shape: [1])) { $0.raised(to: exponent).sum() }.gradient.scalar
        }
        #expect(Tensor([-2.0], shape: [1]).raised(to: 3).scalar == -8 && slope(-2, 3) == 12)
        #expect(Tensor([-2.0], shape: [1]).raised(to: -2).scalar == 0.25 && slope(-2, -2) == 0.25)
        #expect(Tensor([-2.0], shape: [1]).raised(to: 0.5).scalar.isNaN)
        #expect(Tensor([0.0], shape: [1]).raised(to: 1.3).scalar == 0 && slope(0, 1.3) == 0)
        #expect(slope(0, 2) == 0 && slope(0, 1) == 1 && slope(0, 0) == 0 && slope(0, 0.5) == .infinity)
        #expect(Tensor([0.0], shape: [1]).raised(to: -1.5).scalar == .infinity)
        let large = Tensor([1e-30, 1e30] as [Float], shape: [2]).raised(to: -1.25).doubles
        #expect(large[0] > 3.1e37 && large[1] < 3.2e-38 && large[1] > 3.1e-38, "no factor overflows")
    }

    @Test("log1p and expm1 keep digits that log and exp lose")
    func nearZero() {
        let x = Tensor([1e-7, -3e-6] as [Float], shape: [2])
        #expect(relativeDifference(x.log1p().doubles, x.doubles.map { Foundation.log1p($0) }) < 1e-7)
        #expect(relativeDifference(x.expm1().doubles, x.doubles.map { Foundation.expm1($0) }) < 1e-7)
        #expect(relativeDifference(x.expm1().log1p().doubles, x.doubles) < 2e-7)
    }

    @Test("the slopes of gelu, softplus and silu are right far out", arguments: [Precision.single, .double])
    func farOut(_ precision: Precision) {
        let x = Tensor([-1e30, -50, 50, 1e30] as [Double], shape: [4]).converted(to: precision)
        let functions: [(Tensor) -> Tensor] = [{ $0.geluTanh() }, { $0.gelu() }, { $0.softplus() }]
        for f in functions {
            let slope = gradient(at: x) { f($0).sum() }.gradient
            #expect(zip(slope.doubles, [0, 0, 1, 1]).allSatisfy { abs($0 - $1) < 1e-15 })
            let curve = hessianProduct(at: x, along: x / x) { f($0).sum() }
            #expect(curve.doubles.allSatisfy { abs($0) < 1e-15 })
        }
    }
}
