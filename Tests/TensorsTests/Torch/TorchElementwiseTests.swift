import Testing
import TestSupport

@testable import Tensors

@Suite("Elementwise operations against PyTorch")
struct TorchElementwiseTests {
    private static let unary: [String: @Sendable (Tensor) -> Tensor] = [
        "negate": { -$0 }, "exp": { $0.exp() }, "tanh": { $0.tanh() }, "erf": { $0.erf() }, "abs": { $0.abs() },
        "square": { $0.square() }, "sin": { $0.sin() }, "cos": { $0.cos() }, "sigmoid": { $0.sigmoid() },
        "relu": { $0.relu() }, "gelu": { $0.gelu() }, "expm1": { $0.expm1() }, "log": { $0.log() },
        "sqrt": { $0.sqrt() }, "reciprocal": { $0.reciprocal() }, "rsqrt": { $0.sqrt().reciprocal() },
        "log1p": { $0.log1p() },
        "power 1.5": { $0.raised(to: 1.5) }, "power -0.5": { $0.raised(to: -0.5) }, "power 2.7": { $0.raised(to: 2.7) },
        "power 3": { $0.raised(to: 3) }, "power -2": { $0.raised(to: -2) },
        "power 0 at zero": { $0.raised(to: 0) }, "power 1 at zero": { $0.raised(to: 1) },
        "power 2 at zero": { $0.raised(to: 2) }, "power 3 at zero": { $0.raised(to: 3) },
        "clamp": { $0.clamped(to: -0.5...0.8) }, "clamp on its bounds": { $0.clamped(to: -0.5...0.8) },
        "gelu exact": { $0.gelu() }, "gelu tanh": { $0.geluTanh() },
        "silu": { $0.silu() }, "softplus": { $0.softplus() },
    ]

    private static let binary: [String: @Sendable (Tensor, Tensor) -> Tensor] = [
        "add": { $0 + $1 }, "subtract": { $0 - $1 }, "multiply": { $0 * $1 }, "divide": { $0 / $1 },
        "maximum": { $0.maximum($1) }, "minimum": { $0.minimum($1) },
    ]

    @Test("functions of one argument", arguments: try TorchCase.family("elementwise").filter { $0.inputs["x"] != nil })
    func oneArgument(_ expected: TorchCase) throws {
        let f = try #require(Self.unary[expected.name])
        let comparison = try TorchComparison(expected, ["x"]) { f($0[0]) }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test(
        "operators, broadcasting",
        arguments: try TorchCase.family("elementwise").filter { $0.inputs["b"] != nil && $0.name != "where" })
    func twoArguments(_ expected: TorchCase) throws {
        let f = try #require(Self.binary[String(expected.name.prefix { $0 != " " })])
        let comparison = try TorchComparison(expected, ["a", "b"]) { f($0[0], $0[1]) }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("select, broadcasting all three")
    func select() throws {
        let expected = try TorchCase.family("elementwise", where: { $0 == "where" })[0]
        let comparison = try TorchComparison(expected, ["condition", "a", "b"]) { Tensor.select($0[0], $0[1], $0[2]) }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test(
        "activations with first and second derivative, at 0 and far out too",
        arguments: try TorchCase.family("activations", where: { Self.unary[$0] != nil }))
    func activations(_ expected: TorchCase) throws {
        let f = try #require(Self.unary[expected.name])
        let comparison = try TorchComparison(expected, ["x"]) { f($0[0]) }
        #expect(comparison.agrees, "\(comparison)")
        let x = try expected.input("x")
        let second = gradient(at: x) { x in gradient(at: x) { f($0).sum() }.gradient.sum() }.gradient
        #expect(relativeDifference(second, try expected.output("second_derivative"), floor: 1e-3) < 1e-10)
    }
}
