import Tensors

/// The small convolutional networks of the model zoos (Schürholt et al., 2022, arXiv 2209.14764): three convolutions,
/// each followed by max pooling (the small one's third is not), then the activation, and two linear layers.
///
/// Slots have the zoos' names, which count every module of the list: with dropout in it the small network's later layers
/// move on, as they do there. The large network's list always has the dropout modules.
public struct ZooCNN: Network {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    private let image: ImageExtent
    private let stages: [Stage]
    private let hidden: Linear
    private let output: Linear
    private let activation: Activation
    private let dropout: Dropout
    private let pool = MaxPool2d(2)

    /// A convolution and what follows it.
    private struct Stage: Sendable {
        var convolution: Conv2d
        var isPooled: Bool
        var hasDropout: Bool
    }

    /// Declares the layers. Channels and hidden units form symmetry groups.
    ///
    /// Channels may be rescaled where the activation may; their signs only where no pooling stands between, which
    /// picks the largest and not the smallest.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        var stages: [Stage] = []
        var (module, channels, group): (Int, Int, Int?) = (0, config.image.channels, nil)
        for plan in config.size.stages {
            let scaling = plan.isPooled ? config.activation.scaling.behindMaximum : config.activation.scaling
            let own = builder.addGroup("module_list.\(module)", size: plan.channels, scaling: scaling)
            let convolution = Conv2d(
                "module_list.\(module)", in: channels, out: plan.channels, kernel: HeightWidth(plan.kernel, plan.kernel),
                layout: &builder, inputGroup: group, outputGroup: own)
            stages.append(Stage(convolution: convolution, isPooled: plan.isPooled, hasDropout: plan.hasDropout))
            module += (plan.isPooled ? 3 : 2) + (plan.hasDropout && config.listsDropout ? 1 : 0)
            (channels, group) = (plan.channels, own)
        }
        let pixels = config.finalExtent.height * config.finalExtent.width
        let units = builder.addGroup(
            "module_list.\(module + 1)", size: Config.hidden, scaling: config.activation.scaling)
        hidden = Linear(
            "module_list.\(module + 1)", in: channels * pixels, out: Config.hidden, layout: &builder,
            inputGroup: group, outputGroup: units, inputBlock: pixels)
        output = Linear(
            "module_list.\(module + (config.listsDropout ? 4 : 3))", in: Config.hidden, out: config.outputs,
            layout: &builder, inputGroup: units)
        (image, self.stages, activation, dropout) = (config.image, stages, config.activation, Dropout(config.dropout))
        layout = builder.layout()
    }

    /// - x: [B, features] or [B, C, H, W], or with P in front; returns [B, out], or [P, B, out].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        var h = image.images(x)
        for stage in stages {
            h = stage.convolution(parameters, h)
            h = activation(stage.isPooled ? pool(h) : h)
            if stage.hasDropout { h = dropout(h, &pass) }
        }
        h = dropout(activation(hidden(parameters, h.flattenedImages())), &pass)
        return output(parameters, h)
    }
}
