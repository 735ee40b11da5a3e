import Basics
import Tensors

/// A vision transformer (Dosovitskiy et al., 2021): patches of an image as tokens after a class token, learned
/// positions, transformer blocks with norms first, and a linear head on the class token.
///
/// Slots and results are torchvision's (class_token, conv_proj, encoder.pos_embedding,
/// encoder.layers.encoder_layer_0.ln_1, ..., encoder.ln, heads.head). Dropout is torchvision's with its `dropout` and
/// `attention_dropout` at the same rate: of the tokens with their positions, and in every block, as PyTorch's
/// `nn.TransformerEncoderLayer` has it, of attention weights, the attention's output, and after each linear map of the
/// perceptron.
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
    private let dropout: Dropout

    /// torchvision's, of every layer norm.
    private static let epsilon = 1e-6

    /// Declares the layers.
    ///
    /// The features of the residual stream form one symmetry group, tied across all blocks; the heads of every
    /// attention and the hidden units of every perceptron others.
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
            width: width, heads: config.heads, hidden: config.hidden, dropout: config.dropout,
            epsilon: Self.epsilon)
        blocks = (0..<config.depth).map {
            TransformerBlock(
                "encoder.layers.encoder_layer_\($0)", block, naming: .torchvision, layout: &builder, group: stream)
        }
        norm = LayerNorm("encoder.ln", width: width, epsilon: Self.epsilon, layout: &builder, group: stream)
        head = Linear("heads.head", in: width, out: config.outputs, layout: &builder, inputGroup: stream)
        (image, dropout) = (config.image, Dropout(config.dropout))
        layout = builder.layout()
    }

    /// - x: [B, features] or [B, C, H, W], or with P in front; returns [B, out], or [P, B, out].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let map = patches(parameters, image.images(x))
        let (lead, width) = (Array(map.shape.array.dropLast(3)), patches.weight.shape[0])
        let count = map.shape.array.suffix(2).reduce(1, *)
        let tokens = map.reshaped(Shape(lead + [width, count])).transposed()
        let first = parameters[classToken].broadcast(to: Shape(lead + [1, width]))
        var h = dropout(Tensor.concatenate([first, tokens], axis: lead.count) + parameters[positions], &pass)
        for block in blocks { h = block(parameters, h, pass: &pass) }
        return head(parameters, norm(parameters, h.selected(axis: lead.count, 0)), &pass)
    }
}

extension VisionTransformer {
    /// Extents: `{"kind":"vit","image":[3,32,32],"patch":4,"depth":6,"width":192,"heads":3,"hidden":768,"outputs":10}`,
    /// which are those of ViT-Small-192.
    public struct Config: NetworkConfig {
        /// Channels, height, width.
        public var image: ImageExtent
        /// Rows and columns of a patch.
        public var patch: Int
        /// Number of blocks.
        public var depth: Int
        /// Features of a token.
        public var width: Int
        /// Heads of each attention.
        public var heads: Int
        /// Hidden units of each block's perceptron.
        public var hidden: Int
        /// Probability of zero for tokens with their positions, attention weights, hidden units and both branches of a
        /// block in training.
        public var dropout: Double
        /// Number of outputs.
        public var outputs: Int

        /// Describes a vision transformer, ViT-Small-192 for CIFAR unless given, with four times the width of hidden
        /// units; traps on impossible extents.
        public init(
            image: ImageExtent = ImageExtent(channels: 3, height: 32, width: 32), patch: Int = 4, depth: Int = 6,
            width: Int = 192, heads: Int = 3, hidden: Int? = nil, dropout: Double = 0, outputs: Int = 10
        ) {
            (self.image, self.patch, self.depth, self.width) = (image, patch, depth, width)
            (self.heads, self.dropout, self.outputs) = (heads, dropout, outputs)
            self.hidden = hidden ?? width.multipliedReportingOverflow(by: 4).partialValue
            check.trap(kind)
        }

