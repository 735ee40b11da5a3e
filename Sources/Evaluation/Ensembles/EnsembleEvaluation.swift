/// Judges populations beside one zoo: the same measurements for the zoo itself, fresh, generated and baseline networks.
///
/// What only concerns the zoo and the fresh networks (their distances, the unit, the wrong sets) is measured once.
public struct EnsembleEvaluation: Sendable {
    /// The training networks.
    public let zoo: JudgedPopulation
    /// Held-out freshly trained networks, where there are any.
    public let fresh: JudgedPopulation?
    /// Test labels, [n].
    public let labels: [Int32]
    /// What counts as distance 1.
    public let unit: NoveltyUnit
    private let frame: SymmetryFrame
    private let zooWrong: WrongSets
    private let zooRates: PredictionRates
    private let zooToZoo: [Neighbour]
    private let freshToZoo: [Neighbour]

    /// Prepares the judging; traps where D or the number of test inputs differ between populations.
    public init(frame: SymmetryFrame, zoo: JudgedPopulation, fresh: JudgedPopulation?, labels: [Int32]) {
        self.frame = frame
        self.zoo = zoo
        self.fresh = fresh
        self.labels = labels
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
    public func zooRow(label: String = "training zoo") -> EvaluationRow {
        let neighbours = zooToZoo.map(\.index)
        return row(
            "zoo", label, zoo, NearestDistances(zooToZoo: zooToZoo), zooWrong,
            WrongSetOverlap(within: zooWrong), Disagreement(zooRates, neighbours: neighbours))
    }

    /// The fresh networks' row; nil without any.
    public func freshRow(label: String = "fresh networks, held out") -> EvaluationRow? {
        fresh.map { row(what: "fresh", label: label, $0) }
    }

    /// The row of any other population.
    public func row(what: String, label: String, _ population: JudgedPopulation) -> EvaluationRow {
        let rates = PredictionRates(population.predictions, zoo: zoo.predictions)
        let nearest = NearestDistances(
            zooToZoo: zooToZoo, samples: frame.distances(within: population.networks),
            samplesToZoo: frame.distances(
                from: population.networks, to: zoo.networks, hints: rates.hints))
        let wrong = WrongSets(predictions: population.predictions, labels: labels)
        let neighbours = nearest.sampleToZoo.map(\.index)
        return row(
            what, label, population, nearest, wrong, WrongSetOverlap(wrong, zoo: zooWrong),
            Disagreement(rates, neighbours: neighbours))
    }

    private func row(
        _ what: String, _ label: String, _ population: JudgedPopulation, _ nearest: NearestDistances,
        _ wrong: WrongSets, _ overlap: WrongSetOverlap, _ disagreement: Disagreement
    ) -> EvaluationRow {
        let accuracies = (0..<population.count).map(wrong.accuracy(of:))
        let points = zip(accuracies, nearest.sampleToZoo).map { accuracy, neighbour in
            NetworkPoint(
                accuracy: accuracy, distance: unit.ratio(neighbour.distance), nearestZoo: neighbour.index)
        }
        var codeSpread: CodeSpread?
        if let codes = population.codes, let reference = zoo.codes {
            codeSpread = CodeSpread(generated: codes, zoo: reference)
        }
        return EvaluationRow(
            what: what, label: label, count: population.count,
            accuracy: SampleStatistics(accuracies),
            validationAccuracy: population.validationAccuracies.map(SampleStatistics.init),
            novelty: Novelty(nearest, unit: unit, freshToZoo: freshToZoo), wrongSets: overlap,
            disagreement: disagreement, codeSpread: codeSpread, points: points, nearest: nearest)
    }
}
