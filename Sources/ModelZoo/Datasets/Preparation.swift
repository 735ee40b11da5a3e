/// How raw values become inputs: x * scale + shift, in double precision, then rounded once; missing ones are filled first.
public struct Preparation: Codable, Hashable, Sendable {
    /// What raw values are multiplied by.
    public let scale: PerFeature
    /// What is added after that.
    public let shift: PerFeature
    /// What stands for a missing (NaN) raw value; nil where there must be none.
    public let missing: PerFeature?

    /// Takes factors and summands, each one for all features or one a feature.
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
    func apply(to raw: [Float], featureCount: Int) -> [Float] {
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
