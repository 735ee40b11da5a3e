import Testing
import TestSupport

@testable import Tensors

@Suite("Reductions, movement, products and normalisation against PyTorch")
struct TorchOperationTests {
    @Test("reductions", arguments: try TorchCase.family("reductions", where: { $0.contains("[") }))
    func reductions(_ expected: TorchCase) throws {
        let axes = try expected.option("axes").ints
        let keepingDims = try expected.option("keepingDims").isTrue
        let kind = String(expected.name.prefix { $0 != " " })
        let comparison = try TorchComparison(expected, ["x"]) { inputs in
            let x = inputs[0]
            switch kind {
            case "sum": return x.sum(axes: axes, keepingDims: keepingDims)
            case "mean": return x.mean(axes: axes, keepingDims: keepingDims)
            case "max": return x.max(axes: axes, keepingDims: keepingDims)
            case "min": return x.min(axes: axes, keepingDims: keepingDims)
            case "logsumexp": return x.logSumExp(axes: axes, keepingDims: keepingDims)
            case "variance":
                let correction = expected.options["correction"]?.double ?? 0
                return x.variance(axes: axes, correction: correction, keepingDims: keepingDims)
            default: throw FixtureProblem(description: "no reduction \(kind)")
            }
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("softmax and log softmax", arguments: try TorchCase.family("reductions", where: { $0.contains("softmax") }))
    func softmax(_ expected: TorchCase) throws {
        let comparison = try TorchComparison(expected, ["x"]) {
            expected.name == "log_softmax"
                ? $0[0].logSoftmax() : $0[0].softmax(axis: try expected.option("axis").int)
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("argmax")
    func argmax() throws {
        let expected = try TorchCase.family("reductions", where: { $0 == "argmax" })[0]
        #expect(try expected.input("x").argmax() == expected.output().doubles.map { Int32($0) })
    }

    @Test("matrix products", arguments: try TorchCase.family("products"))
    func products(_ expected: TorchCase) throws {
        let (ta, tb) = (
            expected.options["transposeA"]?.isTrue ?? false, expected.options["transposeB"]?.isTrue ?? false
        )
        let comparison = try TorchComparison(expected, ["a", "b"]) {
            matmul($0[0], $0[1], transposeA: ta, transposeB: tb)
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("affine maps", arguments: try TorchCase.family("linear"))
    func affine(_ expected: TorchCase) throws {
        let hasBias = expected.inputs["bias"] != nil
        let comparison = try TorchComparison(expected, ["x", "weight"] + (hasBias ? ["bias"] : [])) {
            let bias = hasBias ? $0[2] : Tensor.zeros([$0[1].shape[0]], precision: $0[1].precision)
            return linear($0[0], weight: $0[1], bias: bias)
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("layer normalisation", arguments: try TorchCase.family("layernorm"))
    func layerNorm(_ expected: TorchCase) throws {
        let epsilon = try expected.option("eps").double
        let isAffine = expected.inputs["weight"] != nil
        let width = try expected.input("x").shape.last ?? 0
        let comparison = try TorchComparison(expected, ["x"] + (isAffine ? ["weight", "bias"] : [])) { inputs in
            let x = inputs[0]
            let scale = isAffine ? inputs[1] : .ones([width], precision: x.precision)
            let shift = isAffine ? inputs[2] : .zeros([width], precision: x.precision)
            let y = x.layerNormalized(scale: scale, shift: shift, epsilon: epsilon)
            return expected.name.hasSuffix("gelu") ? y.gelu() : y
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    /// Stepped slices and running sums are not operations of the engine.
    @Test(
        "movement",
        arguments: try TorchCase.family("movement", where: { $0 != "slice with step" && $0 != "cumulative sum" }))
    func movement(_ expected: TorchCase) throws {
        let names = ["x", "a", "b", "source"].filter { expected.inputs[$0] != nil }
        let comparison = try TorchComparison(expected, names) { try Self.moved(expected, $0) }
        #expect(comparison.agrees, "\(comparison)")
    }

    private static func moved(_ expected: TorchCase, _ inputs: [Tensor]) throws -> Tensor {
        let x = inputs[0]
        switch expected.name {
        case "reshape": return x.reshaped(Shape(try expected.option("shape").ints))
        case "permute": return x.permuted(try expected.option("order").ints)
        case "transpose then reshape": return x.transposed().reshaped(Shape(try expected.option("shape").ints))
        case "slice":
            let range = try expected.option("range").ints
            return x.sliced(axis: try expected.option("axis").int, range[0]..<range[1])
        case "pad":
            let (before, after) = (try expected.option("before").ints, try expected.option("after").ints)
            return before.indices.reduce(x) { $0.padded(axis: $1, before: before[$1], after: after[$1]) }
        case "concatenate": return .concatenate(inputs, axis: try expected.option("axis").int)
        case "broadcast": return x.broadcast(to: Shape(try expected.option("shape").ints))
        case "gather": return x.gathered(axis: try expected.option("axis").int, try expected.indices("index"))
        case "scatter add":
            let axis = try expected.option("axis").int
            return x + inputs[1].scatteredAdd(axis: axis, try expected.indices("index"), count: x.shape[axis])
        default:
            func pair(_ name: String) throws -> Shape { Shape(try expected.option(name).ints) }
            let window = SlidingWindow(
                kernel: try pair("kernel"), stride: try pair("stride"), padding: try pair("padding"),
                dilation: try pair("dilation"))
            if expected.name.hasPrefix("unfold") { return x.unfolded(window) }
            return x.folded(window, to: try pair("extents"))
        }
    }
}
