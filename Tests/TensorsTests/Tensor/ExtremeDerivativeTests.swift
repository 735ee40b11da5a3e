import Testing
import TestSupport

@testable import Tensors

@Suite("Derivatives of extreme and missing numbers")
struct ExtremeDerivativeTests {
    /// Numbers across single precision, and 0.
    private static let numbers = [0, 1e-37, 1e-30, 1e-25, 1e-20, 1e-10, 1, 3, 1e10, 1e20, 1e25, 1e30, 1e38]
    static let pairs = numbers.flatMap { a in
        numbers.dropFirst().flatMap { b in [(a, b), (-a, b), (a, -b)] }
    }.prefix(468)

    /// What single precision makes of a number.
    private static func single(_ value: Double) -> Double { Double(Float(value)) }

    private static func agrees(_ found: Double, _ exact: Double) -> Bool {
        let expected = single(exact)
        // Below the least normal number single precision has ever fewer digits.
        return found == expected || abs(found - expected) <= max(4e-7 * abs(expected), 1.5e-44)
    }

    @Test("the gradient of a quotient is right wherever it is a number of single precision")
    func division() {
        for (a, b) in Self.pairs {
            let (a, b) = (Self.single(a), Self.single(b))
            let g = pullback(at: [Tensor(a), Tensor(b)]) { [$0[0] / $0[1]] }.pull([Tensor(1)])
            #expect(Self.agrees(g[0].scalar, 1 / b), "by the first of \(a) / \(b): \(g[0].scalar)")
            #expect(Self.agrees(g[1].scalar, -(a / b) / b), "by the second of \(a) / \(b): \(g[1].scalar)")
            let along = pushforward(at: [Tensor(a), Tensor(b)], along: [Tensor(0), Tensor(1)]) { [$0[0] / $0[1]] }
            #expect(Self.agrees(along.tangents[0].scalar, -(a / b) / b))
        }
    }

    @Test("second derivatives of a quotient, far from 1 too", arguments: [1e-12, 1e-3, 1, 1e3, 1e12])
    func secondDerivative(_ b: Double) {
        let curvature = hessianProduct(at: Tensor([2 * b, b], shape: [2]), along: Tensor([0.0, 1.0], shape: [2])) {
            ($0.sliced(axis: 0, 0..<1) / $0.sliced(axis: 0, 1..<2)).sum()
        }
        #expect(relativeDifference(curvature.doubles, [-1 / (b * b), 4 / (b * b)]) < 1e-12)
        let single = hessianProduct(
            at: Tensor([2 * b, b], shape: [2], precision: .single),
            along: Tensor([0.0, 1.0], shape: [2], precision: .single)
        ) { ($0.sliced(axis: 0, 0..<1) / $0.sliced(axis: 0, 1..<2)).sum() }
        #expect(relativeDifference(single.doubles, [-1 / (b * b), 4 / (b * b)]) < 1e-5)
    }

    static let functions: [(String, @Sendable (Tensor) -> Tensor)] = [
        ("reciprocal", { $0.reciprocal() }), ("sqrt", { $0.sqrt() }), ("log", { $0.log() }), ("log1p", { $0.log1p() }),
        ("square", { $0.square() }), ("x^1.5", { $0.raised(to: 1.5) }), ("x^-0.5", { $0.raised(to: -0.5) }),
        ("x^-1", { $0.raised(to: -1) }), ("x / |x|", { $0 / $0.square().sqrt() }), ("tanh", { $0.tanh() }),
        ("sigmoid", { $0.sigmoid() }), ("softplus", { $0.softplus() }), ("gelu", { $0.gelu() }),
        ("silu", { $0.silu() }),
    ]

    @Test("the same of functions of one number, against double precision", arguments: functions.map(\.0))
    func oneNumber(_ name: String) throws {
        let function = try #require(Self.functions.first { $0.0 == name }).1
        for x in [1e-30, 1e-18, 1e-8, 0.1, 1, 7, 1e8, 1e18, 1e30].map(Self.single) {
            if name == "x / |x|", !(1e-18...1e18).contains(x) { continue }
            let found = pullback(at: Tensor(x)) { function($0) }.pull(Tensor(1)).scalar
            let exact = pullback(at: Tensor(x, precision: .double)) { function($0) }.pull(Tensor(1, precision: .double))
            let scale = name == "x / |x|" ? 1 / x : 0
            #expect(
                Self.agrees(found, exact.scalar) || abs(found - exact.scalar) < 1e-7 * max(scale * 10, 1),
                "\(name) at \(x): \(found), not \(exact.scalar)")
        }
    }

    @Test("derivatives at NaN are PyTorch's")
    func notANumber() {
        let (x, other) = (Tensor([.nan, 1] as [Float], shape: [2]), Tensor.zeros([2]))
        func slope(_ f: (Tensor) -> Tensor) -> [Float] { pullback(at: x, of: f).pull(.ones([2])).floats }
        #expect(slope { $0.relu() } == [1, 1])
        #expect(slope { $0.maximum(other) } == [1, 1] && slope { other.maximum($0) } == [1, 1])
        #expect(slope { $0.minimum(other) } == [1, 0])
        #expect(slope { $0.clamped(to: 0...2) } == [0, 1])
        #expect(slope { $0.positivePart() } == [0, 1])
        #expect(slope { .select($0, $0 * 3, $0 * 2) } == [2, 3], "NaN is not above 0")
        #expect(slope { $0.abs() }[0].isNaN && slope { $0.gelu() }[0].isNaN && slope { $0.silu() }[0].isNaN)
        let both = pullback(at: [x, other]) { [$0[0].maximum($0[1])] }.pull([.ones([2])]).map(\.floats)
        #expect(both == [[1, 1], [1, 0]])
        let equal = pullback(at: [other, other]) { [$0[0].maximum($0[1]), $0[0].minimum($0[1])] }
            .pull([.ones([2]), .ones([2])]).map(\.floats)
        #expect(equal == [[1, 1], [1, 1]])
        let image = Tensor([1, .nan, 2, 3] as [Float], shape: [1, 1, 2, 2])
        #expect(
            pullback(at: image) { $0.maxPooled(Pooling(size: 2)) }.pull(.ones([1, 1, 1, 1])).floats == [0, 1, 0, 0])
        let row = Tensor([.nan, 1, 3, 3] as [Float], shape: [2, 2])
        let largest = pullback(at: row) { $0.maxLast() }.pull(.ones([2])).floats
        #expect(largest[0].isNaN && largest[1].isNaN && largest[2...] == [0.5, 0.5])
    }
}
