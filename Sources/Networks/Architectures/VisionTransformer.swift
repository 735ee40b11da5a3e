import Tensors

/// A vision transformer (Dosovitskiy et al., 2021): patches of an image as tokens behind a class token, learned
/// positions, transformer blocks with norms first, and a linear head on the class token.
///
/// Slots and results are torchvision's (class_token, conv_proj, encoder.pos_embedding,
/// encoder.layers.encoder_layer_0.ln_1, ..., encoder.ln, heads.head).
public struct VisionTransformer: Network {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    private let image: ImageExtent
    private let classToken: Slot
    private let patches: Conv2d
    private let positions: Slot
    private let blocks: [TransformerBlock]
    private let norm: LayerNorm
    private let head: Linear

    /// torchvision's, of every layer norm.
    private static let epsilon = 1e-6

    /// Declares the layers.
    ///
    /// The features of the residual stream form one symmetry group, tied across all blocks; the heads of every attention
    /// and the hidden units of every perceptron others.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        let width = config.width
        let stream = builder.addGroup("encoder", size: width, scaling: .none)
        let patch = HeightWidth(config.patch, config.patch)
        classToken = builder.addSlot("class_token", shape: [1, 1, width], role: .shift, axes: [nil, nil, stream])
        patches = Conv2d(
            "conv_proj", in: config.image.channels, out: width, kernel: patch, Convolution(stride: patch),
            layout: &builder, outputGroup: stream)
        positions = builder.addSlot(
            "encoder.pos_embedding", shape: [1, config.tokens, width], role: .shift, axes: [nil, nil, stream])
        let block = TransformerBlock.Config(
            width: width, heads: config.heads, hidden: config.hidden, epsilon: Self.epsilon)
        blocks = (0..<config.depth).map {
            TransformerBlock(
                "encoder.layers.encoder_layer_\($0)", block, naming: .torchvision, layout: &builder, group: stream)
        }
        norm = LayerNorm("encoder.ln", width: width, epsilon: Self.epsilon, layout: &builder, group: stream)
        head = Linear("heads.head", in: width, out: config.outputs, layout: &builder, inputGroup: stream)
        image = config.image
        layout = builder.layout()
    }

    /// - x: [B, features] or [B, C, H, W], or with P in front; returns [B, out], or [P, B, out].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let map = patches(parameters, image.images(x))
        let (lead, width) = (Array(map.shape.array.dropLast(3)), patches.weight.shape[0])
        let tokens = map.reshaped(Shape(lead + [width, -1])).transposed()
        let first = parameters[classToken].broadcast(to: Shape(lead + [1, width]))
        var h = Tensor.concatenate([first, tokens], axis: lead.count) + parameters[positions]
        for block in blocks { h = block(parameters, h) }
        return head(parameters, norm(parameters, h.selected(axis: lead.count, 0)))
    }
}
