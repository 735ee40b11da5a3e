import Tensors

/// LeNet-5 (LeCun, Bottou, Bengio, Haffner, 1998) as it is usually trained now: every channel of the second
/// convolution reads every one of the first, and the outputs are logits.
///
/// Slots: conv1, conv2, fc1, fc2, fc3, as in PyTorch's tutorials.
public struct LeNet5: Network {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    private let config: Config
    private let convolutions: [Conv2d]
    private let layers: [Linear]

    /// Declares the layers. Channels and hidden units form symmetry groups.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        let scaling = config.activation.scaling
        let pooled = config.pooling == .max ? scaling.behindMaximum : scaling
        let first = builder.addGroup("conv1", size: 6, scaling: pooled)
        let conv1 = Conv2d(
            "conv1", in: config.image.channels, out: 6, kernel: 5,
            Convolution(padding: HeightWidth(config.padding, config.padding)), layout: &builder, outputGroup: first)
        let second = builder.addGroup("conv2", size: 16, scaling: pooled)
        let conv2 = Conv2d(
            "conv2", in: 6, out: 16, kernel: 5, layout: &builder, inputGroup: first, outputGroup: second)
        let pixels = config.finalExtent.height * config.finalExtent.width
        let third = builder.addGroup("fc1", size: 120, scaling: scaling)
        let fc1 = Linear(
            "fc1", in: 16 * pixels, out: 120, layout: &builder, inputGroup: second, outputGroup: third,
            inputBlock: pixels)
        let fourth = builder.addGroup("fc2", size: 84, scaling: scaling)
        let fc2 = Linear("fc2", in: 120, out: 84, layout: &builder, inputGroup: third, outputGroup: fourth)
        let fc3 = Linear("fc3", in: 84, out: config.outputs, layout: &builder, inputGroup: fourth)
        (self.config, convolutions, layers) = (config, [conv1, conv2], [fc1, fc2, fc3])
        layout = builder.layout()
    }

    /// - x: [B, features] or [B, C, H, W], or with P in front; returns [B, out], or [P, B, out].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        var h = config.image.images(x)
        for convolution in convolutions {
            h = config.activation(convolution(parameters, h))
            switch config.pooling {
            case .max: h = MaxPool2d(2)(h)
            case .average: h = AveragePool2d(2)(h)
            }
        }
        h = config.activation(layers[0](parameters, h.flattenedImages()))
        h = config.activation(layers[1](parameters, h))
        return layers[2](parameters, h)
    }
}
