import Evaluation
import Networks
import Tensors

/// Runs populations on data and hands what came out to the evaluation beside a zoo.
struct Judge {
    let data: JudgingData
    private let frame: SymmetryFrame
    private let classifier: SharedClassifier
    private let measure: ContributionMeasure?
    let evaluation: EnsembleEvaluation
    /// Measures every population again after the run's finish; nil without one.
    private let finished: FinishedJudge?

    /// Prepares the zoo and its fresh networks; `data` holds the aligned zoo, whose row `reference` is the frame, and
    /// `zooCodes` its training networks' codes where there are any. The processes of `sharing` judge alike, each a part.
    /// Throws `DataError` for weights that are not finite, and for a finish that the networks or their data do not allow.
    init(
        _ data: JudgingData, reference: Int, id: RunID, zooCodes: Tensor? = nil, finish: Finish = .none,
        sharing: any WorkSharing = OneProcess()
    ) throws {
        self.data = data
        let frame = try SymmetryFrame(
            reference: Array(data.zoo.row(reference)), layout: data.zoo.layout, sharing: sharing)
        let classifier = SharedClassifier(data.network, sharing)
        self.frame = frame
        self.classifier = classifier
        let measure = data.contributionRows.flatMap {
            ContributionMeasure(data.network, inputs: $0, zooCount: data.rows.train.count)
        }
        self.measure = measure
        func judged(_ rows: [Int], codes: Tensor?) throws -> JudgedPopulation {
            let own = data.zoo.bufferTensor(rows)
            return try Self.judged(data.zoo.population(rows), own, codes: codes, data, frame, classifier, measure)
        }
        let evaluation = EnsembleEvaluation(
            frame: frame, zoo: try judged(data.rows.train, codes: zooCodes),
            fresh: try judged(data.rows.fresh, codes: nil),
            labels: data.test.labels, arm: id.arm, seed: id.seed)
        self.evaluation = evaluation
        let finishing = try data.finishing(finish, zoo: evaluation.zoo.networks.matched)
        finished = try finishing.flatMap {
            try FinishedJudge($0, fresh: data.zoo.population(data.rows.fresh), evaluation: evaluation) {
                weights, buffers, _ in
                try Self.judged(weights, buffers, codes: nil, data, frame, classifier, measure)
            }
        }
    }

    /// The training networks as averages are made of them: scales and signs of hidden units in normal form, then matched
    /// to the frame's reference, [N, D].
    var balancedZoo: Tensor { evaluation.zoo.networks.matched }

    /// The training networks, each beside the others and as they are, and the fresh ones.
    func judgeZoo() -> [EnsembleEvaluation.Result] {
        let (zoo, fresh) = data.isOneRun ? ("checkpoints of one run", "networks of other runs") : (nil, nil)
        var judged = evaluation.judgeFresh(label: fresh)
        judged?.row.finished = finished?.fresh()
        return [evaluation.judgeZoo(label: zoo), judged].compactMap { $0 }
    }

    /// Any other population; running statistics that it does not bring are recomputed on training samples. Throws
    /// `DataError` for weights that are not finite.
    func judge(_ population: Population) throws -> EnsembleEvaluation.Result {
        var result = evaluation.judge(
            try judged(population), as: population.kind, label: population.label, lost: population.lost)
        result.row.finished = try finished?(
            population.weights, members: population.members, as: population.kind, lost: population.lost)
        return result
    }

    /// A population in the frame, run on the test data. Throws `DataError` for weights that are not finite.
    func judged(_ population: Population) throws -> JudgedPopulation {
        let buffers = population.buffers ?? data.recalibration?(population.weights)
        return try Self.judged(
            population.weights, buffers, codes: population.codes, data, frame, classifier, measure,
            validates: population.kind.isValidated)
    }

    /// Training networks by row: as they are all that is measured of one network has been measured.
    func judge(zooRows rows: [Int], as kind: PopulationKind) throws -> EnsembleEvaluation.Result {
        var result = evaluation.judge(evaluation.zoo.selecting(rows), as: kind)
        let weights = data.zoo.population(rows.map { data.rows.train[$0] })
        result.row.finished = try finished?(weights, members: nil, as: kind, lost: 0)
        return result
    }

    /// What counts as distance 1.
    var unit: NoveltyUnit { evaluation.unit }

    private static func judged(
        _ weights: Tensor, _ buffers: Tensor?, codes: Tensor?, _ data: JudgingData, _ frame: SymmetryFrame,
        _ classifier: SharedClassifier, _ measure: ContributionMeasure?, validates: Bool = true
    ) throws -> JudgedPopulation {
        JudgedPopulation(
            networks: try frame.place(weights),
            predictions: classifier.predictions(weights, buffers: buffers, inputs: data.test.inputs),
            validationAccuracies: (validates ? data.validation : nil).map {
                classifier.accuracies(weights, buffers: buffers, inputs: $0.inputs, labels: $0.labels)
            }, codes: codes, contributions: measure?(weights, buffers: buffers))
    }
}

extension PopulationKind {
    /// Whether networks are run on the validation set too. Baselines are not: nothing is chosen by what they reach there,
    /// the verdict reads their test accuracy, and in a run they are most of the networks.
    var isValidated: Bool {
        if case .baseline = self { false } else { true }
    }
}

/// Which run a row belongs to.
struct RunID {
    let arm: String
    let seed: UInt64
}

/// Networks to be judged together.
struct Population {
    /// What they are.
    let kind: PopulationKind
    /// The same for people; nil for the kind's own name.
    var label: String?
    /// Weights, [P, D], as the networks will be used.
    let weights: Tensor
    /// The networks' own running statistics, [P, bufferCount]; nil where there are none, or where they are to be
    /// recomputed.
    var buffers: Tensor?
    /// For each network the training networks that it is the average of, where the population is one of averages.
    var members: [AverageMembers]?
    /// Codes, [P, K], where the population was made in code space.
    var codes: Tensor?
    /// Networks that could not be kept because a number was not finite: they count as never right.
    var lost = 0
}
