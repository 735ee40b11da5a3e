/// What can be certified of an ensemble beside its zoo, besides the verdict: whatever was measured.
///
/// Everything in it is a function of the judged rows with their single networks, of the networks' outputs on test
/// inputs, and of bars that were fixed before the ensemble was looked at. Nothing is chosen by it.
public struct Certificate: Sendable, Equatable, Codable {
    /// Novelty-and-performance profiles: bar after bar the ensemble's, the fresh networks' and the zoo's own.
    public var profiles: [NoveltyProfile]
    /// Whether the ensemble lies nearer to the zoo than fresh networks do; nil without fresh networks.
    public var memorization: MemorizationTest?
    /// How much its networks differ, beside the zoo's; nil for a single network.
    public var diversity: EnsembleDiversity?
    /// What a vote of ten gains, beside ten fresh ones; nil for a single network.
    public var gain: EnsembleGain?
    /// Where a run's accuracy goes; nil where no run is known that drew the ensemble.
    public var budget: ErrorBudget?

    private enum CodingKeys: String, CodingKey {
        case profiles, memorization, diversity, gain, budget
    }

    /// By how much the usual bar lies below the zoo's mean accuracy: what the verdict lets equals lose.
    public static var barMargin: Double { VerdictLimits().accuracyLoss }

    /// The accuracy bars of a profile where none are given: one, a point below the zoo's mean test accuracy.
    public static func usualBars(zoo: EvaluationRow) -> [Double] { [zoo.testAccuracy.mean - barMargin] }

    /// Reads what can be read off the rows of one run, which have their single networks; bars are fractions, the usual
    /// one where none are given.
    public init(_ rows: [EvaluationRow], bars: [Double] = []) {
        func row(_ kind: PopulationKind) -> EvaluationRow? { rows.first { $0.population == kind } }
        let (zoo, generated, fresh) = (row(.zoo), row(.generated), row(.fresh))
        let known = zoo.map { bars.isEmpty ? Self.usualBars(zoo: $0) : bars } ?? []
        profiles = known.flatMap { bar in
            [generated, fresh, zoo].compactMap { row in
                zoo.flatMap { zoo in row.flatMap { NoveltyProfile($0, zoo: zoo, bar: bar) } }
            }
        }
        if let generated, let fresh { memorization = MemorizationTest(generated, fresh: fresh) }
    }
}
