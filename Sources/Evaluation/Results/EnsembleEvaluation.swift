import Tensors

/// Judges populations beside one zoo: the same measurements for the zoo itself, fresh, generated and baseline networks.
///
/// What only concerns the zoo and the fresh networks (their distances, the unit, the wrong sets) is measured once.
public struct EnsembleEvaluation: Sendable {
    /// The training networks, beside which every population is judged.
    public let zoo: JudgedPopulation
    /// Freshly trained networks that took part in nothing, where there are any.
    public private(set) var fresh: JudgedPopulation?
    /// The classes of the test inputs, [n].
    public let labels: [Int32]
    /// What counts as distance 1.
    public private(set) var unit: NoveltyUnit
    let frame: SymmetryFrame
    private let zooWrong: WrongSets
    private let zooRates: PredictionRates
    private let zooToZoo: [Neighbour]
    private var freshToZoo: [Neighbour]
    private var contributions: ContributionScale?
    private let run: (arm: String, seed: UInt64)

    /// A population's row, and the nearest neighbours that it was made from.
    public struct Result: Sendable, Equatable {
        /// Everything that was measured of the population.
        public var row: EvaluationRow
        /// Nearest neighbours in four directions.
        public let nearest: NearestDistances
    }

    /// Prepares the judging; traps where D or the number of test inputs differ between populations. `arm` and `seed`
    /// are the run's that the rows belong to. The processes of the frame share all of it.
    public init(
        frame: SymmetryFrame, zoo: JudgedPopulation, fresh: JudgedPopulation?, labels: [Int32], arm: String = "main",
        seed: UInt64 = 0
    ) {
        self.frame = frame
        self.zoo = zoo
        self.fresh = fresh
        self.labels = labels
        run = (arm, seed)
        let contributions = ContributionScale(
            zoo: zoo.contributions, fresh: fresh?.contributions, sharing: frame.sharing)
        self.contributions = contributions
        zooWrong = WrongSets(predictions: zoo.predictions, labels: labels)
        zooRates = PredictionRates(within: zoo.predictions)
        zooToZoo = frame.nearest(within: zoo.networks, hints: zooRates.hints)
        freshToZoo = fresh.map { Self.distances(of: $0, to: zoo, frame, contributions) } ?? []
        unit = NoveltyUnit(freshToZoo: freshToZoo, zooToZoo: zooToZoo)
    }

    private static func distances(
        of fresh: JudgedPopulation, to zoo: JudgedPopulation, _ frame: SymmetryFrame,
        _ contributions: ContributionScale?
    ) -> [Neighbour] {
        frame.distances(
            from: fresh.networks, to: zoo.networks,
            hints: PredictionRates(fresh.predictions, zoo: zoo.predictions).hints(
                and: contributions?.freshToZoo.map(\.index) ?? [])
        ).nearestToRows()
    }

    /// The same zoo beside other fresh networks, whose distance is then the unit: those of this one after a finish. What
    /// concerns the zoo alone is not measured again.
    public func beside(fresh: JudgedPopulation) -> EnsembleEvaluation {
        var other = self
        other.fresh = fresh
        other.contributions = ContributionScale(
            zoo: zoo.contributions, fresh: fresh.contributions, sharing: frame.sharing)
        other.freshToZoo = Self.distances(of: fresh, to: zoo, frame, other.contributions)
        other.unit = NoveltyUnit(freshToZoo: other.freshToZoo, zooToZoo: zooToZoo)
        return other
    }

    /// The zoo's own row: every network against the others.
    public func judgeZoo(label: String? = nil) -> Result {
        let neighbours = zooToZoo.map(\.index)
        return result(
            .zoo, label, zoo, NearestDistances(zooToZoo: zooToZoo), zooWrong, WrongSetOverlap(within: zooWrong),
            Disagreement(zooRates, neighbours: neighbours), contributions?.zooToZoo)
    }

    /// The fresh networks' row; nil without any.
    public func judgeFresh(label: String? = nil) -> Result? {
        fresh.map { judge($0, as: .fresh, label: label) }
    }

