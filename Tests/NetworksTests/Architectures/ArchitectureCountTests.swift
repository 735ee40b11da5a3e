import Testing

@testable import Networks

@Suite("Published sizes of architectures")
struct ArchitectureCountTests {
    private static let cifar = ImageExtent(channels: 3, height: 32, width: 32)

    /// The zoos' counts (Schürholt et al., 2022); LeCun et al.'s network with full tables, and PyTorch's tutorial for
    /// CIFAR; torchvision's resnet18 with another stem and head, and the usual ResNet-20 with projections;
    /// ViT-Small-192 and the encoder of DeepWeightFlow's zoos (2.69 and 108.6 million).
    static let published: [(Architecture, Int)] = [
        (.mlp(.init(widths: [784, 32, 32, 10])), 26_506),
        (.mlp(.init(widths: [4, 16, 3])), 131),
        (.mlp(.init(widths: [784, 32, 32, 10], bias: false)), 26_432),
        (.mlp(.init(widths: [784, 32, 32, 10], norm: .batch)), 26_634),
        (
            .convolutional(.init(image: cifar, channels: [6, 16], kernels: [5], hidden: [120, 84])),
            62_006
        ),
        (.cnn(.init(size: .small)), 2_464),
        (.cnn(.init(size: .small, image: ImageExtent(channels: 3, height: 28, width: 28), dropout: 0.5)), 2_864),
        (.cnn(.init(size: .large)), 10_853),
        (.lenet5(.init()), 61_706),
        (.lenet5(.init(image: cifar)), 62_006),
        (.resnet(.init(depth: 18)), 11_689_512 - 9_408 + 1_728 - 513_000 + 5_130),
        (.resnet(.init(depth: 18)), 11_173_962),
        (.resnet(.init(depth: 20)), 272_474),
        (.vit(.init()), 2_693_578),
        (.encoder(.init(vocabulary: 30_522, length: 128, depth: 12, width: 768, heads: 12, outputs: 1)), 108_595_969),
    ]

    @Test("the number of parameters is the published one", arguments: published.indices)
    func counts(_ index: Int) {
        let (architecture, count) = Self.published[index]
        #expect(architecture.layout.count == count)
    }

    @Test("the count that a description is held to is the layout's", arguments: sampleArchitectures)
    func bounds(_ architecture: Architecture) {
        let bound: Int? =
            switch architecture.config {
            case let config as CNN.Config: config.parameterCount
            case let config as ResNet.Config: config.parameterCount
            case let config as VisionTransformer.Config: config.parameterCount
            case let config as TokenEncoder.Config: config.parameterCount
            default: nil
            }
        if let bound { #expect(bound == architecture.layout.count) }
    }

    @Test("running statistics: two numbers a normalised channel")
    func buffers() {
        #expect(Architecture.resnet(.init(depth: 18)).layout.bufferCount == 9_600)
        #expect(Architecture.resnet(.init(depth: 20)).layout.bufferCount == 2 * (16 * 7 + 32 * 7 + 64 * 7))
        #expect(Architecture.mlp(.init(widths: [4, 5, 6, 3], norm: .batch)).layout.bufferCount == 22)
        #expect(Architecture.mlp(.init(widths: [4, 5, 6, 3], norm: .layer)).layout.bufferCount == 0)
    }

    @Test("names: torchvision's, PyTorch's, the zoos'")
    func names() {
        func has(_ architecture: Architecture, _ names: [String]) -> Bool {
            names.allSatisfy { architecture.layout.slot(named: $0) != nil }
        }
        #expect(has(.resnet(.init(depth: 18)), ["conv1.weight", "bn1.bias", "layer4.1.bn2.weight", "fc.bias"]))
        #expect(has(.resnet(.init(depth: 18)), ["layer4.0.downsample.0.weight", "layer4.0.downsample.1.bias"]))
        let block = "encoder.layers.encoder_layer_5"
        #expect(has(.vit(.init()), ["\(block).mlp.3.bias", "\(block).ln_2.weight", "heads.head.bias"]))
        let zoo = [0, 3, 6, 9, 11].map { "module_list.\($0).weight" }
        #expect(has(.cnn(.init(size: .small)), zoo))
        #expect(has(.cnn(.init(size: .large)), [0, 4, 8, 13, 16].map { "module_list.\($0).bias" }))
        #expect(has(.cnn(.init(size: .small, dropout: 0.1)), [0, 4, 8, 11, 14].map { "module_list.\($0).bias" }))
    }
}
