import Basics
import Networks
import Tensors

/// What is written of a detector besides its tensors.
public struct DetectorDescription: Codable, Sendable, Equatable {
    /// The version that this code writes and reads.
    public static let version = 1

    /// What the file is.
    public var format = "weightspace-shift-detector"
    /// The version of the format.
    public var version = Self.version
    /// What was said when it was fitted.
    public let settings: DetectorSettings
    /// How the columns of a table become features.
    public let encoding: TableEncoding
    /// The classes of the model in use.
    public let classes: ModelClasses
    /// The class of each reference row, -1 for none; nil where no row has one.
    public let referenceLabels: [Int32]?
    /// The same of the training rows.
    public let trainingLabels: [Int32]?
    /// Rows of P and of T; nil without T.
    public let referenceCount: Int
    public let trainingCount: Int?
    /// The architecture of each ensemble's networks, by its kind.
    public let architectures: [String: Architecture]

    private enum CodingKeys: String, CodingKey {
        case format, version, settings, encoding, classes, architectures
        case referenceLabels = "reference_labels"
        case trainingLabels = "training_labels"
        case referenceCount = "reference_rows"
        case trainingCount = "training_rows"
    }
}

extension ShiftDetector {
    /// Everything but the tensors.
    public var description: DetectorDescription {
        func numbers(_ labels: [Int32?]?) -> [Int32]? { labels.map { $0.map { $0 ?? -1 } } }
        return DetectorDescription(
            settings: settings, encoding: encoding, classes: classes, referenceLabels: numbers(reference.labels),
            trainingLabels: numbers(training?.labels), referenceCount: reference.count, trainingCount: training?.count,
            architectures: Dictionary(
                uniqueKeysWithValues: ensembles.map { ($0.key.rawValue, $0.value.architecture) }))
    }

    /// Everything but the description, in single precision; no number is missing.
    public var tensors: [NamedTensor] {
        let parts = [("reference", reference)] + (training.map { [("training", $0)] } ?? [])
        let rows = parts.flatMap { name, rows -> [NamedTensor] in
            var tensors = rows.probabilities.map { [NamedTensor("\(name).probabilities", $0)] } ?? []
            if !rows.raw.columns.isEmpty {
                let flat = rows.raw.columns.flatMap { $0 }
                let shape: Shape = [rows.raw.columns.count, rows.count]
                tensors.append(NamedTensor("\(name).values", Tensor(flat.map { $0.isNaN ? 0 : $0 }, shape: shape)))
                tensors.append(NamedTensor("\(name).missing", Tensor(flat.map { $0.isNaN ? 1 : 0 }, shape: shape)))
            }
            return tensors
        }
        let networks = EnsembleKind.allCases.compactMap { kind in
            ensembles[kind].map { NamedTensor("ensemble.\(kind.rawValue)", $0.weights) }
        }
        return rows + networks
    }

    /// A detector of its parts. Throws `DataError` (malformed) where they do not fit each other, which names `path`.
    public init(_ description: DetectorDescription, tensors: [NamedTensor], path: String) throws {
        func damaged(_ problem: String) -> DataError {
            DataError(
                .malformed, path: path, problem: "is damaged: \(problem)", hint: "fit the detector again with `shift fit`")
        }
        let named = Dictionary(tensors.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        if let problem = description.settings.problem { throw damaged(problem) }
        let columns = description.encoding.columns.count
        func rows(_ name: String, _ count: Int, _ labels: [Int32]?) throws -> DetectorRows {
            let (values, missing) = (named["\(name).values"], named["\(name).missing"])
            let shape: Shape = [columns, count]
            guard count > 0, count <= 1 << 31, columns == 0 || (values?.shape == shape && missing?.shape == shape) else {
                throw damaged("\(name) rows \(String(describing: values?.shape)), not \(shape)")
            }
            let flat = zip(values?.doubles ?? [], missing?.doubles ?? []).map { $1 == 0 ? $0 : .nan }
            guard labels.map({ $0.count == count }) ?? true else { throw damaged("\(labels?.count ?? 0) labels of \(name) rows") }
            let probabilities = named["\(name).probabilities"]?.converted(to: .double)
            guard probabilities.map({ $0.rank == 2 && $0.shape[0] == count }) ?? true else {
                throw damaged("probabilities of \(name) rows")
            }
            return DetectorRows(
                raw: RawRows(
                    columns: (0..<columns).map { Array(flat[$0 * count..<($0 + 1) * count]) }, count: count),
                probabilities: probabilities,
                labels: labels.map { $0.map { $0 < 0 ? nil : $0 } })
        }
        let training = try description.trainingCount.map { try rows("training", $0, description.trainingLabels) }
        let reference = try rows("reference", description.referenceCount, description.referenceLabels)
        var ensembles: [EnsembleKind: ShiftEnsemble] = [:]
        for (name, architecture) in description.architectures {
            guard let kind = EnsembleKind(rawValue: name), let weights = named["ensemble.\(name)"], weights.rank == 2,
                weights.shape[0] > 0, weights.shape[1] == architecture.layout.count
            else { throw damaged("networks '\(name.printable())'") }
            ensembles[kind] = ShiftEnsemble(architecture: architecture, weights: weights)
        }
        let parts = [training, reference].compactMap { $0 }
        if let problem = Self.problem(description.encoding, description.classes, parts, ensembles) {
            throw damaged(problem)
        }
        self.init(
            settings: description.settings, encoding: description.encoding, classes: description.classes,
            training: training, reference: reference, ensembles: ensembles)
    }
}
