/// How raw values become inputs: x * scale + shift, in double precision, then rounded once; missing ones are filled first.
public struct Preparation: Codable, Hashable, Sendable {
    /// What raw values are multiplied by.
    public let scale: PerFeature
    /// What is added after that.
    public let shift: PerFeature
    /// What stands for a missing (NaN) raw value; nil where there must be none.
    public let missing: PerFeature?

    /// Takes factors and summands, each one number for all features, or one for each.
    public init(scale: PerFeature, shift: PerFeature = 0, missing: PerFeature? = nil) {
        self.scale = scale
        self.shift = shift
        self.missing = missing
    }

    /// Raw values as they are.
    public static let identity = Preparation(scale: 1)
    /// Pixels from 0 to 16 become 0 to 1.
    public static let sixteenths = Preparation(scale: 0.0625)
    /// Bytes from 0 to 255 become 0 to 1.
    public static let unitBytes = Preparation(scale: .uniform(1.0 / 255))

    /// (x / 255 - mean) / deviation, as image models often take their bytes; traps unless deviation is above 0.
    public static func standardizedBytes(mean: Double, deviation: Double) -> Preparation {
        precondition(deviation > 0, "preparation: a standard deviation of \(deviation)")
        return Preparation(scale: .uniform(1 / (255 * deviation)), shift: .uniform(-mean / deviation))
    }

    /// `standardizedBytes` with the mean and deviation of MNIST's training images, 0.1307 and 0.3081.
    public static let standardizedMNIST = standardizedBytes(mean: 0.1307, deviation: 0.3081)

    /// Inputs [n, features] from raw values of the same shape; traps unless the per-feature counts fit.
    package func apply(to raw: [Float], featureCount: Int) -> [Float] {
        if self == .identity { return raw }
        let scales = scale.expanded(to: featureCount)
        let shifts = shift.expanded(to: featureCount)
        let fillings = missing?.expanded(to: featureCount)
        return [Float](unsafeUninitializedCapacity: raw.count) { inputs, count in
            for start in stride(from: 0, to: raw.count, by: max(featureCount, 1)) {
                for feature in 0..<featureCount {
                    var value = Double(raw[start + feature])
                    if value.isNaN, let fillings { value = fillings[feature] }
                    inputs[start + feature] = Float(value * scales[feature] + shifts[feature])
                }
            }
            count = raw.count
        }
    }
}

/// One number for all features, or one for each; in JSON a number or an array of numbers.
public enum PerFeature: Hashable, Sendable {
    case uniform(Double)
    case each([Double])

    /// One value a feature; traps when there are values for another number of features.
    func expanded(to featureCount: Int) -> [Double] {
        switch self {
        case .uniform(let value): return [Double](repeating: value, count: featureCount)
        case .each(let values):
            if let size = channelSize(featureCount: featureCount) {
                return values.flatMap { [Double](repeating: $0, count: size) }
            }
            precondition(values.count == featureCount, "\(values.count) values for \(featureCount) features")
            return values
        }
    }

    /// Features of a channel where the values are one a channel: three, for square images of at least 8 by 8 pixels
    /// whose channels follow each other (torchvision's [channels, height, width], flattened).
    private func channelSize(featureCount: Int) -> Int? {
        guard case .each(let values) = self, values.count == 3, featureCount > 3, featureCount % 3 == 0 else {
            return nil
        }
        let (size, side) = (featureCount / 3, Int(Double(featureCount / 3).squareRoot().rounded()))
        return side >= 8 && side * side == size ? size : nil
    }

    /// What keeps it from fitting that many features, or nil.
    func problem(featureCount: Int) -> String? {
        let values =
            switch self {
            case .uniform(let value): [value]
            case .each(let list): list
            }
        if case .each = self, values.count != featureCount, channelSize(featureCount: featureCount) == nil {
            return "\(values.count) values"
        }
        return values.first { !$0.isFinite }.map { "the value \($0)" }
    }
}

extension PerFeature {
    /// One number for all features, or one each, as a zoo file records it.
    init(recorded values: [Double]) { self = values.count == 1 ? .uniform(values[0]) : .each(values) }

    /// The one number, or all: as a zoo file records it.
    public var values: [Double] {
        switch self {
        case .uniform(let value): [value]
        case .each(let values): values
        }
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
