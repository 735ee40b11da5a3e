import Basics

/// The largest Kolmogorov-Smirnov distance over the columns: of the model's probabilities this is black-box shift
/// detection.
///
/// As published, each class has a test of its own and Bonferroni's correction. For samples of one size the largest
/// distance and the smallest of those p-values say the same; here it is compared with the largest distances of other
/// subsets, which corrects for the number of columns exactly, and not from above.
///
/// Source: Rabanser, Guennemann and Lipton, Failing loudly, 2019; Lipton, Wang and Smola, 2018.
public struct KolmogorovSmirnovMethod: ShiftMethod {
    /// What is compared.
    public var on = ShiftSpace.probabilities

    /// On the model's probabilities.
    public init() {}
    /// The same on other numbers of the rows.
    public init(on: ShiftSpace) { self.on = on }

    /// What is compared.
    public static let keys = [ShiftSpace.key("What is compared, column by column")]

    /// Where columns are features.
    public var needsFeatures: Bool { on == .features }

    /// max over columns of max |F(x) - G(x)|.
    public func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        let columns = OrderedColumns(pool.points(on))
        return try map(samples, of: pool, progress: progress) { columns.largestGap(of: $0) }
    }
}
