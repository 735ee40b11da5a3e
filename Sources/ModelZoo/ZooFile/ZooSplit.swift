/// What a network of a zoo may be used for; by network, never by checkpoint.
public enum ZooSplit: Int, CaseIterable, Codable, Sendable {
    /// Generators are fitted to these.
    case train = 0
    /// Choices are made on these.
    case validation = 1
    /// Held out: judged against, never learned from.
    case test = 2
}

extension ZooSplit: CustomStringConvertible {
    /// `train`, `validation` or `test`.
    public var description: String {
        switch self {
        case .train: "train"
        case .validation: "validation"
        case .test: "test"
        }
    }
}
