/// One number for all features, or one for each; in JSON a number or an array of numbers.
public enum PerFeature: Hashable, Sendable {
    case uniform(Double)
    case each([Double])

    /// One value a feature; traps when there are values for another number of features.
    func expanded(to featureCount: Int) -> [Double] {
        switch self {
        case .uniform(let value): return [Double](repeating: value, count: featureCount)
        case .each(let values):
            precondition(values.count == featureCount, "\(values.count) values for \(featureCount) features")
            return values
        }
    }

    /// What keeps it from fitting that many features, or nil.
    func problem(featureCount: Int) -> String? {
        let values =
            switch self {
            case .uniform(let value): [value]
            case .each(let list): list
            }
        if case .each = self, values.count != featureCount { return "\(values.count) values" }
        return values.first { !$0.isFinite }.map { "the value \($0)" }
    }
}

extension PerFeature: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// The same number for all features.
    public init(floatLiteral value: Double) { self = .uniform(value) }

    /// The same number for all features.
    public init(integerLiteral value: Int) { self = .uniform(Double(value)) }
}

extension PerFeature: Codable {
    /// Reads a number or an array of numbers.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let single = try? value.decode(Double.self) {
            self = .uniform(single)
        } else {
            self = .each(try value.decode([Double].self))
        }
    }

    /// Writes a number or an array of numbers.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .uniform(let single): try value.encode(single)
        case .each(let list): try value.encode(list)
        }
    }
}
