import Basics

/// Everything that was measured on one population: what `summary.json`, `evaluation.json`, the terminal, the report and
/// the verdict read.
public struct EvaluationRow: Sendable, Equatable {
    /// The name of the arm; `main` where an experiment has a single one.
    public var arm: String
    /// The seed of the run.
    public var seed: UInt64
    /// Which population the row is about.
    public var population: PopulationKind
    /// The same for people, for example "zoo + noise 0.01".
    public var label: String
    /// P, the number of networks, broken ones included.
    public var count: Int
    /// Test accuracy over all networks, fractions.
    public var testAccuracy: SampleStatistics
    /// Validation accuracy over all networks, fractions; nil where they were not run on validation samples, as baselines
    /// of a run are not.
    public var validationAccuracy: SampleStatistics?
    /// How new the networks are; nil where novelty has no meaning.
    public var novelty: Novelty?
    /// Spread of the codes against the zoo's; nil where codes are not known.
    public var codeSpread: CodeSpread?
    /// The same networks after the run's finish; nil where there is none.
    public var finished: FinishedMeasures?
    /// One point a network, in order; empty in `summary.json`, which leaves them out.
    public var points: [NetworkPoint]

    /// RMS of the codes about their mean divided by that of the zoo's codes; nil where codes are not known.
    public var codeRMSRatio: Double? { codeSpread?.rmsRatio }

    /// The distance ratio that decides, the median over networks (or the mean where no median is known); nil where it
    /// is not finite or was not measured.
    public var decidingRatio: Double? {
        novelty?.weightDistance.map(\.middle).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The same of distances by what units contribute.
    public var decidingContribution: Double? {
        novelty?.contributionDistance.map(\.middle).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The row as it is after a finish; nil where it was not measured after that one.
    package func after(_ finish: String) -> EvaluationRow? {
        guard let finished, finished.finish == finish else { return nil }
        var row = self
        row.testAccuracy = finished.testAccuracy
        row.validationAccuracy = finished.validationAccuracy
        row.novelty = finished.novelty ?? novelty
        return row
    }

    /// Share of all networks whose distance is below a limit, in units; those without a distance count as not below it.
    public func share(below limit: Double) -> Double {
        points.isEmpty ? 0 : Double(points.count { $0.distance < limit }) / Double(points.count)
    }

    /// The same without its single networks, as `summary.json` has it.
    public var withoutPoints: EvaluationRow {
        var row = self
        row.points = []
        return row
    }

    /// Puts a row together; the label is the population's own where none is given.
    public init(
        arm: String = "main", seed: UInt64 = 0, _ population: PopulationKind, label: String? = nil, count: Int,
        testAccuracy: SampleStatistics, validationAccuracy: SampleStatistics? = nil, novelty: Novelty? = nil,
        codeSpread: CodeSpread? = nil, finished: FinishedMeasures? = nil, points: [NetworkPoint] = []
    ) {
        self.arm = arm
        self.seed = seed
        self.population = population
        self.label = label ?? population.label
        self.count = count
        self.testAccuracy = testAccuracy
        self.validationAccuracy = validationAccuracy
        self.novelty = novelty
        self.codeSpread = codeSpread
        self.finished = finished
        self.points = points
    }

    /// The row of networks none of which is finite: never right, and at no distance.
    public init(arm: String, seed: UInt64, lost count: Int, of population: PopulationKind) {
        let points = [NetworkPoint](repeating: .lost, count: count)
        self.init(
            arm: arm, seed: seed, population, count: count,
            testAccuracy: SampleStatistics(inOrder: points.map(\.accuracy)), points: points)
    }
}

/// One network in the picture of accuracy against novelty.
public struct NetworkPoint: Sendable, Equatable {
    /// Test accuracy, a fraction.
    public var accuracy: Double
    /// Distance to the nearest zoo network (of zoo networks: to another one), in units of a fresh network's; NaN for a
    /// network that is not finite.
    public var distance: Double
    /// The nearest zoo network.
    public var nearestZoo: Int?

    /// Puts a point together.
    public init(accuracy: Double, distance: Double, nearestZoo: Int? = nil) {
        self.accuracy = accuracy
        self.distance = distance
        self.nearestZoo = nearestZoo
    }

    /// A network that could not be kept because a number was not finite: it counts as never right.
    public static let lost = NetworkPoint(accuracy: 0, distance: .nan)
}

extension EvaluationRow: Codable {
    private enum CodingKeys: String, CodingKey {
        case arm, seed, what, label, n, novelty, finished, accuracies, distances
        case testAccuracy = "test_accuracy"
        case validationAccuracy = "validation_accuracy"
        case codeRMSRatio = "code_rms_ratio"
        case codeSpread = "code_spread"
        case nearestZoo = "nearest_zoo"
    }

    /// Writes an object with keys in snake case; what is not known is left out, and numbers that are not finite are
    /// null. Points are written as three lists.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(arm, forKey: .arm)
        try container.encode(seed, forKey: .seed)
        try container.encode(population, forKey: .what)
        try container.encode(label, forKey: .label)
        try container.encode(count, forKey: .n)
        try container.encode(testAccuracy, forKey: .testAccuracy)
        try container.encodeIfPresent(validationAccuracy, forKey: .validationAccuracy)
        try container.encodeIfPresent(novelty, forKey: .novelty)
        try container.encodeNumberIfPresent(codeRMSRatio, forKey: .codeRMSRatio)
        try container.encodeIfPresent(codeSpread, forKey: .codeSpread)
        try container.encodeIfPresent(finished, forKey: .finished)
        guard !points.isEmpty else { return }
        try container.encodeNumbers(points.map(\.accuracy), forKey: .accuracies)
        try container.encodeNumbers(points.map(\.distance), forKey: .distances)
        try container.encode(points.map(\.nearestZoo), forKey: .nearestZoo)
    }

    /// Reads an object; the label is the population's own where it is absent. Throws `DecodingError` where a population
    /// is unknown or lists differ in length.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            arm: try container.decode(String.self, forKey: .arm),
            seed: try container.decode(UInt64.self, forKey: .seed),
            try container.decode(PopulationKind.self, forKey: .what),
            label: try container.decodeIfPresent(String.self, forKey: .label),
            count: try container.decode(Int.self, forKey: .n),
            testAccuracy: try container.decode(SampleStatistics.self, forKey: .testAccuracy),
            validationAccuracy: try container.decodeIfPresent(SampleStatistics.self, forKey: .validationAccuracy),
            novelty: try container.decodeIfPresent(Novelty.self, forKey: .novelty),
            codeSpread: try container.decodeIfPresent(CodeSpread.self, forKey: .codeSpread)
                ?? container.decodeNumberIfPresent(forKey: .codeRMSRatio).map { CodeSpread(rmsRatio: $0) },
            finished: try container.decodeIfPresent(FinishedMeasures.self, forKey: .finished))
        guard container.contains(.accuracies) else { return }
        let accuracies = try container.decodeNumbers(forKey: .accuracies)
        let distances = try container.decodeNumbers(forKey: .distances)
        let nearest = try container.decode([Int?].self, forKey: .nearestZoo)
        guard accuracies.count == distances.count, accuracies.count == nearest.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .distances, in: container, debugDescription: "expected as many as there are accuracies")
        }
        points = accuracies.indices.map {
            NetworkPoint(accuracy: accuracies[$0], distance: distances[$0], nearestZoo: nearest[$0])
        }
    }
}
