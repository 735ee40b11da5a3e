import Tensors

/// A plain convolutional network of any extents: convolutions, each followed by norm, activation and pooling, then the
/// map flattened or its mean taken, and linear layers with activations between them.
///
/// It is what most people write first, and what networks of their own are described as. Slots: convolutions.0,
/// norms.0, ..., layers.0, ... in the order of the computation. A maximum may be taken before the activation as well:
/// that is the same for activations that never fall.
public struct CNN: Network {
    /// Where the parameters and running statistics lie.
    public let layout: ParameterLayout
    private let config: Config
    private let stages: [Stage]
    private let layers: [Linear]

    /// A convolution and the norm after it.
    private struct Stage: Sendable {
        let convolution: Conv2d
        let norm: BatchNorm?
        let pool: Int
    }

    /// Declares the layers. Channels and hidden units form symmetry groups.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        let scaling = config.activation.scaling
        let (hasNorm, plan) = (config.norm == .batch, config.plan)
        var (channels, group): (Int, Int?) = (config.image.channels, nil)
        var stages: [Stage] = []
        for (index, stage) in plan.enumerated() {
            let pooled = stage.pool > 1 && config.pooling == .max ? scaling.afterMaximum : scaling
            let own = builder.addGroup("convolutions.\(index)", size: stage.channels, scaling: pooled)
            let convolution = Conv2d(
                "convolutions.\(index)", in: channels, out: stage.channels,
                kernel: HeightWidth(stage.kernel, stage.kernel),
                Convolution(
                    stride: HeightWidth(stage.stride, stage.stride),
                    padding: HeightWidth(stage.padding, stage.padding)), bias: config.hasBias,
                layout: &builder, inputGroup: group, outputGroup: own, isNormalized: hasNorm)
            let norm =
                hasNorm
                ? BatchNorm(
                    "norms.\(index)", channels: stage.channels, spatialRank: 2, layout: &builder, group: own) : nil
            stages.append(Stage(convolution: convolution, norm: norm, pool: stage.pool))
            (channels, group) = (stage.channels, own)
        }
        let pixels = config.readout == .mean ? 1 : config.finalExtent.height * config.finalExtent.width
        let widths = config.hidden + [config.outputs]
        var (inputs, layers) = (channels * pixels, [Linear]())
        for (index, width) in widths.enumerated() {
            let isLast = index == widths.count - 1
            let own = isLast ? nil : builder.addGroup("layers.\(index)", size: width, scaling: scaling)
            layers.append(
                Linear(
                    "layers.\(index)", in: inputs, out: width, layout: &builder, inputGroup: group, outputGroup: own,
                    inputBlock: index == 0 ? pixels : 1))
            (inputs, group) = (width, own)
        }
        (self.config, self.stages, self.layers) = (config, stages, layers)
        layout = builder.layout()
    }

    /// - x: [B, features] or [B, C, H, W], or with P in front; returns [B, out], or [P, B, out].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        var h = config.image.images(x)
        for stage in stages {
            if stage.norm == nil && config.pooling == .max && config.activation.commutesWithMaximum {
                h = config.activation(
                    stage.convolution(parameters, h, maxPooledBy: HeightWidth(stage.pool, stage.pool), &pass))
                continue
            }
            h = stage.convolution(parameters, h, &pass)
            if let norm = stage.norm { h = norm(parameters, h, &pass) }
            h = config.activation(h)
            guard stage.pool > 1 else { continue }
            let window = HeightWidth(stage.pool, stage.pool)
            switch config.pooling {
            case .max: h = MaxPool2d(window)(h)
            case .average: h = AveragePool2d(window)(h)
            }
        }
        h = config.readout == .mean ? h.mean(axes: [h.rank - 2, h.rank - 1]) : h.flattenedImages()
        for layer in layers.dropLast() { h = config.activation(layer(parameters, h, &pass)) }
        return layers[layers.count - 1](parameters, h, &pass)
    }
}
