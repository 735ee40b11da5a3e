/// A short description of a network's family, as it stands in a zoo file: `{"kind":"mlp","widths":[64,32,10],...}`.
public enum Architecture: Hashable, Sendable {
    /// A multilayer perceptron.
    case mlp(MLP.Config)
}

extension Architecture: Codable {
    private enum CodingKeys: String, CodingKey { case kind }

    /// Reads the description of the named kind; throws on an unknown kind or impossible extents.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let kind = try fields.decode(String.self, forKey: .kind)
        switch kind {
        case "mlp": self = .mlp(try MLP.Config(from: decoder))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: fields, debugDescription: "unknown architecture kind \"\(kind)\"; known: mlp")
        }
    }

    /// Writes the kind beside the description's own keys.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .mlp(let config):
            try fields.encode("mlp", forKey: .kind)
            try config.encode(to: encoder)
        }
    }
}
