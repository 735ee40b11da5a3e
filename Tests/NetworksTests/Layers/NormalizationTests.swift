import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Batch and group normalisation")
struct NormalizationTests {
    private static func batchNorm(_ expected: TorchCase) throws -> (BatchNorm, ParameterLayout) {
        var builder = ParameterLayout.Builder()
        let norm = BatchNorm(
            "norm", channels: 3, spatialRank: try expected.input("x").rank - 2,
            momentum: expected.options["momentum"]?.double ?? 0.1, layout: &builder)
        return (norm, builder.layout())
    }

    private static func statistics(_ expected: TorchCase, _ layout: ParameterLayout, _ like: Tensor) throws -> Buffers {
        let rows = [try expected.input("running_mean"), try expected.input("running_var")]
        return Buffers(layout: layout, flat: Tensor.concatenate(rows, axis: 0).converted(to: like.precision))
    }

    @Test(
        "training: values, gradients and running statistics are PyTorch's",
        arguments: try TorchCase.family("norm", where: { $0.contains("training") }))
    func training(_ expected: TorchCase) throws {
        let (norm, layout) = try Self.batchNorm(expected)
        var after: Buffers?
        let comparison = try TorchComparison(expected, ["x", "weight", "bias"]) { inputs in
            var buffers = try Self.statistics(expected, layout, inputs[0])
            let parameters = Parameters(layout: layout, flat: .concatenate([inputs[1], inputs[2]], axis: 0))
            let y = norm(parameters, inputs[0], updating: &buffers)
            if inputs[0].precision == .double { after = buffers }
            return y
        }
        #expect(comparison.agrees, "\(comparison)")
        let buffers = try #require(after)
        #expect(relativeDifference(buffers[norm.runningMean], try expected.output("running_mean")) < 1e-10)
        #expect(relativeDifference(buffers[norm.runningVariance], try expected.output("running_var")) < 1e-10)
    }

