import Evaluation
import ModelZoo
import Networks
import Synchronization
import Tensors

/// Judges populations beside a zoo: how good on data, and how new once permutations, scales and signs are normalised.
struct Judge {
    private let data: JudgingData
    private let canonicalization: Canonicalization
    private let classifier: Classifier
    private let zoo: (canonical: Tensor, predictions: [[Int32]], wrong: WrongSets)
    private let zooToZoo: [Neighbour]
    private let freshToZoo: [Neighbour]
    private let unit: NoveltyUnit

    /// A judged population: its row of the summary and its networks' points.
    struct Result {
        let row: Summary.Row
        let points: ReportInput.Population
        /// Index of the zoo network nearest to each network.
        let neighbours: [Int?]
        let sampleToZoo: SampleDistances
        let sampleToSample: SampleDistances
        let zooToSample: SampleDistances
    }

    /// Prepares the zoo and its held-out networks; `data` holds the aligned zoo, whose row `reference` is the frame.
    init(_ data: JudgingData, reference: Int) throws {
        self.data = data
        canonicalization = try Canonicalization(
            reference: Array(data.zoo.row(reference)), layout: data.zoo.layout, product: .blas)
        classifier = Classifier(data.network)
        let rows = data.zoo.population(data.rows.train)
        let canonical = try Self.canonical(rows, canonicalization)
        let predictions = classifier.predictions(rows, inputs: data.test.inputs)
        zoo = (canonical, predictions, WrongSets(predictions: predictions, labels: data.test.labels))
        zooToZoo = DistanceMatrix(within: canonical).nearestToRows()
        let fresh = try Self.canonical(data.zoo.population(data.rows.fresh), canonicalization)
        freshToZoo = DistanceMatrix(from: fresh, to: canonical).nearestToRows()
        unit = NoveltyUnit(freshToZoo: freshToZoo, zooToZoo: zooToZoo)
    }

    /// The training networks themselves, each beside the others.
    func judgeZoo(_ id: RunID) -> Result {
        let neighbours = zooToZoo.map(\.index)
        let population = Population(
            what: "zoo", label: "training zoo", weights: data.zoo.population(data.rows.train))
        return result(
            id, population, zoo.predictions, zoo.wrong, NearestDistances(zooToZoo: zooToZoo),
            overlap: WrongSetOverlap(within: zoo.wrong),
            disagreement: Disagreement(within: zoo.predictions, neighbours: neighbours), codeRMSRatio: nil)
    }

    /// Any other population. Throws `DataError` for weights that are not finite.
    func judge(_ id: RunID, _ population: Population, zooCodes: Tensor? = nil) throws -> Result {
        let canonical = try Self.canonical(population.weights, canonicalization)
        let predictions = classifier.predictions(population.weights, inputs: data.test.inputs)
        let wrong = WrongSets(predictions: predictions, labels: data.test.labels)
        let nearest = NearestDistances(samples: canonical, zoo: zoo.canonical, zooToZoo: zooToZoo)
        var ratio: Double?
        if let zooCodes, let codes = population.codes { ratio = CodeSpread(generated: codes, zoo: zooCodes).rmsRatio }
        return result(
            id, population, predictions, wrong, nearest, overlap: WrongSetOverlap(wrong, zoo: zoo.wrong),
            disagreement: Disagreement(
                predictions, zoo: zoo.predictions, neighbours: nearest.sampleToZoo.map(\.index)),
            codeRMSRatio: ratio)
    }

    private func result(
        _ id: RunID, _ population: Population, _ predictions: [[Int32]], _ wrong: WrongSets,
        _ nearest: NearestDistances, overlap: WrongSetOverlap, disagreement: Disagreement, codeRMSRatio: Double?
    ) -> Result {
        let novelty = Novelty(nearest, unit: unit, freshToZoo: freshToZoo)
        let lost = Array(repeating: 0.0, count: population.notFinite)
        let accuracies = predictions.map { Classifier.accuracy($0, data.test.labels) } + lost
        let validation = data.validation.map { validation in
            Spread(of: classifier.accuracies(
                population.weights, inputs: validation.inputs, labels: validation.labels) + lost)
        }
        let row = Summary.Row(
            arm: id.arm, seed: id.seed, what: population.what, label: population.label, count: accuracies.count,
            testAccuracy: Spread(of: accuracies), validationAccuracy: validation,
            novelty: Summary.Novelty(
                weightDistance: Spread(of: novelty.ratios), rawDistance: novelty.rawDistance.mean,
                zooToSample: novelty.zooToSample.mean, sampleToSample: novelty.sampleToSample.mean,
                zooToZoo: novelty.zooToZoo.mean,
                wrongSetIoU: Summary.WrongSetIoU(mean: overlap.mean, maxMean: overlap.meanOfMax),
                predictionDisagreement: disagreement.withNeighbour ?? disagreement.mean),
            codeRMSRatio: codeRMSRatio)
        let unknown = Array(repeating: Double.nan, count: population.notFinite)
        return Result(
            row: row,
            points: ReportInput.Population(
                what: population.what, label: population.label, accuracies: accuracies,
                distances: novelty.ratios + unknown),
            neighbours: nearest.sampleToZoo.map(\.index), sampleToZoo: SampleDistances(nearest.sampleToZoo, unit),
            sampleToSample: SampleDistances(nearest.sampleToSample, unit),
            zooToSample: SampleDistances(nearest.zooToSample, unit))
    }

    /// Every network in the zoo's symmetry frame, [P, D]; side by side on all cores.
    private static func canonical(_ weights: Tensor, _ frame: Canonicalization) throws -> Tensor {
        let (count, width) = (weights.shape[0], weights.shape[1])
        let all = weights.floats
        let found = Mutex<[Int: Swift.Result<[Float], any Error>]>([:])
        parallelFor(count) { index in
            let row = Array(all[(index * width)..<((index + 1) * width)])
            let result = Swift.Result { try frame.canonical(row, path: "network \(index)").row }
            found.withLock { $0[index] = result }
        }
        let rows = try (0..<count).compactMap { index in try found.withLock { $0[index] }?.get() }
        return Tensor(Array(rows.joined()), shape: [count, width])
    }
}

/// Which run a row belongs to.
struct RunID {
    let arm: String
    let seed: UInt64
}

/// Nearest-neighbour distances of a population in one direction.
struct SampleDistances {
    /// In units of the held-out networks' own.
    let ratios: [Double]
    /// Mean distance in weights.
    let rawMean: Double

    init(_ neighbours: [Neighbour], _ unit: NoveltyUnit) {
        ratios = neighbours.map { unit.ratio($0.distance) }
        rawMean = neighbours.reduce(0) { $0 + $1.distance } / Double(max(neighbours.count, 1))
    }
}
