import Networks
import Tensors
import Testing

/// Networks of every kind of symmetry: one and several hidden layers, vectors of norms, kernels, flattened channels,
/// residual streams and the heads of attentions.
let neuronNetworks: [NeuronNetwork] = [
    NeuronNetwork("mlp 5-7-3", MLP(.init(widths: [5, 7, 3], activation: .relu))),
    NeuronNetwork("mlp 5-7-6-3", MLP(.init(widths: [5, 7, 6, 3], activation: .relu))),
    NeuronNetwork("mlp 4-5-6-4-3, no biases", MLP(.init(widths: [4, 5, 6, 4, 3], activation: .gelu, bias: false))),
    NeuronNetwork("mlp 5-7-6-3, batch norm", MLP(.init(widths: [5, 7, 6, 3], activation: .tanh, norm: .batch))),
    NeuronNetwork("linear 5-3", MLP(.init(widths: [5, 3], activation: .relu))),
    NeuronNetwork("cnn-s", ZooCNN(.init(size: .small, activation: .tanh))),
    NeuronNetwork(
        "resnet 20",
        ResNet(.init(depth: 20, image: ImageExtent(channels: 1, height: 8, width: 8), width: 3, outputs: 3))),
    NeuronNetwork(
        "vit",
        VisionTransformer(
            .init(
                image: ImageExtent(channels: 3, height: 8, width: 12), depth: 1, width: 6, heads: 3, hidden: 5,
                outputs: 3))),
]

/// A network with a name for the log.
struct NeuronNetwork: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let layout: ParameterLayout

    init(_ name: String, _ network: some Network) { (testDescription, layout) = (name, network.layout) }

    /// Random weights [count, D].
    func weights(_ count: Int, _ stream: inout RandomStream) -> Tensor { stream.normal([count, layout.count]) }

    /// A random reordering of all units.
    func reordering(_ stream: inout RandomStream) -> SymmetryElement {
        .random(layout, permutation: { stream.permutation($0) })
    }
}

extension SymmetryElement {
    /// Every row of [N, D], reordered; exact in either precision.
    func apply(_ rows: Tensor, _ layout: ParameterLayout) -> Tensor {
        let source = places(layout)
        return rows.gathered(axis: 1, source.map(Int32.init))
    }

    /// For every entry of a reordered network the entry that it was.
    func places(_ layout: ParameterLayout) -> [Int] {
        apply(to: (0..<layout.count).map(Float.init), layout: layout).map { Int($0) }
    }
}
