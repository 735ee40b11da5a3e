import Basics
import Tensors

/// A residual network of basic blocks for small images (He, Zhang, Ren, Sun, 2016): a 3 x 3 stem without pooling, then
/// stages whose widths double as the maps halve, and the mean over the last map.
///
/// Slots and buffers are torchvision's (conv1, bn1, layer1.0.conv1, ..., layer2.0.downsample.0, ..., fc). Shortcuts
/// between widths are 1 x 1 convolutions (option B of the publication) in the shallow network for CIFAR too.
public struct ResNet: Network {
    /// Where the parameters and running statistics lie.
    public let layout: ParameterLayout
    private let image: ImageExtent
    private let stem: NormalizedConvolution
    private let blocks: [Block]
    private let head: Linear

    /// A convolution without bias and the batch norm after it.
    private struct NormalizedConvolution: Sendable {
        let convolution: Conv2d
        let norm: BatchNorm

        func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
            norm(parameters, convolution(parameters, x, &pass), &pass)
        }
    }

    /// Two convolutions with a shortcut around them.
    private struct Block: Sendable {
        let first: NormalizedConvolution
        let second: NormalizedConvolution
        let shortcut: NormalizedConvolution?

        func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
            let inner = second(parameters, first(parameters, x, &pass).relu(), &pass)
            return (inner + (shortcut.map { $0(parameters, x, &pass) } ?? x)).relu()
        }
    }

    /// Channels of a residual stream and their symmetry group.
    private typealias Stream = (channels: Int, group: Int)

    /// Declares the layers.
    ///
    /// The channels of a stage's residual stream form one symmetry group, tied across its blocks; the inner channels of
    /// every block another. Their batch norms' scales and shifts may be multiplied by positive numbers.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        var blocks: [Block] = []
        var stream: Stream = (
            config.width, builder.addGroup("layer1", size: config.width, scaling: .positive)
        )
        stem = Self.convolution(
            ("conv1", "bn1"), from: (config.image.channels, nil), to: stream, kernel: 3, stride: 1, &builder)
        for (stage, width) in config.widths.enumerated() {
            for index in 0..<config.blocksPerStage {
                let next: Stream =
                    stage == 0 || index > 0
                    ? stream : (width, builder.addGroup("layer\(stage + 1)", size: width, scaling: .positive))
                blocks.append(
                    Self.block(
                        "layer\(stage + 1).\(index)", from: stream, to: next, stride: stage > 0 && index == 0 ? 2 : 1,
                        &builder))
                stream = next
            }
        }
        head = Linear(
            "fc", in: stream.channels, out: config.outputs, layout: &builder, inputGroup: stream.group)
        (image, self.blocks) = (config.image, blocks)
        layout = builder.layout()
    }

    private static func block(
        _ name: String, from input: Stream, to output: Stream, stride: Int, _ builder: inout ParameterLayout.Builder
    ) -> Block {
        let inner: Stream = (
            output.channels, builder.addGroup("\(name).conv1", size: output.channels, scaling: .positive)
        )
        let from = (input.channels, Optional(input.group))
        return Block(
            first: convolution(
                ("\(name).conv1", "\(name).bn1"), from: from, to: inner, kernel: 3, stride: stride, &builder),
            second: convolution(
                ("\(name).conv2", "\(name).bn2"), from: (inner.channels, inner.group), to: output, kernel: 3, stride: 1,
                &builder),
            shortcut: input.group == output.group
                ? nil
                : convolution(
                    ("\(name).downsample.0", "\(name).downsample.1"), from: from, to: output, kernel: 1, stride: stride,
                    &builder))
    }

    private static func convolution(
        _ names: (convolution: String, norm: String), from input: (channels: Int, group: Int?), to output: Stream,
        kernel: Int, stride: Int, _ builder: inout ParameterLayout.Builder
    ) -> NormalizedConvolution {
        let padding = kernel / 2
        return NormalizedConvolution(
            convolution: Conv2d(
                names.convolution, in: input.channels, out: output.channels, kernel: HeightWidth(kernel, kernel),
                Convolution(stride: HeightWidth(stride, stride), padding: HeightWidth(padding, padding)), bias: false,
                layout: &builder, inputGroup: input.group, outputGroup: output.group, isNormalized: true),
            norm: BatchNorm(
                names.norm, channels: output.channels, spatialRank: 2, layout: &builder, group: output.group))
    }

    /// - x: [B, features] or [B, C, H, W], or with P in front; returns [B, out], or [P, B, out].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        var h = stem(parameters, image.images(x), &pass).relu()
        for block in blocks { h = block(parameters, h, &pass) }
        return head(parameters, h.mean(axes: [h.rank - 2, h.rank - 1]), &pass)
    }
}

