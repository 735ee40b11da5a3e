import Tensors

/// An elementwise nonlinearity. Derivatives at the kinks are PyTorch's.
public enum Activation: Hashable, Sendable {
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
    /// x above 0, slope x below; PyTorch's default slope.
    case leakyReLU(slope: Double = 0.01)
    /// GELU with Phi approximated by a hyperbolic tangent.
    case geluTanh
    /// x above 0, alpha (e^x - 1) below; PyTorch's default alpha.
    case elu(alpha: Double = 1)
    /// ELU with the constants that keep mean and variance.
    case selu
    /// log(1 + e^x).
    case softplus

    /// Applies the function elementwise.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .relu: x.relu()
        case .tanh: x.tanh()
        case .gelu: x.gelu()
        case .sigmoid: x.sigmoid()
        case .silu: x.silu()
        case .leakyReLU(let slope): x.leakyReLU(slope: slope)
        case .geluTanh: x.geluTanh()
        case .elu(let alpha): x.elu(alpha: alpha)
        case .selu: x.selu()
        case .softplus: x.softplus()
        }
    }

    /// What may be done to a unit's incoming weights if its outgoing ones undo it.
    public var scaling: SymmetryGroup.Scaling {
        switch self {
        case .relu, .leakyReLU: .positive
        case .tanh: .sign
        case .gelu, .sigmoid, .silu, .geluTanh, .elu, .selu, .softplus: .none
        }
    }
}

extension Activation: CaseIterable {
    /// Every kind, with default parameters.
    public static let allCases: [Activation] = [
        .relu, .tanh, .gelu, .sigmoid, .silu, .leakyReLU(), .geluTanh, .elu(), .selu, .softplus,
    ]
}
