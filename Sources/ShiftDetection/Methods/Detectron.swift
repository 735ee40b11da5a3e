import Basics
import Tensors

/// Detectron: how easily networks that agree with the model on T can be made to disagree with it on the sample.
///
/// Constrained disagreement classifiers start from a network f that imitates the model, and are trained to keep the
/// model's predictions on T and to contradict them on Q, so lightly that contradicting all of Q never pays for one error
/// on T (`ConstrainedClassifiers`). After each, the rows of Q that it contradicts are peeled off, and the next one sees
/// the rest, until none is left, or `networks` have been trained, or `patience` in a row have peeled off none.
///
/// - `disagreement`: the share of Q that was peeled off.
/// - `entropy`: with p(x) the mean of what f and all its classifiers say, the Kolmogorov-Smirnov distance between the
///   entropies of p on Q and those on reference samples, each by classifiers of its own.
///
/// Source: Ginsberg, Liang, Krishnan, A learning based hypothesis test for harmful covariate shift, 2023, and its code.
/// **Perceptrons stand in place of its gradient-boosted trees** on tables; figures of the two are not the same method's.
/// The reference samples of `entropy` are drawn from the pool, not from the null's own runs, so that a value depends on
/// its own sample and the pool alone. By default its value is compared with those of samples of P alone, as published, which
/// are too narrow for a level; with `exact` it is compared with subsets of P and Q together, for which as many networks
/// are trained again at every test. Detectors take it with `exact` alone.
public struct Detectron: ShiftMethod {
    /// What is compared.
    public enum Statistic: String, Codable, Sendable, CaseIterable {
        /// The share of the sample that was peeled off.
        case disagreement
        /// The distance between the entropies of sample and reference.
        case entropy
    }

    /// What is compared.
    public var statistic = Statistic.disagreement
    /// Most classifiers a sample.
    public var networks = 10
    /// Classifiers in a row that peel off no row, after which the rest counts as agreed.
    public var patience = 3
    /// Passes over T of each classifier's training.
    public var epochs = 30
    /// Rows of a minibatch, all those of the sample among them; at least one is of T.
    public var batch = 128
    /// Adam's learning rate.
    public var rate = 0.01
    /// Weight of a row of the sample; nil is 1 / (B |Q| + 1), B the minibatches of an epoch and |Q| the rows left.
    public var sampleWeight: Double?
    /// Samples of the pool with whose entropies those of the sample are compared.
    public var references = 20
    /// Whether the level rests on subsets of P and Q together.
    public var exact = false

    /// Ten classifiers, disagreement, nested splits.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey(
            "statistic", .choice(Statistic.allCases.map(\.rawValue)),
            "What is compared: the share of the sample that was peeled off, or the entropies' distance"),
        ConfigKey("networks", .integer(1...1000), "Most disagreement classifiers a sample"),
        ConfigKey(
            "patience", .integer(1...1000), "Classifiers in a row without a further row peeled off to stop after"),
        ConfigKey("epochs", .integer(1...1_000_000), "Passes over the training rows of each classifier"),
        ConfigKey("batch", .integer(2...65_536), "Rows of a minibatch, which holds all of the sample's"),
        ConfigKey("rate", .number(above: 0), "Adam's learning rate"),
        ConfigKey(
            "sampleWeight", .optional(.number(above: 0)),
            "Weight of a row of the sample beside one of the training rows; null: 1 / (B |Q| + 1), B minibatches an epoch"
        ),
        ConfigKey(
            "references", .integer(1...10_000), "Samples of the pool with whose entropies the sample's are compared"),
        ConfigKey(
            "exact", .flag,
            "Retrain on subsets of reference and sample together, in place of nested splits of the reference"),
    ]

    /// Nested splits, unless `exact`.
    public var level: ShiftLevel { exact ? .exact : .nestedSplits }
    /// With `exact`.
    public var retrainedOnSubsets: (any ShiftMethod)? {
        guard !exact else { return nil }
        var same = self
        same.exact = true
        return same
    }
    /// Classifiers are trained for every sample.
    public var retrains: Bool { true }
    /// The ensemble that has the network to start from.
    public var ensembles: Set<EnsembleKind> { [.trained] }
    /// Classifiers are trained on features.
    public var needsFeatures: Bool { true }

    /// The statistic of each sample. Throws `DataError` where the model has no training rows, features or ensemble.
    public func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        guard pool.classes > 1, !samples.isEmpty else { return samples.map { _ in 0 } }
        let classifiers = try ConstrainedClassifiers(self, pool: pool, model: model)
        switch statistic {
        case .disagreement:
            return try classifiers.outcomes(of: samples, progress: progress).map(\.peeled)
        case .entropy:
            let sizes = Set(samples.map(\.count)).sorted()
            let drawn = sizes.map { Self.references(references, size: $0, of: pool.count, seed: model.seed) }
            let total = drawn.reduce(0) { $0 + $1.count } + samples.count
            var (pooled, done) = ([Int: [Double]](), 0)
            for (size, subsets) in zip(sizes, drawn) {
                pooled[size] = try classifiers.outcomes(
                    of: subsets, progress: progress.part(from: done, of: total)
                ).flatMap(\.entropies)
                done += subsets.count
            }
            return try classifiers.outcomes(of: samples, progress: progress.part(from: done, of: total)).map {
                Self.distance($0.entropies, pooled[$0.entropies.count] ?? [])
            }
        }
    }

    /// Subsets of the pool that are independent of those that make the null.
    private static func references(_ count: Int, size: Int, of pool: Int, seed: UInt64) -> [[Int]] {
        (0..<count).map { index in
            var stream = RandomStream(seed: seed, purpose: "shift.detectron.reference", index: UInt64(index))
            return Array(stream.permutation(pool).prefix(size))
        }
    }

    /// The distance between two samples' distribution functions; 0 where one is empty, NaN where a number is not finite.
    private static func distance(_ first: [Double], _ second: [Double]) -> Double {
        guard !first.isEmpty, !second.isEmpty else { return 0 }
        return KolmogorovSmirnov(first, against: second)?.statistic ?? .nan
    }
}

/// Which rows of a sample no classifier has contradicted yet, and whether another one is worth its training.
struct Peeling: Sendable, Equatable {
    /// Whether each row is still agreed on.
    private(set) var isLeft: [Bool]
    private let patience: Int
    private var idle = 0

    /// All rows of a sample, before the first classifier.
    init(rows: Int, patience: Int) {
        isLeft = Array(repeating: true, count: rows)
        self.patience = patience
    }

    /// Rows that all classifiers agreed on.
    var left: Int { isLeft.count(where: \.self) }
    /// The share of rows that were peeled off; 0 of none.
    var peeled: Double { isLeft.isEmpty ? 0 : 1 - Double(left) / Double(isLeft.count) }
    /// Whether no row is left, or `patience` classifiers in a row have peeled off none.
    var isDone: Bool { left == 0 || idle >= patience }

    /// Takes a classifier in, which contradicts the model on these rows.
    mutating func peel(contradicted: [Bool]) {
        let before = left
        for row in isLeft.indices where contradicted[row] { isLeft[row] = false }
        idle = left < before ? 0 : idle + 1
    }
}