extension ResNet {
    /// Depth and width: `{"kind":"resnet","depth":18,"image":[3,32,32],"width":64,"outputs":10}`.
    public struct Config: NetworkConfig {
        /// Layers with weights on the longest way: 18 (four stages of two blocks) or 20 (three stages of three).
        public var depth: Int
        /// Channels, height, width.
        public var image: ImageExtent
        /// Channels of the first stage: the publication's are 64 at depth 18 and 16 at depth 20.
        public var width: Int
        /// Number of outputs.
        public var outputs: Int

        /// Describes a ResNet of the published width for CIFAR unless given; traps on impossible extents.
        public init(
            depth: Int, image: ImageExtent = ImageExtent(channels: 3, height: 32, width: 32), width: Int? = nil,
            outputs: Int = 10
        ) {
            (self.depth, self.image) = (depth, image)
            (self.width, self.outputs) = (width ?? Self.usualWidth(depth), outputs)
            check.trap(kind)
        }

        private static func usualWidth(_ depth: Int) -> Int { depth == 20 ? 16 : 64 }

        /// "resnet".
        public var kind: String { "resnet" }
        /// Images.
        public var input: NetworkInput { .image(image) }
        /// The network of this description.
        public var network: any Network { ResNet(self) }
        /// torchvision's are ours; kuangliu's pytorch-cifar has other words for shortcuts and head, and weiaicunzai's
        /// pytorch-cifar100 lists of modules.
        public var nameSchemes: [NameScheme] {
            var lists = [("conv1.*", "conv1.0.*"), ("bn1.*", "conv1.1.*")]
            for stage in 1...4 {
                let (ours, theirs) = ("layer\(stage).#", "conv\(stage + 1)_x.#")
                let parts = ["conv1": 0, "bn1": 1, "conv2": 3, "bn2": 4].sorted { $0.value < $1.value }
                lists += parts.map { ("\(ours).\($0.key).*", "\(theirs).residual_function.\($0.value).*") }
                lists.append(("\(ours).downsample.#.*", "\(theirs).shortcut.#.*"))
            }
            return [
                NameScheme("kuangliu", ["layer#.#.downsample.#.*": "layer#.#.shortcut.#.*", "fc.*": "linear.*"]),
                NameScheme("weiaicunzai", lines: lists),
            ]
        }

        /// Channels of the stages.
        var widths: [Int] { (0..<(depth == 20 ? 3 : 4)).map { width << $0 } }
        /// Blocks of a stage.
        var blocksPerStage: Int { depth == 20 ? 3 : 2 }

        /// D.
        var parameterCount: Int {
            var (count, before) = (9 * image.channels * width + 2 * width, width)
            for (stage, channels) in widths.enumerated() {
                count += 9 * before * channels + (2 * blocksPerStage - 1) * 9 * channels * channels
                count += blocksPerStage * 4 * channels
                if stage > 0 { count += before * channels + 2 * channels }
                before = channels
            }
            return count + (before + 1) * outputs
        }

        private var check: ConfigCheck {
            var check = ConfigCheck()
            check.require(depth == 18 || depth == 20, "depth", "\(depth): expected 18 or 20")
            check.image("image", image)
            check.extent("width", width, 1...(1 << 14))
            check.extent("outputs", outputs, 1...(1 << 24))
            check.parameters("width", parameterCount)
            return check
        }
    }
}

extension ResNet.Config {
    private enum CodingKeys: String, CodingKey { case depth, image, width, outputs }

    /// Reads a description, of which anything but the depth may be left out; throws on impossible extents.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        depth = try fields.decode(Int.self, forKey: .depth)
        image =
            try fields.decodeIfPresent(ImageExtent.self, forKey: .image)
            ?? ImageExtent(channels: 3, height: 32, width: 32)
        width = try fields.decodeIfPresent(Int.self, forKey: .width) ?? Self.usualWidth(depth)
        outputs = try fields.decodeIfPresent(Int.self, forKey: .outputs) ?? 10
        try check.refuse(decoder)
    }
}

extension ResNet {
    /// The kind of architecture, one line of ``Architecture/standard``: its keys, and the defaults that a configuration
    /// starts from.
    public static let kind = ConfigKind<Architecture>(
        "resnet", Config.self, "a residual network for small images",
        picture: """
            image -> Conv 3x3, width -> batch norm -> ReLU -> stages of blocks -> mean over the map -> Linear -> outputs
            block: x + (Conv 3x3 -> batch norm -> ReLU -> Conv 3x3 -> batch norm), then ReLU
            Depth 18: four stages of two blocks; depth 20: three stages of three. Each stage after the first halves the
            map and doubles the width; its shortcut is a 1x1 convolution with batch norm. There is no pooling after the
            first convolution: ImageNet's networks, with their 7x7 convolution, are others.
            """,
        keys: [
            ConfigKey("depth", .integer(18...20), "Layers with weights: 18 or 20"), .image,
            ConfigKey(
                "width", .optional(.integer(1...1 << 14)), "Channels of the first stage; null is the publication's"),
            .outputs,
        ],
        defaults: [
            "depth": .integer(20), "image": .list([3, 32, 32].map { .integer($0) }), "width": .null,
            "outputs": .integer(10),
        ])
}
