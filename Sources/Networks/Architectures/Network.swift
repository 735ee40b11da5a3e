import Tensors

/// A function of inputs and flat parameters. It holds no weights.
public protocol Network: Sendable {
    /// Where its parameters lie.
    var layout: ParameterLayout { get }

    /// Logits or outputs.
    ///
    /// - x: [B, in] shared by all networks, or [P, B, in].
    /// - returns [B, out] for flat [D], [P, B, out] for flat [P, D].
    func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor
}

extension Architecture {
    /// The network of this description.
    public var network: any Network {
        switch self {
        case .mlp(let config): MLP(config)
        }
    }

    /// Where the parameters lie.
    public var layout: ParameterLayout { network.layout }
}
