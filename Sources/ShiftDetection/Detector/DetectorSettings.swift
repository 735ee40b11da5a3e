import Basics

/// What a detector was told when it was fitted, besides its data.
public struct DetectorSettings: Codable, Sendable, Equatable {
    /// The level of *different*.
    public var alpha = 0.05
    /// How much lower the model's estimated quality must be to be harmful, 0 to 1.
    public var margin = 0.05
    /// The sizes of samples that the detector is calibrated for.
    public var sizes = [10, 20, 50]
    /// The method that decides whether a sample is different.
    public var method = Described<ShiftMethodFamily>()
    /// Random subsets of reference and sample together that a sample is compared with.
    public var subsets = 999
    /// Key of all that is drawn.
    public var seed: UInt64 = 0
    /// What stands for a missing value; nil where missing values are refused.
    public var impute: Imputation?
    /// Codes for missing values of single columns.
    public var missing: [String: Set<String>] = [:]
    /// The column with the right class.
    public var label: String?
    /// Columns that are nobody's business: patients' numbers, dates.
    public var ignored: [String] = []
    /// What decides whether the model is worse.
    public var metric = PerformanceMetric.balancedAccuracy
    /// The ensembles that are fitted to T.
    public var ensembles = EnsemblesConfig()

    /// The standard settings.
    public init() {}

    /// The least rows of a reference from which anything can be learnt.
    public static let leastReference = 20
    /// The least rows of a sample about which anything can be said.
    public static let leastSample = 5

    /// Rows of sample and reference together up to which inputs are compared beside the deciding method: it costs their square.
    static let mostRowsBeside = 4_096

    /// Methods that are shown beside the deciding one: outputs class by class, then the inputs where features are known.
    public static let beside: [Described<ShiftMethodFamily>] = [
        Described(KolmogorovSmirnovMethod()), Described(ChiSquareMethod()), Described(EnergyMethod(on: .features)),
    ]

    /// Subsets that a decision at `alpha` needs: the least p-value, 1 / (n + 1), is a tenth of it at most.
    public static func subsets(for alpha: Double, atLeast least: Int) -> Int {
        alpha > 0 ? max(least, Int(min(1_000_001, (10 / alpha - 1e-6).rounded(.up))) - 1) : least
    }

    /// What cannot be, or nil.
    public var problem: String? {
        if !(alpha > 0 && alpha < 1) { return "alpha \(alpha)" }
        if !(margin >= 0 && margin < 1) { return "margin \(margin)" }
        if !(1...1_000_000).contains(subsets) { return "\(subsets) subsets" }
        if alpha * Double(subsets + 1) < 1 - 1e-9 { return "alpha \(alpha), which \(subsets) subsets never reach" }
        if sizes.isEmpty || sizes.contains(where: { $0 < Self.leastSample }) { return "sizes \(sizes)" }
        return nil
    }
}
