import Networks
import Testing

@testable import Formats

@Suite("What files state of layers and images")
struct StatedLayersTests {
    private let relu = StatedLayers.Layer.activation(.relu, name: "relu")
    private let tanh = StatedLayers.Layer.activation(.tanh, name: "tanh")
    private let norm = StatedLayers.Layer.norm(.batch, name: "bn")

    private func convolution(_ kernel: Int = 3, stride: Int = 1, padding: Int? = 0)
        -> StatedLayers.Layer
    {
        .spatial(.convolution(kernel: kernel, stride: stride, padding: padding))
    }

    private func pool(
        _ kind: LeNet5.Pooling = .max, _ size: Int = 2, isPlain: Bool = true
    ) -> StatedLayers.Layer { .spatial(.pool(kind, size: size, isPlain: isPlain)) }

    private func stages(_ layers: [StatedLayers.Layer]) -> StatedLayers.Stages? {
        StatedLayers(layers: layers).stages
    }

    @Test(
        "What comes after the last layer with weights is on the output, and no nonlinearity of the network"
    )
    func inside() {
        let stated = StatedLayers(layers: [.weights, relu, .weights, relu, .weights, tanh])
        #expect(stated.inside.count == 5 && stated.activations == [relu] && stated.activation == .relu)
        #expect(StatedLayers(layers: [relu, norm]).inside.isEmpty && StatedLayers().inside.isEmpty)
        #expect(StatedLayers(layers: [relu, norm]).activation == nil)
    }

    @Test("There is one nonlinearity, or none that can be named")
    func activation() {
        let unknown = StatedLayers.Layer.activation(nil, name: "mish")
        let several = StatedLayers(layers: [.weights, tanh, .weights, relu, .weights, tanh, .weights])
        #expect(several.activations == [tanh, relu] && several.activation == nil)
        #expect(StatedLayers(layers: [.weights, unknown, .weights]).activations == [unknown])
        let twice: [StatedLayers.Layer] = [
            .weights, .activation(.relu, name: "relu"), .weights, .activation(.relu, name: "ReLU"), .weights,
        ]
        #expect(StatedLayers(layers: twice).activation == .relu)
        #expect(StatedLayers(layers: [.weights, unknown, .weights]).activation == nil)
        #expect(StatedLayers(layers: [.weights, .weights]).activation == nil)
    }

    @Test("A norm follows the activation unless weights or a join stand between")
    func normAfterActivation() {
        func after(_ layers: [StatedLayers.Layer]) -> String? {
            StatedLayers(layers: layers).normAfterActivation
        }
        #expect(
            after([.weights, relu, norm]) == "bn"
                && after([.weights, relu, pool(), .other("x"), norm]) == "bn")
        #expect(
            after([.weights, norm, relu, .weights]) == nil
                && after([.weights, relu, .weights, norm]) == nil)
        #expect(
            after([.weights, relu, .join("Add"), norm]) == nil && after([norm]) == nil && after([]) == nil
        )
    }

    @Test("Stages need convolutions that are called in their order")
    func none() {
        #expect(stages([.weights, relu, pool()]) == nil && stages([]) == nil)
        #expect(StatedLayers(layers: [convolution()], isSequence: false).stages == nil)
    }

    @Test("Padding \"same\" keeps the extents of maps", arguments: [1, 3, 5, 7, 9])
    func same(kernel: Int) throws {
        let found = try #require(stages([convolution(kernel, padding: nil)]))
        #expect(found.problem == nil && 2 * found.paddings[0] - kernel + 1 == 0)
    }

    @Test(
        "Padding \"same\" that is not alike on all sides is a problem",
        arguments: [(2, 1), (4, 1), (3, 2), (1, 2)])
    func uneven(kernel: Int, stride: Int) {
        #expect(
            stages([convolution(kernel, stride: stride, padding: nil)])?.problem
                == "padding \"same\" of kernels of \(kernel) with stride \(stride), which is not alike on all sides"
        )
        #expect(stages([convolution(kernel, stride: stride, padding: 1)])?.problem == nil)
    }

    @Test("Zeros add to the next convolution's padding, and to that one alone")
    func zeros() {
        let layers: [StatedLayers.Layer] = [
            .spatial(.zeros(1)), .spatial(.zeros(2)), convolution(), convolution(padding: 1),
            .spatial(.zeros(1)),
            convolution(padding: nil),
        ]
        #expect(stages(layers)?.paddings == [3, 1, 2] && stages(layers)?.problem == nil)
        let uneven = stages([.spatial(.zeros(nil)), convolution()])
        #expect(
            uneven?.problem == "zeros around maps that are not alike on all sides"
                && uneven?.paddings == [0])
    }

    @Test("Pooling belongs to the convolution before it, once, and is of one kind")
    func pooling() {
        let plain = stages([convolution(), pool(.average, 3), convolution(stride: 2), relu, .weights])
        #expect(plain?.pools == [3, 1] && plain?.strides == [1, 2] && plain?.pooling == .average)
        #expect(plain?.problem == nil && plain?.readout == .flatten)
        #expect(stages([convolution()])?.pooling == .max)
        let twice = "pooling twice, or before any convolution"
        #expect(stages([convolution(), pool(), pool()])?.problem == twice)
        #expect(stages([pool(), convolution()])?.problem == twice)
        #expect(
            stages([convolution(), pool(), convolution(), pool(.average)])?.problem
                == "pooling of two kinds")
        #expect(
            stages([convolution(), pool(isPlain: false)])?.problem
                == "pooling in windows that overlap or are padded")
    }

    @Test("The mean of channels is a readout, their maximum a problem, and so is any other thing")
    func readout() {
        #expect(stages([convolution(), .spatial(.globalPool(.average))])?.readout == .mean)
        #expect(stages([convolution(), .spatial(.globalPool(.average))])?.problem == nil)
        #expect(
            stages([convolution(), .spatial(.globalPool(.max))])?.problem
                == "the maximum of every channel")
        #expect(stages([convolution(), .spatial(.other("UpSampling2D"))])?.problem == "UpSampling2D")
    }

    @Test("The first image is the sample's")
    func image() {
        let images = [8, 4].map { ImageExtent(channels: 1, height: $0, width: $0) }
        let layers = [
            .spatial(.image(images[0])), convolution(), StatedLayers.Layer.spatial(.image(images[1])),
        ]
        #expect(stages(layers)?.image == images[0] && stages([convolution()])?.image == nil)
    }

    @Test(
        "A description takes lists of one number where all are equal, and pooling where there is some")
    func applied() {
        let image = ImageExtent(channels: 1, height: 8, width: 8)
        let config = CNN.Config(image: image, channels: [2, 2], paddings: [1], pools: [2], outputs: 2)
        var stages = StatedLayers.Stages(strides: [1, 1], paddings: [0, 1], pools: [1, 1])
        stages.pooling = .average
        stages.readout = .mean
        var other = config
        stages.applied(to: &other)
        #expect(other.strides == [1] && other.paddings == [0, 1] && other.pools == [1])
        #expect(other.pooling == .max && other.readout == .mean && other.channels == config.channels)
        stages.pools = [2, 1]
        stages.applied(to: &other)
        #expect(other.pools == [2, 1] && other.pooling == .average && other.image == image)
    }
}
