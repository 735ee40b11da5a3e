import Basics
import Tensors

/// What is said of one sample: the verdict, and what a person wants to see beside it.
public struct ShiftTest: Codable, Sendable, Equatable {
    /// The decision with what it rests on.
    public let verdict: ShiftVerdict
    /// Rows of the sample and of the reference.
    public let sampleCount: Int
    public let referenceCount: Int
    /// The share of the sample's labelled rows that the model classifies right; nil without labels.
    public let trueAccuracy: Double?
    /// Rows of the sample with a label.
    public let labelledCount: Int
    /// What a person should know about how the files were read.
    public let notes: [String]

    private enum CodingKeys: String, CodingKey {
        case verdict, notes
        case sampleCount = "sample_rows"
        case referenceCount = "reference_rows"
        case trueAccuracy = "true_accuracy"
        case labelledCount = "labelled_rows"
    }
}

extension ShiftDetector {
    /// Judges a sample whose rows were read with the detector's encoding.
    ///
    /// Throws `DataError` (malformed) where the rows allow no judgement: too few, all the same, or the reference's own.
    public func test(
        _ sample: LabelledRows, path: String, notes: [String] = [], progress: WorkProgress = .none
    ) throws -> ShiftTest {
        var notes = notes
        try check(sample, path: path, notes: &notes)
        let (model, pool) = try pool(with: sample, path: path)
        let own = Array(reference.count..<pool.count)
        let subsets = PermutationTest.subsets(
            settings.subsets, size: own.count, of: pool.count, seed: settings.seed)
        let values = try OutputEnergy().values(of: [own] + subsets, in: pool, model: model, progress: progress)
        let method = ShiftVerdict.MethodResult(
            method: "output-energy", permutations: PermutationTest(statistic: values[0], null: Array(values.dropFirst())),
            level: .exact)
        let predicted = pool.predictions
        let right = sample.labels.map { labels in
            labels.enumerated().compactMap { row, label in label.map { $0 == predicted[reference.count + row] } }
        } ?? []
        return ShiftTest(
            verdict: ShiftVerdict(
                test: method, estimated: nil, reference: nil, alpha: settings.alpha, margin: settings.margin),
            sampleCount: sample.count, referenceCount: reference.count,
            trueAccuracy: right.isEmpty ? nil : Double(right.count { $0 }) / Double(right.count),
            labelledCount: right.count, notes: notes)
    }

    private func check(_ sample: LabelledRows, path: String, notes: inout [String]) throws {
        guard sample.count >= DetectorSettings.leastSample else {
            throw DataError(
                .malformed, path: path,
                problem: "has \(sample.count) rows, and nothing can be said about fewer than \(DetectorSettings.leastSample)",
                hint: "collect more rows: 20 to 50 are usual")
        }
        let keys = Self.comparable(sample)
        if keys.count > 0, !keys.columns.isEmpty, Set((0..<keys.count).map { keys.key($0) }).count == 1 {
            throw DataError(
                .malformed, path: path, problem: "all \(sample.count) rows are the same",
                hint: "is one record repeated, or is a column missing that tells rows apart?")
        }
        let shared = SharedRows(of: Self.comparable(reference), in: keys)
        guard !shared.isTooMany else {
            throw DataError(
                .malformed, path: path,
                problem: "\(shared.places.count) of \(sample.count) rows stand in the reference too (rows \(shared.lines))",
                hint: "give rows that are new, and fit again where the reference was meant to hold others")
        }
        if !shared.places.isEmpty {
            notes.append(
                "\(path): \(shared.places.count) of \(sample.count) rows stand in the reference too (rows \(shared.lines)); "
                    + "the reference repeats itself as often")
        }
    }

    /// What rows are compared by: their columns, else what the model says of them.
    static func comparable(_ rows: LabelledRows) -> RawRows {
        guard rows.raw.columns.isEmpty, let outputs = rows.probabilities else { return rows.raw }
        let (values, classes) = (outputs.doubles, outputs.shape[1])
        return RawRows(
            columns: (0..<classes).map { place in (0..<rows.count).map { values[$0 * classes + place] } }, count: rows.count)
    }
}
