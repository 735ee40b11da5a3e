import Evaluation
import Networks
import Reports
import Tensors

/// Judges populations beside a zoo: runs them on data and hands what came out to the evaluation.
struct Judge {
    private let data: JudgingData
    private let frame: SymmetryFrame
    private let classifier: Classifier
    private let evaluation: EnsembleEvaluation
    private let id: RunID

    /// A judged population: its row of the summary, its networks' points, and its neighbours.
    struct Result {
        let row: Summary.Row
        let points: ReportInput.Population
        let nearest: NearestDistances
        let unit: NoveltyUnit
    }

    /// Prepares the zoo and its held-out networks; `data` holds the aligned zoo, whose row `reference` is the frame, and
    /// `zooCodes` its training networks' codes where there are any. Throws `DataError` for weights that are not finite.
    init(_ data: JudgingData, reference: Int, id: RunID, zooCodes: Tensor? = nil) throws {
        self.data = data
        self.id = id
        let frame = try SymmetryFrame(reference: Array(data.zoo.row(reference)), layout: data.zoo.layout)
        let classifier = Classifier(data.network)
        self.frame = frame
        self.classifier = classifier
        func judged(_ rows: [Int], codes: Tensor?) throws -> JudgedPopulation {
            let own = data.zoo.bufferTensor(rows)
            return try Self.judged(data.zoo.population(rows), own, codes: codes, data, frame, classifier)
        }
        evaluation = EnsembleEvaluation(
            frame: frame, zoo: try judged(data.rows.train, codes: zooCodes), fresh: try judged(data.rows.fresh, codes: nil),
            labels: data.test.labels)
    }

    /// The training networks, each beside the others, and the held-out ones.
    func judgeZoo() -> [Result] {
        let rows: [EvaluationRow?] = data.isOneRun
            ? [evaluation.zooRow(label: "checkpoints of one run"), evaluation.freshRow(label: "networks of other runs")]
            : [evaluation.zooRow(), evaluation.freshRow(label: "held-out fresh networks")]
        return rows.compactMap { $0 }.map { result($0, notFinite: 0) }
    }

    /// Any other population; running statistics that it does not bring are recomputed on training samples. Throws `DataError` for weights that are not finite.
    func judge(_ population: Population) throws -> Result {
        let buffers = population.buffers ?? data.recalibration?(population.weights)
        let judged = try Self.judged(population.weights, buffers, codes: population.codes, data, frame, classifier)
        let row = evaluation.row(what: population.what, label: population.label, judged)
        return result(row, notFinite: population.notFinite)
    }

    private static func judged(
        _ weights: Tensor, _ buffers: Tensor?, codes: Tensor?, _ data: JudgingData, _ frame: SymmetryFrame,
        _ classifier: Classifier
    ) throws -> JudgedPopulation {
        JudgedPopulation(
            networks: try frame.place(weights),
            predictions: classifier.predictions(weights, buffers: buffers, inputs: data.test.inputs),
            validationAccuracies: data.validation.map {
                classifier.accuracies(weights, buffers: buffers, inputs: $0.inputs, labels: $0.labels)
            }, codes: codes)
    }

    /// A row as the summary has it. Networks that were not finite count as never right.
    private func result(_ row: EvaluationRow, notFinite: Int) -> Result {
        let lost = Array(repeating: 0.0, count: notFinite)
        let accuracies = row.points.map(\.accuracy) + lost
        let novelty = row.novelty
        let summary = Summary.Row(
            arm: id.arm, seed: id.seed, what: row.what, label: row.label, count: accuracies.count,
            testAccuracy: Spread(of: accuracies),
            validationAccuracy: row.validationAccuracy.map { Spread(mean: $0.mean, sd: $0.sd) },
            novelty: Summary.Novelty(
                weightDistance: Spread(of: novelty.ratios), rawDistance: novelty.rawDistance.mean,
                zooToSample: novelty.zooToSample.mean, sampleToSample: novelty.sampleToSample.mean,
                zooToZoo: novelty.zooToZoo.mean,
                wrongSetIoU: Summary.WrongSetIoU(mean: row.wrongSets.mean, maxMean: row.wrongSets.meanOfMax),
                predictionDisagreement: row.disagreement.withNeighbour ?? row.disagreement.mean),
            codeRMSRatio: row.codeRMSRatio)
        let unknown = Array(repeating: Double.nan, count: notFinite)
        return Result(
            row: summary,
            points: ReportInput.Population(
                what: row.what, label: row.label, accuracies: accuracies, distances: novelty.ratios + unknown),
            nearest: row.nearest, unit: evaluation.unit)
    }
}

/// Which run a row belongs to.
struct RunID {
    let arm: String
    let seed: UInt64
}
