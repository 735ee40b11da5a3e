import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Convolution and pooling layers")
struct ConvolutionLayerTests {
    /// A layer of each kind, declared behind another slot, with the shape of one network's input and of its output.
    struct Kind: CustomStringConvertible, Sendable {
        let description: String
        let layout: ParameterLayout
        let input: [Int], output: [Int]
        let apply: @Sendable (Parameters, Tensor) -> Tensor

        init(
            _ name: String, _ input: [Int], _ output: [Int],
            _ make: (inout ParameterLayout.Builder) -> @Sendable (Parameters, Tensor) -> Tensor
        ) {
            var builder = ParameterLayout.Builder()
            _ = builder.addSlot("before", shape: [3], role: .bias)
            apply = make(&builder)
            (description, layout, self.input, self.output) = (name, builder.layout(), input, output)
        }
    }

    static let kinds: [Kind] = [
        Kind("Conv2d", [3, 7, 6], [5, 3, 6]) { builder in
            let layer = Conv2d(
                "layer", in: 3, out: 5, kernel: HeightWidth(3, 2),
                Convolution(stride: HeightWidth(2, 1), padding: HeightWidth(0, 1), dilation: HeightWidth(1, 2)),
                layout: &builder)
            return { layer($0, $1) }
        },
        Kind("Conv2d, depthwise, without bias", [4, 5, 5], [4, 5, 5]) { builder in
            let layer = Conv2d(
                "layer", in: 4, out: 4, kernel: 3, Convolution(padding: 1, groups: 4), bias: false, layout: &builder)
            return { layer($0, $1) }
        },
        Kind("Conv1d", [4, 9], [6, 5]) { builder in
            let layer = Conv1d("layer", in: 4, out: 6, kernel: 3, stride: 2, padding: 1, groups: 2, layout: &builder)
            return { layer($0, $1) }
        },
        Kind("ConvTranspose1d", [4, 5], [6, 11]) { builder in
            let layer = ConvTranspose1d(
                "layer", in: 4, out: 6, kernel: 4, stride: 2, padding: 1, outputPadding: 1, groups: 2, layout: &builder)
            return { layer($0, $1) }
        },
        Kind("MaxPool2d", [2, 5, 6], [2, 2, 3]) { _ in { MaxPool2d(2)($1) } },
        Kind("AveragePool2d", [2, 5, 6], [2, 3, 3]) { _ in { AveragePool2d(3, stride: 2, padding: 1)($1) } },
        Kind("AdaptiveMaxPool2d", [2, 5, 6], [2, 3, 4]) { _ in { AdaptiveMaxPool2d(HeightWidth(3, 4))($1) } },
        Kind("AdaptiveAveragePool2d", [2, 5, 6], [2, 1, 1]) { _ in { AdaptiveAveragePool2d(1)($1) } },
        Kind("MaxPool1d", [2, 7], [2, 3]) { _ in { MaxPool1d(3, stride: 2)($1) } },
        Kind("AveragePool1d", [2, 7], [2, 3]) { _ in { AveragePool1d(2)($1) } },
        Kind("AdaptiveMaxPool1d", [2, 7], [2, 4]) { _ in { AdaptiveMaxPool1d(4)($1) } },
        Kind("AdaptiveAveragePool1d", [2, 7], [2, 4]) { _ in { AdaptiveAveragePool1d(4)($1) } },
    ]

    @Test("a population equals the loop over its networks, values and gradients", arguments: kinds)
    func population(_ kind: Kind) {
        let (networks, batch) = (3, 5)
        let flat = normalDoubles([networks, kind.layout.count]).converted(to: .single)
        let own = normalDoubles(Shape([networks, batch] + kind.input), index: 1).converted(to: .single)
        let g = normalDoubles(Shape([networks, batch] + kind.output), index: 2).converted(to: .single)
        for x in [own, own.selected(axis: 0, 0)] {
            let isShared = x.rank < own.rank
            let (all, pull) = pullback(at: flat) { kind.apply(Parameters(layout: kind.layout, flat: $0), x) }
            guard kind.layout.count > 3 || !isShared else { continue }
            #expect(all.shape == g.shape)
            let slopes = pull(g)
            for p in 0..<networks {
                let (one, pullOne) = pullback(at: flat.selected(axis: 0, p)) {
                    kind.apply(Parameters(layout: kind.layout, flat: $0), isShared ? x : x.selected(axis: 0, p))
                }
                #expect(relativeDifference(one, all.selected(axis: 0, p)) < 1e-5)
                let slope = pullOne(g.selected(axis: 0, p))
                #expect(relativeDifference(slope, slopes.selected(axis: 0, p), floor: 1e-3) < 1e-5)
            }
        }
    }

