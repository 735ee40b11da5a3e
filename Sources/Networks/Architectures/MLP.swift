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

    /// Declares the layers, then the norms. Hidden units of a layer form a symmetry group.
    public init(_ config: Config) {
        var builder = ParameterLayout.Builder()
        let hidden = config.widths.dropFirst().dropLast()
        let groups = hidden.enumerated().map { index, width in
            builder.addGroup("layers.\(index)", size: width, scaling: config.activation.scaling)
        }
        layers = config.widths.dropFirst().enumerated().map { index, width in
            let isLast = index == groups.count
            return Linear(
                "layers.\(index)", in: config.widths[index], out: width, bias: config.hasBias, layout: &builder,
                inputGroup: index == 0 ? nil : groups[index - 1], outputGroup: isLast ? nil : groups[index],
                isNormalized: !isLast && config.norm != .none)
        }
        norms = hidden.enumerated().compactMap { index, width in
            switch config.norm {
            case .none: nil
            case .batch:
                .batch(BatchNorm("norms.\(index)", channels: width, layout: &builder, group: groups[index]))
            case .layer: .layer(LayerNorm("norms.\(index)", width: width, layout: &builder, group: groups[index]))
            }
        }
        activation = config.activation
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
