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
        switch try Self.kind(try fields.decode(String.self, forKey: .kind), decoder) {
        case .leakyReLU(let usual):
            self = .leakyReLU(slope: try fields.decodeIfPresent(Double.self, forKey: .slope) ?? usual)
        case .elu(let usual):
            self = .elu(alpha: try fields.decodeIfPresent(Double.self, forKey: .alpha) ?? usual)
        case let kind: self = kind
        }
    }

    private static func kind(_ name: String, _ decoder: any Decoder) throws -> Activation {
        guard let kind = Activation(named: name) else {
            let known = allCases.map(\.name).joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "unknown activation \"\(name)\"; known: \(known)"))
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