    @Test("names, shapes and roles are PyTorch's")
    func slots() {
        #expect(Self.kinds[0].layout.slots.map(\.name) == ["before", "layer.weight", "layer.bias"])
        #expect(Self.kinds[0].layout.slots.map(\.role) == [.bias, .weight, .bias])
        let shapes = Self.kinds.prefix(4).map { $0.layout.slots[1].shape }
        #expect(shapes == [[5, 3, 3, 2], [4, 1, 3, 3], [6, 2, 3], [4, 3, 4]])
        #expect(Self.kinds[1].layout.slots.count == 2)
    }

    @Test("channels carry symmetry groups")
    func symmetry() {
        var builder = ParameterLayout.Builder()
        let (a, b) = (builder.addGroup("a", size: 3, scaling: .none), builder.addGroup("b", size: 4, scaling: .none))
        let plain = Conv2d("c", in: 3, out: 4, kernel: 2, layout: &builder, inputGroup: a, outputGroup: b)
        let depthwise = Conv2d(
            "d", in: 4, out: 4, kernel: 2, Convolution(groups: 4), layout: &builder, inputGroup: b, outputGroup: b)
        let line = Conv1d("e", in: 4, out: 3, kernel: 2, layout: &builder, inputGroup: b, outputGroup: a)
        let transposed = ConvTranspose1d("f", in: 3, out: 4, kernel: 2, layout: &builder, inputGroup: a, outputGroup: b)
        #expect(plain.weight.axes == [b, a, nil, nil] && plain.bias?.axes == [b])
        #expect(depthwise.weight.axes == [b, nil, nil, nil])
        #expect(line.weight.axes == [a, b, nil] && line.bias?.axes == [a])
        #expect(transposed.weight.axes == [a, b, nil] && transposed.bias?.axes == [b])
        #expect(builder.layout().count == plain.weight.count + 4 + 16 + 4 + 24 + 3 + 24 + 4)
    }

    @Test("a population of small CNNs: logits, losses and gradients as PyTorch's")
    func smallNetworks() throws {
        let expected = try TorchCase.family("cnn_population")[0]
        var builder = ParameterLayout.Builder()
        let first = Conv2d("0", in: 1, out: 2, kernel: 3, layout: &builder)
        let second = Conv2d("3", in: 2, out: 3, kernel: 2, layout: &builder)
        let last = Linear("6", in: 12, out: 3, layout: &builder)
        let layout = builder.layout()
        guard case .list(let slots) = try expected.option("slots") else {
            throw FixtureProblem(description: "no slots")
        }
        let names = slots.map { if case .fields(let fields) = $0 { fields["name"]?.string ?? "" } else { "" } }
        #expect(layout.slots.map(\.name) == names)
        let labels = try expected.indices("labels")
        func logits(_ flat: Tensor, _ x: Tensor) -> Tensor {
            let parameters = Parameters(layout: layout, flat: flat)
            let h = MaxPool2d(2)(first(parameters, x)).tanh()
            let top = second(parameters, h).tanh()
            return last(parameters, top.reshaped(Shape(top.shape.array.dropLast(3) + [12])))
        }
        func losses(_ logits: Tensor) -> Tensor {
            let targets = Tensor.oneHot(labels, classes: 3, precision: logits.precision).reshaped(logits.shape)
            return Loss.crossEntropy(logits, targets: targets)
        }
        let found = logits(try expected.input("flat"), try expected.input("x"))
        #expect(relativeDifference(found, try expected.output("logits")) < 1e-10)
        #expect(relativeDifference(losses(found), try expected.output("losses")) < 1e-10)
        let comparison = try TorchComparison(expected, ["flat", "x"], output: "total") {
            losses(logits($0[0], $0[1])).sum()
        }
        #expect(comparison.agrees, "\(comparison)")
    }
}
