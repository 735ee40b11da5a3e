import Tensors

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
    private let zooWrong: WrongSets
    private let zooToZoo: [Neighbour]
    private let freshToZoo: [Neighbour]

    /// Prepares the judging; traps where D or the number of test inputs differ between populations.
    public init(zoo: JudgedPopulation, fresh: JudgedPopulation?, labels: [Int32]) {
        self.zoo = zoo
        self.fresh = fresh
        self.labels = labels
        zooWrong = WrongSets(predictions: zoo.predictions, labels: labels)
        zooToZoo = DistanceMatrix(within: zoo.weights).nearestToRows()
        freshToZoo = fresh.map { DistanceMatrix(from: $0.weights, to: zoo.weights).nearestToRows() } ?? []
        unit = NoveltyUnit(freshToZoo: freshToZoo, zooToZoo: zooToZoo)
    }

    /// The zoo's own row: every network against the others.
    public func zooRow(label: String = "training zoo") -> EvaluationRow {
        let neighbours = zooToZoo.map(\.index)
        return row(
            "zoo", label, zoo, NearestDistances(zooToZoo: zooToZoo), zooWrong,
            WrongSetOverlap(within: zooWrong), Disagreement(within: zoo.predictions, neighbours: neighbours))
    }

    /// The fresh networks' row; nil without any.
    public func freshRow(label: String = "fresh networks, held out") -> EvaluationRow? {
        fresh.map { row(what: "fresh", label: label, $0) }
    }

    /// The row of any other population.
    public func row(what: String, label: String, _ population: JudgedPopulation) -> EvaluationRow {
        let nearest = NearestDistances(samples: population.weights, zoo: zoo.weights, zooToZoo: zooToZoo)
        let wrong = WrongSets(predictions: population.predictions, labels: labels)
        let neighbours = nearest.sampleToZoo.map(\.index)
        return row(
            what, label, population, nearest, wrong, WrongSetOverlap(wrong, zoo: zooWrong),
            Disagreement(population.predictions, zoo: zoo.predictions, neighbours: neighbours))
    }

    /// The row of a baseline.
    public func row(_ baseline: Baseline, _ population: JudgedPopulation) -> EvaluationRow {
        row(what: baseline.what, label: baseline.label, population)
    }

    /// For each network of weights [P, D] the nearest zoo network; nil for one that is not finite.
    public func nearestZoo(to weights: Tensor) -> [Int?] {
        DistanceMatrix(from: weights, to: zoo.weights).nearestToRows().map(\.index)
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
            what: what, label: label, count: population.count, nonFinite: population.nonFinite,
            accuracy: SampleStatistics(accuracies),
            validationAccuracy: population.validationAccuracies.map(SampleStatistics.init),
            novelty: Novelty(nearest, unit: unit, freshToZoo: freshToZoo), wrongSets: overlap,
            disagreement: disagreement, codeSpread: codeSpread,
            weightSpread: CodeSpread(generated: population.weights, zoo: zoo.weights), points: points)
    }
}
