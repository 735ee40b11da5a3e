import Tensors

/// An elementwise nonlinearity.
public enum Activation: String, Codable, Hashable, Sendable, CaseIterable {
    /// max(x, 0).
    case relu
    /// Hyperbolic tangent.
    case tanh
    /// x Phi(x), exact.
    case gelu
    /// 1 / (1 + e^-x).
    case sigmoid
    /// x sigmoid(x).
    case silu

    /// Applies the function elementwise.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .relu: x.relu()
        case .tanh: x.tanh()
        case .gelu: x.gelu()
        case .sigmoid: x.sigmoid()
        case .silu: x.silu()
        }
    }

    /// What may be done to a unit's incoming weights if its outgoing ones undo it.
    public var scaling: SymmetryGroup.Scaling {
        switch self {
        case .relu: .positive
        case .tanh: .sign
        case .gelu, .sigmoid, .silu: .none
        }
    }
}
