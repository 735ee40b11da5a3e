import Tensors

/// A multilayer perceptron: Linear, norm, activation, ..., Linear. Slots are PyTorch's: layers.0.weight, layers.0.bias,
/// norms.0.weight, ...
public struct MLP: Network {
    /// Where the parameters lie.
    public let layout: ParameterLayout
    private let layers: [Linear]
    private let norms: [Norm]
    private let activation: Activation

    /// What stands between a hidden layer and its activation.
    private enum Norm: Sendable {
        case batch(BatchNorm)
        case layer(LayerNorm)
    }

    /// Declares the layers. Hidden units of a layer form a symmetry group.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        var layers: [Linear] = [], norms: [Norm] = []
        var inputGroup: Int?
        for (index, width) in config.widths.dropFirst().enumerated() {
            let isLast = index == config.widths.count - 2
            let group =
                isLast ? nil : builder.addGroup("layers.\(index)", size: width, scaling: config.activation.scaling)
            layers.append(
                Linear(
                    "layers.\(index)", in: config.widths[index], out: width, bias: config.hasBias, layout: &builder,
                    inputGroup: inputGroup, outputGroup: group, isNormalized: !isLast && config.norm != .none))
            inputGroup = group
            if isLast { continue }
            switch config.norm {
            case .none: break
            case .batch:
                norms.append(.batch(BatchNorm("norms.\(index)", channels: width, layout: &builder, group: group)))
            case .layer:
                norms.append(.layer(LayerNorm("norms.\(index)", width: width, layout: &builder, group: group)))
            }
        }
        (self.layers, self.norms, activation) = (layers, norms, config.activation)
        layout = builder.layout()
    }

    /// - x: [B, in] or [P, B, in]; returns [B, out] or [P, B, out].
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        var h = x
        for (index, layer) in layers.enumerated() {
            h = layer(parameters, h)
            if index == layers.count - 1 { break }
            if !norms.isEmpty { h = normalized(index, parameters, h, &pass) }
            h = activation(h)
        }
        return h
    }

    private func normalized(
        _ index: Int, _ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass
    ) -> Tensor {
        switch norms[index] {
        case .batch(let norm): norm(parameters, x, &pass)
        case .layer(let norm): norm(parameters, x)
        }
    }
}