        /// "vit".
        public var kind: String { "vit" }
        /// Images.
        public var input: NetworkInput { .image(image) }
        /// The network of this description.
        public var network: any Network { VisionTransformer(self) }
        /// torchvision's are ours, those of 2021 with other words in the perceptron; timm fuses queries, keys and
        /// values just as PyTorch's attention does, one below the other.
        public var nameSchemes: [NameScheme] {
            let block = "encoder.layers.encoder_layer_#"
            return [
                NameScheme(
                    "timm",
                    [
                        "class_token": "cls_token", "conv_proj.*": "patch_embed.proj.*",
                        "encoder.pos_embedding": "pos_embed", "\(block).ln_#.*": "blocks.#.norm#.*",
                        "\(block).self_attention.in_proj_weight": "blocks.#.attn.qkv.weight",
                        "\(block).self_attention.in_proj_bias": "blocks.#.attn.qkv.bias",
                        "\(block).self_attention.out_proj.*": "blocks.#.attn.proj.*",
                        "\(block).mlp.0.*": "blocks.#.mlp.fc1.*", "\(block).mlp.3.*": "blocks.#.mlp.fc2.*",
                        "encoder.ln.*": "norm.*", "heads.head.*": "head.*",
                    ]),
                NameScheme(
                    "transformers",
                    [
                        "class_token": "vit.embeddings.cls_token",
                        "conv_proj.*": "vit.embeddings.patch_embeddings.projection.*",
                        "encoder.pos_embedding": "vit.embeddings.position_embeddings",
                        "\(block).ln_1.*": "vit.encoder.layer.#.layernorm_before.*",
                        "\(block).ln_2.*": "vit.encoder.layer.#.layernorm_after.*",
                        "\(block).self_attention.in_proj_weight":
                            "vit.encoder.layer.#.attention.attention.qkv.weight",
                        "\(block).self_attention.in_proj_bias": "vit.encoder.layer.#.attention.attention.qkv.bias",
                        "\(block).self_attention.out_proj.*": "vit.encoder.layer.#.attention.output.dense.*",
                        "\(block).mlp.0.*": "vit.encoder.layer.#.intermediate.dense.*",
                        "\(block).mlp.3.*": "vit.encoder.layer.#.output.dense.*", "encoder.ln.*": "vit.layernorm.*",
                        "heads.head.*": "classifier.*",
                    ],
                    reading: "queries, keys and values were joined, and its layer norms have epsilon 1e-12 where a "
                        + "configuration does not say otherwise, 1e-6 here"),
                NameScheme(
                    "torchvision-2021",
                    [
                        "\(block).mlp.0.*": "\(block).mlp.linear_1.*", "\(block).mlp.3.*": "\(block).mlp.linear_2.*",
                    ]),
            ]
        }

        /// Patches and the class token.
        var tokens: Int { (image.height / patch) * (image.width / patch) + 1 }

        /// D.
        var parameterCount: Int {
            let stem = width * (image.channels * patch * patch + 1) + width + tokens * width
            return stem + depth * TransformerBlock.parameterCount(width: width, hidden: hidden) + 2 * width
                + (width + 1) * outputs
        }

        private var check: ConfigCheck {
            var check = ConfigCheck()
            check.image("image", image)
            check.extent("patch", patch, 1...4096)
            check.require(
                image.height % patch == 0 && image.width % patch == 0, "patch",
                "\(patch): does not divide \(image.height) x \(image.width)")
            check.transformer(depth: depth, width: width, heads: heads, hidden: hidden)
            check.dropout("dropout", dropout)
            check.extent("outputs", outputs, 1...(1 << 24))
            check.parameters("width", parameterCount)
            return check
        }
    }
}

extension VisionTransformer.Config {
    private enum CodingKeys: String, CodingKey {
        case image, patch, depth, width, heads, hidden, dropout, outputs
    }

    /// Reads a description, of which anything may be left out; throws on impossible extents.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        image =
            try fields.decodeIfPresent(ImageExtent.self, forKey: .image)
            ?? ImageExtent(channels: 3, height: 32, width: 32)
        patch = try fields.decodeIfPresent(Int.self, forKey: .patch) ?? 4
        depth = try fields.decodeIfPresent(Int.self, forKey: .depth) ?? 6
        width = try fields.decodeIfPresent(Int.self, forKey: .width) ?? 192
        heads = try fields.decodeIfPresent(Int.self, forKey: .heads) ?? 3
        hidden =
            try fields.decodeIfPresent(Int.self, forKey: .hidden)
            ?? width.multipliedReportingOverflow(by: 4).partialValue
        dropout = try fields.decodeIfPresent(Double.self, forKey: .dropout) ?? 0
        outputs = try fields.decodeIfPresent(Int.self, forKey: .outputs) ?? 10
        try check.refuse(decoder)
    }

    /// Writes all extents, and the dropout where there is any.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(image, forKey: .image)
        try fields.encode(patch, forKey: .patch)
        try fields.encode(depth, forKey: .depth)
        try fields.encode(width, forKey: .width)
        try fields.encode(heads, forKey: .heads)
        try fields.encode(hidden, forKey: .hidden)
        try fields.encode(outputs, forKey: .outputs)
        if dropout != 0 { try fields.encode(dropout, forKey: .dropout) }
    }
}

extension VisionTransformer {
    /// The kind of architecture, one line of ``Architecture/standard``: its keys, and the defaults that a configuration
    /// starts from.
    public static let kind = ConfigKind<Architecture>(
        "vit", Config.self, "a vision transformer",
        picture: """
            image -> patches by a convolution -> class token before them -> + positions -> blocks -> layer norm
                  -> the class token -> Linear -> outputs
            block: x + attention(layer norm(x)), then x + perceptron(layer norm(x)) with GELU; layer norms add 1e-6
            """,
        keys: [.image, ConfigKey("patch", .integer(1...4096), "Rows and columns of a patch")]
            + ConfigKey.transformerBlocks + [.outputs],
        defaults: [
            "image": .list([3, 32, 32].map { .integer($0) }), "patch": .integer(4), "depth": .integer(6),
            "width": .integer(192),
            "heads": .integer(3), "hidden": .null, "dropout": .null, "outputs": .integer(10),
        ])
}