    /// The row of any other population. `lost` more networks were not finite: they count as never right, and have no
    /// distance.
    public func judge(
        _ population: JudgedPopulation, as kind: PopulationKind, label: String? = nil, lost: Int = 0
    ) -> Result {
        let rates = PredictionRates(population.predictions, zoo: zoo.predictions)
        let contributors = contributions?.nearest(population.contributions)
        let nearest = NearestDistances(
            zooToZoo: zooToZoo,
            samples: frame.distances(
                within: population.networks, hints: PredictionRates(within: population.predictions).hints),
            samplesToZoo: frame.distances(
                from: population.networks, to: zoo.networks, hints: rates.hints(and: contributors?.map(\.index) ?? [])))
        let wrong = WrongSets(predictions: population.predictions, labels: labels)
        let neighbours = nearest.sampleToZoo.map(\.index)
        return result(
            kind, label, population, nearest, wrong, WrongSetOverlap(wrong, zoo: zooWrong),
            Disagreement(rates, neighbours: neighbours, contributors: contributors?.map(\.index) ?? []), contributors,
            lost: lost)
    }

    private func result(
        _ kind: PopulationKind, _ label: String?, _ population: JudgedPopulation, _ nearest: NearestDistances,
        _ wrong: WrongSets, _ overlap: WrongSetOverlap, _ disagreement: Disagreement, _ contributors: [Neighbour]?,
        lost: Int = 0
    ) -> Result {
        let points =
            zip(0..<population.count, nearest.sampleToZoo).map { network, neighbour in
                NetworkPoint(
                    accuracy: wrong.accuracy(of: network), distance: unit.ratio(neighbour.distance),
                    nearestZoo: neighbour.index)
            } + [NetworkPoint](repeating: .lost, count: lost)
        var codeSpread: CodeSpread?
        if let codes = population.codes, let reference = zoo.codes {
            codeSpread = CodeSpread(generated: codes, zoo: reference)
        }
        let row = EvaluationRow(
            arm: run.arm, seed: run.seed, kind, label: label, count: points.count,
            testAccuracy: SampleStatistics(inOrder: points.map(\.accuracy)),
            validationAccuracy: population.validationAccuracies.map { SampleStatistics($0) },
            novelty: Novelty(
                nearest, unit: unit, freshToZoo: freshToZoo, lost: lost,
                contributions: contributors.flatMap { contributions?.ratios($0, lost: lost) }, wrongSets: overlap,
                disagreement: disagreement),
            codeSpread: codeSpread, points: points)
        return Result(row: row, nearest: nearest)
    }
}

/// What evaluation needs to know of a population: its weights in the common frame and what it predicts.
public struct JudgedPopulation: Sendable {
    /// The networks in normal form: what distances are measured between.
    public let networks: PlacedNetworks
    /// Predicted classes on the test set, [P][n].
    public let predictions: [[Int32]]
    /// Accuracies on the validation set, [P].
    public let validationAccuracies: [Double]?
    /// Codes in the generator's coordinates, [P, K].
    public let codes: Tensor?
    /// What units contribute on training rows; nil where it was not measured.
    public let contributions: Contributions?

    /// Puts together one population; traps where the numbers of networks differ.
    public init(
        networks: PlacedNetworks, predictions: [[Int32]], validationAccuracies: [Double]? = nil, codes: Tensor? = nil,
        contributions: Contributions? = nil
    ) {
        precondition(
            predictions.count == networks.count
                && validationAccuracies.map { $0.count == networks.count } ?? true
                && codes.map { $0.rank == 2 && $0.shape[0] == networks.count } ?? true
                && contributions.map { $0.count == networks.count } ?? true,
            "JudgedPopulation: \(networks.count) networks, predictions of \(predictions.count)")
        self.networks = networks
        self.predictions = predictions
        self.validationAccuracies = validationAccuracies
        self.codes = codes
        self.contributions = contributions
    }

    /// P, the number of networks.
    public var count: Int { predictions.count }

    /// Some of the networks, in this order and as often as they are named, without their codes: nothing is measured again.
    public func selecting(_ rows: [Int]) -> JudgedPopulation {
        JudgedPopulation(
            networks: networks.selecting(rows), predictions: rows.map { predictions[$0] },
            validationAccuracies: validationAccuracies.map { all in rows.map { all[$0] } },
            contributions: contributions?.selecting(rows))
    }
}
