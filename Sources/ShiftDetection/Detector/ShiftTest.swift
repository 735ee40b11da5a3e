import Basics
import Tensors

/// What is said of one sample: the verdict, and what a person wants to see beside it.
public struct ShiftTest: Codable, Sendable, Equatable {
    /// The decision with what it rests on.
    public let verdict: ShiftVerdict
    /// How good the model is estimated to be, what decides first; none where the reference has no labels.
    public let estimates: [PerformanceEstimate]
    /// Rows of the sample and of the reference.
    public let sampleCount: Int
    public let referenceCount: Int
    /// What each estimate is about, as the sample's own labels have it; none without labels.
    public let truth: [Double]
    /// Rows of the sample with a label.
    public let labelledCount: Int
    /// What a person should know about how the files were read.
    public let notes: [String]

    /// Whether the sample was called different, harmful or not.
    public var isShift: Bool { verdict.finding == .harmful || verdict.finding == .different }

    private enum CodingKeys: String, CodingKey {
        case verdict, estimates, truth, notes
        case sampleCount = "sample_rows"
        case referenceCount = "reference_rows"
        case labelledCount = "labelled_rows"
    }
}

extension ShiftDetector {
    /// Judges a sample whose rows were read with the detector's encoding.
    ///
    /// Throws `DataError` (malformed) where the rows allow no judgement: too few, all the same, or the reference's own.
    public func test(
        _ sample: DetectorRows, path: String, notes: [String] = [], progress: WorkProgress = .none
    ) throws -> ShiftTest {
        let notes = notes + (try check(sample, path: path))
        let pool = try rows(reference.joined(with: sample), path: path)
        let (known, own) = (Array(0..<reference.count), Array(reference.count..<pool.count))
        let subsets = PermutationTest.subsets(
            settings.subsets, size: own.count, of: pool.count, seed: settings.seed)
        let values = try OutputEnergy().values(of: [own] + subsets, in: pool, model: model(), progress: progress)
        let result = ShiftVerdict.MethodResult(
            method: "energy", permutations: PermutationTest(statistic: values[0], null: Array(values.dropFirst())),
            level: .exact)
        let rows = pool.selecting(own)
        let labelled = labelledReference(pool.selecting(known))
        let estimates: [PerformanceEstimate] = labelled.map { reference in
            metrics.map { metric -> PerformanceEstimate in
                var estimator = LogisticPerformance()
                estimator.metric = metric
                return PerformanceBootstrap(estimator, reference: reference, seed: settings.seed).estimate(of: rows)
            }
        } ?? []
        let verdict = ShiftVerdict(
            rows: sample.count, test: result, estimate: estimates.first, alpha: settings.alpha, margin: settings.margin)
        return ShiftTest(
            verdict: verdict, estimates: estimates, sampleCount: sample.count, referenceCount: reference.count,
            truth: truth(sample, rows), labelledCount: sample.labelled.count, notes: notes)
    }

    /// What is estimated: what decides first, then the others that there are for so many classes.
    private var metrics: [PerformanceMetric] {
        let others: [PerformanceMetric] = [.accuracy, .balancedAccuracy, .auc]
        return [settings.metric] + others.filter { $0 != settings.metric }
    }

    /// What was really reached on the sample's labelled rows, beside each estimate.
    private func truth(_ sample: DetectorRows, _ rows: ShiftRows) -> [Double] {
        let labels = sample.labelled.compactMap { sample.labels?[$0] }
        guard !labels.isEmpty else { return [] }
        return metrics.map { $0.value(of: rows.selecting(sample.labelled), labels: labels) }
    }

    /// Refuses rows that allow no judgement; returns what a person should know.
    private func check(_ sample: DetectorRows, path: String) throws -> [String] {
        guard sample.count >= DetectorSettings.leastSample else {
            throw DataError(
                .malformed, path: path,
                problem: "has \(sample.count) rows, and nothing can be said about fewer than \(DetectorSettings.leastSample)",
                hint: "collect more rows: 20 to 50 are usual")
        }
        let keys = sample.comparable
        if !keys.columns.isEmpty, Set((0..<keys.count).map { keys.key($0) }).count == 1 {
            throw DataError(
                .malformed, path: path, problem: "all \(sample.count) rows are the same",
                hint: "is one record repeated, or is a column missing that tells rows apart?")
        }
        let shared = SharedRows(of: reference.comparable, in: keys)
        if shared.places.isEmpty { return [] }
        let said = "\(shared.places.count) of \(sample.count) rows stand in the reference too (rows \(shared.lines))"
        guard !shared.isTooMany else {
            throw DataError(
                .malformed, path: path, problem: said,
                hint: "give rows that are new, or fit again with a reference that holds none of them")
        }
        return ["\(path): \(said), as often as the reference repeats itself"]
    }
}
