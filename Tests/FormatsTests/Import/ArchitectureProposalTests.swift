import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Descriptions that tensors could be of")
struct ArchitectureProposalTests {
    private func proposals(_ architecture: Architecture, _ name: (String) -> String = { $0 }, features: Int? = nil)
        -> [Architecture]
    {
        let slots = architecture.layout.slots + architecture.layout.buffers
        let tensors = ForeignNetwork(slots.map { (name($0.name), $0.shape, [Float](repeating: 0, count: $0.count)) })
            .tensors
        return ArchitectureProposal(TensorView(tensors), isOrdered: true, features: features).architectures()
    }

    private static let samples: [Architecture] = [
        .mlp(MLP.Config(widths: [64, 16, 10])), .mlp(MLP.Config(widths: [4, 4, 4, 4])),
        .mlp(MLP.Config(widths: [6, 5, 4], norm: .batch)), .mlp(MLP.Config(widths: [6, 5, 4], bias: false)),
        .cnn(.init(size: .small, activation: .tanh)),
        .convolutional(
            .init(image: ImageExtent(channels: 1, height: 8, width: 8), channels: [4, 8], paddings: [1])),
        .convolutional(
            .init(
                image: ImageExtent(channels: 1, height: 28, width: 28), channels: [4, 8], kernels: [5, 3],
                norm: .batch, hidden: [12])),
        .convolutional(
            .init(image: ImageExtent(channels: 3, height: 32, width: 32), channels: [4, 8, 16], paddings: [1]) {
                $0.readout = .mean
            }),
        .resnet(.init(depth: 20, width: 2)), .resnet(.init(depth: 18, width: 2)),
        .vit(.init(depth: 1, width: 12, heads: 3)),
    ]

    @Test("every kind is recognised by its tensors", arguments: samples)
    func recognised(_ architecture: Architecture) {
        let found = proposals(architecture, features: architecture.input.count)
        #expect(found.contains(architecture), "\(found)")
    }

    @Test("by other names too: a Sequential's numbers say where it pools")
    func sequential() throws {
        let architecture = Architecture.convolutional(
            .init(
                image: ImageExtent(channels: 1, height: 8, width: 8), channels: [4, 8], paddings: [1], pools: [2, 1]))
        let scheme = try #require(architecture.nameSchemes.first)
        #expect(proposals(architecture, scheme.theirs, features: 64).first == architecture)
    }

    @Test("what is no chain of layers has no description")
    func none() {
        let odd = ForeignNetwork([("a.weight", [2, 2, 2], [Float](repeating: 0, count: 8))]).tensors
        #expect(ArchitectureProposal(TensorView(odd), isOrdered: true).texts().isEmpty)
        let broken = ForeignNetwork([("0.weight", [3, 4], risingFloats(12)), ("1.weight", [2, 5], risingFloats(10))])
            .tensors
        #expect(ArchitectureProposal(TensorView(broken), isOrdered: true).texts().isEmpty)
    }
}

/// 0, 1, 2, ...
private func risingFloats(_ count: Int) -> [Float] { (0..<count).map { Float($0) } }