    @Test(
        "evaluation: values and gradients are PyTorch's",
        arguments: try TorchCase.family("norm", where: { $0.contains("evaluation") }))
    func evaluation(_ expected: TorchCase) throws {
        let (norm, layout) = try Self.batchNorm(expected)
        let comparison = try TorchComparison(expected, ["x", "weight", "bias"]) { inputs in
            let parameters = Parameters(layout: layout, flat: .concatenate([inputs[1], inputs[2]], axis: 0))
            return norm(parameters, inputs[0], try Self.statistics(expected, layout, inputs[0]))
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("group norm is PyTorch's", arguments: try TorchCase.family("norm", where: { $0.hasPrefix("groupnorm") }))
    func groups(_ expected: TorchCase) throws {
        var builder = ParameterLayout.Builder()
        let norm = GroupNorm("norm", groups: try expected.option("groups").int, channels: 4, layout: &builder)
        let layout = builder.layout()
        let comparison = try TorchComparison(expected, ["x", "weight", "bias"]) { inputs in
            norm(Parameters(layout: layout, flat: .concatenate([inputs[1], inputs[2]], axis: 0)), inputs[0])
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("slots and buffers have PyTorch's names, and symmetry groups where they are given")
    func slots() {
        var builder = ParameterLayout.Builder()
        let group = builder.addGroup("conv1", size: 5, scaling: .positive)
        _ = BatchNorm("bn1", channels: 5, spatialRank: 2, layout: &builder, group: group)
        _ = GroupNorm("gn1", groups: 2, channels: 4, layout: &builder)
        _ = BatchNorm("bn2", channels: 2, layout: &builder)
        let layout = builder.layout()
        #expect(
            layout.slots.map(\.name)
                == ["bn1.weight", "bn1.bias", "gn1.weight", "gn1.bias", "bn2.weight", "bn2.bias"])
        #expect(
            layout.buffers.map(\.name)
                == ["bn1.running_mean", "bn1.running_var", "bn2.running_mean", "bn2.running_var"])
        #expect(layout.buffers.map(\.offset) == [0, 5, 10, 12] && layout.bufferCount == 14 && layout.count == 22)
        #expect(layout.buffers.map(\.axes) == [[group], [group], [nil], [nil]])
    }

    @Test("a trained batch norm gives every channel mean beta and deviation gamma", arguments: [0, 1, 2])
    func standardizes(_ spatialRank: Int) {
        var builder = ParameterLayout.Builder()
        let norm = BatchNorm("norm", channels: 3, spatialRank: spatialRank, epsilon: 0, layout: &builder)
        let layout = builder.layout()
        let x = normalDoubles(Shape([8, 3] + Array(repeating: 5, count: spatialRank))) * 4 + 7
        var buffers = Buffers(layout, precision: .double)
        let flat = Tensor([1, 2, 3, -1, 0, 5], shape: [6], precision: .double)
        let y = norm(Parameters(layout: layout, flat: flat), x, updating: &buffers)
        for channel in 0..<3 {
            let moments = Moments(y.selected(axis: 1, channel).doubles)
            let biased = moments.variance * Double(moments.count - 1) / Double(moments.count)
            #expect(abs(moments.mean - flat.doubles[3 + channel]) < 1e-12)
            #expect(abs(biased.squareRoot() - flat.doubles[channel]) < 1e-12)
        }
    }

    @Test("running statistics forget where they started and become the data's")
    func convergence() {
        var builder = ParameterLayout.Builder()
        let norm = BatchNorm("norm", channels: 1, layout: &builder)
        let layout = builder.layout()
        var buffers = Buffers(layout)
        let parameters = Parameters(layout: layout, flat: Tensor([1, 0] as [Float], shape: [2]))
        var stream = RandomStream(seed: 1, purpose: "batches")
        for _ in 0..<100 { _ = norm(parameters, stream.normal([512, 1]) * 3 + 2, updating: &buffers) }
        #expect(abs(buffers[norm.runningMean].scalar - 2) < 0.15)
        #expect(abs(buffers[norm.runningVariance].scalar - 9) < 0.5)
        let y = norm(parameters, Tensor([2, 5] as [Float], shape: [2, 1]), buffers).doubles
        #expect(abs(y[0]) < 0.06 && abs(y[1] - 1) < 0.06)
    }

    @Test("derivatives of both norms agree with differences, second ones too", arguments: ["batch", "group"])
    func derivatives(_ kind: String) {
        var builder = ParameterLayout.Builder()
        let batch = BatchNorm("batch", channels: 4, spatialRank: 1, layout: &builder)
        let group = GroupNorm("group", groups: 2, channels: 4, spatialRank: 1, layout: &builder)
        let layout = builder.layout()
        let check = DerivativeCheck(at: [normalDoubles([2, layout.count]), normalDoubles([2, 3, 4, 3], index: 1)]) {
            let parameters = Parameters(layout: layout, flat: $0[0])
            var buffers = Buffers(layout, population: 2, precision: $0[0].precision)
            return [kind == "batch" ? batch(parameters, $0[1], updating: &buffers) : group(parameters, $0[1])]
        }
        #expect(max(check.vjp, check.jvp, check.adjoint, check.symmetry) < 1e-6, "\(check)")
        #expect(check.hessian < 1e-5 && check.single < 1e-4, "\(check)")
    }

    @Test("shapes that do not fit end the process")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            var builder = ParameterLayout.Builder()
            let norm = BatchNorm("norm", channels: 2, layout: &builder)
            var buffers = Buffers(builder.layout())
            _ = norm(Parameters(layout: builder.layout(), flat: .zeros([4])), .zeros([1, 2]), updating: &buffers)
        }
        await #expect(processExitsWith: .failure) {
            var builder = ParameterLayout.Builder()
            let norm = BatchNorm("norm", channels: 2, layout: &builder)
            let parameters = Parameters(layout: builder.layout(), flat: .zeros([3, 4]))
            _ = norm(parameters, .zeros([3, 5, 2]), Buffers(builder.layout()))
        }
        await #expect(processExitsWith: .failure) {
            var builder = ParameterLayout.Builder()
            _ = GroupNorm("norm", groups: 3, channels: 4, layout: &builder)
        }
    }
}
