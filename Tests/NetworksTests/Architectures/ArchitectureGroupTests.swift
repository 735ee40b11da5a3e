import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Networks

@Suite("Groups of architectures")
struct ArchitectureGroupTests {
    private static func scalings(_ architecture: Architecture) -> [SymmetryGroup.Scaling] {
        architecture.layout.groups.map(\.scaling)
    }

    @Test("signs are not free behind a maximum; positive scales are")
    func maximum() {
        #expect(Self.scalings(.cnn(.init(size: .small, activation: .tanh))) == [.none, .none, .sign, .sign])
        #expect(Self.scalings(.cnn(.init(size: .large, activation: .tanh))) == [.none, .none, .none, .sign])
        #expect(Self.scalings(.cnn(.init(size: .small, activation: .relu))).allSatisfy { $0 == .positive })
        #expect(Self.scalings(.cnn(.init(size: .large, activation: .gelu))).allSatisfy { $0 == .none })
        #expect(Self.scalings(.lenet5(.init(activation: .tanh))) == [.none, .none, .sign, .sign])
        let average = LeNet5.Config(activation: .tanh, pooling: .average)
        #expect(Self.scalings(.lenet5(average)).allSatisfy { $0 == .sign })
    }

    @Test("flipping a channel that is pooled by its maximum does change the outputs")
    func flippedMaximum() throws {
        let sample = SampleNetwork(.cnn(.init(size: .small, activation: .tanh)))
        let identity = SymmetryElement.identity(sample.layout).permutations
        let flip = SymmetryElement(permutations: identity, scales: [Array(repeating: -1, count: 8), nil, nil, nil])
        #expect(throws: DataError.self) { try flip.validate(for: sample.layout) }
        let x = Formula.inputs(sample.architecture.input, 3)
        #expect(relativeDifference(sample.moved(flip).outputs(x), sample.outputs(x)) > 1e-3)
    }

    @Test("flattened channels are blocks of the linear layer's inputs")
    func flattened() throws {
        let layout = Architecture.cnn(.init(size: .small)).layout
        let hidden = try #require(layout.slot(named: "module_list.9.weight"))
        #expect(hidden.shape == [20, 36] && hidden.axes == [3, 2])
        #expect(hidden.actions[1] == GroupAction(.outgoing, block: 9))
        let second = try #require(layout.slot(named: "module_list.3.weight"))
        #expect(second.shape == [6, 8, 5, 5] && second.axes == [1, 0, nil, nil])
    }

    @Test("a residual stream is one group for a stage, tied across its blocks and into the next stage")
    func streams() throws {
        let layout = Architecture.resnet(.init(depth: 20, width: 4)).layout
        let names = layout.groups.map(\.name)
        #expect(names.filter { !$0.contains(".") } == ["layer1", "layer2", "layer3"] && names.count == 12)
        #expect(layout.groups.allSatisfy { $0.scaling == .positive })
        func axes(_ name: String) throws -> [String?] {
            try #require(layout.slot(named: name)).axes.map { $0.map { names[$0] } }
        }
        #expect(try axes("conv1.weight") == ["layer1", nil, nil, nil])
        #expect(try axes("layer1.2.conv2.weight") == ["layer1", "layer1.2.conv1", nil, nil])
        #expect(try axes("layer2.0.conv1.weight") == ["layer2.0.conv1", "layer1", nil, nil])
        #expect(try axes("layer2.0.downsample.0.weight") == ["layer2", "layer1", nil, nil])
        #expect(try axes("layer2.0.downsample.1.bias") == ["layer2"])
        #expect(try axes("fc.weight") == [nil, "layer3"])
        let conv = try #require(layout.slot(named: "layer1.0.conv1.weight"))
        #expect(conv.actions[0].side == .unscaled && conv.actions[1].side == .outgoing)
        let mean = try #require(layout.buffers.first { $0.name == "layer2.0.downsample.1.running_var" })
        #expect(mean.axes.map { $0.map { names[$0] } } == ["layer2"] && mean.actions[0].side == .unscaled)
    }

    @Test("a transformer has one stream, and heads and hidden units in every block")
    func transformer() throws {
        let layout = Architecture.vit(.init()).layout
        #expect(layout.groups.map(\.size) == [192] + Array(repeating: [3, 768], count: 6).flatMap { $0 })
        let blocks = try #require(layout.slot(named: "encoder.layers.encoder_layer_0.self_attention.in_proj_weight"))
        #expect(blocks.axes == [1, 0] && blocks.actions[0] == GroupAction(.incoming, repeats: 3, block: 64))
        let tokens = ["class_token", "encoder.pos_embedding"].map { layout.slot(named: $0)?.axes }
        #expect(tokens == [[nil, nil, 0], [nil, nil, 0]])
        let text = Architecture.encoder(.init(vocabulary: 7, length: 3, outputs: 1)).layout
        #expect(text.slot(named: "token_embedding.weight")?.axes == [nil, 0])
        #expect(text.groups.allSatisfy { $0.scaling == .none })
    }
}
