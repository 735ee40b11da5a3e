import Basics

/// The energy distance between the sample and the other rows: no bandwidth, no bins, any number of columns.
///
/// Of the model's logits it asks whether the model answers differently, and any harm that can be seen without labels
/// goes through its answers; of features it asks whether the inputs are different, which they often are without harm.
///
/// Source: Szekely and Rizzo, Testing for equal distributions in high dimension, 2004.
public struct EnergyMethod: ShiftMethod {
    /// What is compared.
    public var on = ShiftSpace.logits

    /// On the model's logits.
    public init() {}
    /// The same on other numbers of the rows.
    public init(on: ShiftSpace) { self.on = on }

    /// What is compared.
    public static let keys = [ShiftSpace.key("What is compared by Euclidean distances")]

    /// Where features are compared.
    public var needsFeatures: Bool { on == .features }

    /// 2 E|X - Y| - E|X - X'| - E|Y - Y'| over all pairs.
    public func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        let pairs = PairSums(pool.points(on), .distance)
        return try map(samples, of: pool, progress: progress) { pairs.sums(of: $0).energy }
    }
}
