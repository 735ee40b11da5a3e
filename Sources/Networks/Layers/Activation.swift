import Basics
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

    /// Whether the function of the largest of some numbers is the largest of its values, to the last bit, and the
    /// derivative goes the same way.
    var commutesWithMaximum: Bool { self == .relu }

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

extension Activation {
    /// The kind's name in files, without parameters: "relu", "leaky-relu".
    public var name: String {
        switch self {
        case .relu: "relu"
        case .tanh: "tanh"
        case .gelu: "gelu"
        case .sigmoid: "sigmoid"
        case .silu: "silu"
        case .leakyReLU: "leaky-relu"
        case .geluTanh: "gelu-tanh"
        case .elu: "elu"
        case .selu: "selu"
        case .softplus: "softplus"
        }
    }

    /// The kind of that name with its default parameters, or nil.
    public init?(named name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}

/// A name where parameters are the defaults, `"leaky-relu"`; otherwise `{"kind":"leaky-relu","slope":0.2}`.
extension Activation: Codable {
    private enum CodingKeys: String, CodingKey { case kind, slope, alpha }

    /// Reads either form; throws on an unknown kind, and names the known ones.
    public init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            self = try Self.kind(name, decoder)
            return
        }
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func refuse(except parameters: CodingKeys...) throws {
            try decoder.refuseKeys(except: ([.kind] + parameters).map(\.rawValue))
        }
        switch try Self.kind(try fields.decode(String.self, forKey: .kind), decoder) {
        case .leakyReLU(let usual):
            try refuse(except: .slope)
            self = .leakyReLU(slope: try fields.decodeIfPresent(Double.self, forKey: .slope) ?? usual)
        case .elu(let usual):
            try refuse(except: .alpha)
            self = .elu(alpha: try fields.decodeIfPresent(Double.self, forKey: .alpha) ?? usual)
        case let kind:
            try refuse()
            self = kind
        }
    }

    private static func kind(_ name: String, _ decoder: any Decoder) throws -> Activation {
        guard let kind = Activation(named: name) else {
            let names = allCases.map(\.name)
            let known = names.joined(separator: ", ")
            let near = Nearest.match(name, among: names).map { ", did you mean \($0)?" } ?? ""
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "unknown activation \"\(name)\"\(near); known: \(known)"))
        }
        return kind
    }

    /// Writes the shorter form that says everything.
    public func encode(to encoder: any Encoder) throws {
        if self == Activation(named: name) {
            var field = encoder.singleValueContainer()
            try field.encode(name)
            return
        }
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .kind)
        switch self {
        case .leakyReLU(let slope): try fields.encode(slope, forKey: .slope)
        case .elu(let alpha): try fields.encode(alpha, forKey: .alpha)
        default: break
        }
    }
}

/// Activations that a few elementwise operations make up. relu is kept apart from the rest,
/// n = x - relu(x) = min(x, 0), so that at 0 the derivative is that of the lower branch, as in PyTorch, and nothing
/// grows with e^x.
extension Tensor {
    /// Elementwise x above 0, slope x below (Maas, Hannun, Ng, 2013); derivative `slope` at 0 and at NaN, as in PyTorch.
    public func leakyReLU(slope: Double = 0.01) -> Tensor {
        let positive = positivePart()
        return positive + (self - positive).scaled(by: slope)
    }

    /// Elementwise x above 0, alpha (e^x - 1) below (Clevert, Unterthiner, Hochreiter, 2016); derivative alpha at 0.
    ///
    /// The second derivative at 0 is alpha too, the lower branch's; PyTorch's is 0 there. The derivative at NaN is NaN;
    /// PyTorch's is 1.
    public func elu(alpha: Double = 1) -> Tensor {
        let positive = relu()
        return positive + (self - positive).expm1().scaled(by: alpha)
    }

    /// Elementwise lambda elu(x, alpha), lambda = 1.0507..., alpha = 1.6733... (Klambauer et al., 2017, eq. 2 and 14).
    public func selu() -> Tensor {
        elu(alpha: 1.6732632423543772848).scaled(by: 1.0507009873554804934)
    }
}
