import Tensors

/// Judges populations beside one zoo: the same measurements for the zoo itself, fresh, generated and baseline networks.
///
/// What only concerns the zoo and the fresh networks (their distances, the unit, the wrong sets) is measured once.
public struct EnsembleEvaluation: Sendable {
    /// The training networks, beside which every population is judged.
    public let zoo: JudgedPopulation
    /// Freshly trained networks that took part in nothing, where there are any.
    public let fresh: JudgedPopulation?
    /// The classes of the test inputs, [n].
    public let labels: [Int32]
    /// What counts as distance 1.
    public let unit: NoveltyUnit
    private let frame: SymmetryFrame
    private let zooWrong: WrongSets
    private let zooRates: PredictionRates
    private let zooToZoo: [Neighbour]
    private let freshToZoo: [Neighbour]
    private let run: (arm: String, seed: UInt64)

    /// A population's row, and the nearest neighbours that it was made from.
    public struct Result: Sendable, Equatable {
        /// Everything that was measured of the population.
        public let row: EvaluationRow
        /// Nearest neighbours in four directions.
        public let nearest: NearestDistances
    }

    /// Prepares the judging; traps where D or the number of test inputs differ between populations. `arm` and `seed`
    /// are the run's that the rows belong to.
    public init(
        frame: SymmetryFrame, zoo: JudgedPopulation, fresh: JudgedPopulation?, labels: [Int32], arm: String = "main",
        seed: UInt64 = 0
    ) {
        self.frame = frame
        self.zoo = zoo
        self.fresh = fresh
        self.labels = labels
        run = (arm, seed)
        zooWrong = WrongSets(predictions: zoo.predictions, labels: labels)
        zooRates = PredictionRates(within: zoo.predictions)
        zooToZoo = frame.distances(within: zoo.networks, hints: zooRates.hints).nearestToRows()
        freshToZoo =
            fresh.map { fresh in
                frame.distances(
                    from: fresh.networks, to: zoo.networks,
                    hints: PredictionRates(fresh.predictions, zoo: zoo.predictions).hints
                ).nearestToRows()
            } ?? []
        unit = NoveltyUnit(freshToZoo: freshToZoo, zooToZoo: zooToZoo)
    }

    /// The zoo's own row: every network against the others.
    public func judgeZoo(label: String? = nil) -> Result {
        let neighbours = zooToZoo.map(\.index)
        return result(
            .zoo, label, zoo, NearestDistances(zooToZoo: zooToZoo), zooWrong, WrongSetOverlap(within: zooWrong),
            Disagreement(zooRates, neighbours: neighbours))
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
        let nearest = NearestDistances(
            zooToZoo: zooToZoo, samples: frame.distances(within: population.networks),
            samplesToZoo: frame.distances(
                from: population.networks, to: zoo.networks, hints: rates.hints))
        let wrong = WrongSets(predictions: population.predictions, labels: labels)
        let neighbours = nearest.sampleToZoo.map(\.index)
        return result(
            kind, label, population, nearest, wrong, WrongSetOverlap(wrong, zoo: zooWrong),
            Disagreement(rates, neighbours: neighbours), lost: lost)
    }

    private func result(
        _ kind: PopulationKind, _ label: String?, _ population: JudgedPopulation, _ nearest: NearestDistances,
        _ wrong: WrongSets, _ overlap: WrongSetOverlap, _ disagreement: Disagreement, lost: Int = 0
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
                nearest, unit: unit, freshToZoo: freshToZoo, lost: lost, wrongSets: overlap, disagreement: disagreement),
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

    /// Puts together one population; traps where the numbers of networks differ.
    public init(
        networks: PlacedNetworks, predictions: [[Int32]], validationAccuracies: [Double]? = nil, codes: Tensor? = nil
    ) {
        precondition(
            predictions.count == networks.count
                && validationAccuracies.map { $0.count == networks.count } ?? true
                && codes.map { $0.rank == 2 && $0.shape[0] == networks.count } ?? true,
            "JudgedPopulation: \(networks.count) networks, predictions of \(predictions.count)")
        self.networks = networks
        self.predictions = predictions
        self.validationAccuracies = validationAccuracies
        self.codes = codes
    }

    /// P, the number of networks.
    public var count: Int { predictions.count }

    /// Some of the networks, in this order and as often as they are named, without their codes: nothing is measured again.
    public func selecting(_ rows: [Int]) -> JudgedPopulation {
        JudgedPopulation(
            networks: networks.selecting(rows), predictions: rows.map { predictions[$0] },
            validationAccuracies: validationAccuracies.map { all in rows.map { all[$0] } })
    }
}
