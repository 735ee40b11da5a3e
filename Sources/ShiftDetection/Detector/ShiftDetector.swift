import Basics
import Tensors

/// All that is kept between `fit` and a sample: how rows are read, the model, the reference rows.
public struct ShiftDetector: Sendable {
    /// What was said when it was fitted.
    public let settings: DetectorSettings
    /// How the columns of a table become features.
    public let encoding: TableEncoding
    /// The classes of the model in use.
    public let classes: ModelClasses
    /// T and P.
    public let training: LabelledRows?
    public let reference: LabelledRows
    /// The networks, fixed before P was looked at.
    public let ensembles: [EnsembleKind: ShiftEnsemble]

    /// Holds a detector. Traps where parts do not fit each other; ``problem`` says beforehand whether they do.
    public init(
        settings: DetectorSettings, encoding: TableEncoding, classes: ModelClasses, training: LabelledRows?,
        reference: LabelledRows, ensembles: [EnsembleKind: ShiftEnsemble]
    ) {
        (self.settings, self.encoding, self.classes) = (settings, encoding, classes)
        (self.training, self.reference, self.ensembles) = (training, reference, ensembles)
    }

    /// Rows of a table as a detector keeps them.
    public struct LabelledRows: Sendable {
        /// The columns of the encoding.
        public let raw: RawRows
        /// What the model in use says of each row, [n, C] in double precision; nil where the ensemble is the model.
        public let probabilities: Tensor?
        /// The right class of each row; nil for a row that has none. Nil where no row has one.
        public let labels: [Int32?]?

        /// Holds rows.
        public init(raw: RawRows, probabilities: Tensor?, labels: [Int32?]?) {
            (self.raw, self.probabilities, self.labels) = (raw, probabilities, labels)
        }

        /// n.
        public var count: Int { raw.count }

        /// The rows at these places, in this order.
        public func selecting(_ places: [Int]) -> LabelledRows {
            LabelledRows(
                raw: raw.selecting(places), probabilities: probabilities?.gathered(axis: 0, places.map { Int32($0) }),
                labels: labels.map { all in places.map { all[$0] } })
        }

        /// These rows, then the others, without labels.
        func joined(with others: LabelledRows) -> LabelledRows {
            let both = probabilities.flatMap { mine in
                others.probabilities.map { Tensor.concatenate([mine, $0], axis: 0) }
            }
            return LabelledRows(
                raw: RawRows(
                    columns: zip(raw.columns, others.raw.columns).map { $0 + $1 }, count: count + others.count),
                probabilities: both, labels: nil)
        }
    }

    /// Whether networks look at the features of rows; without T only the model's outputs are looked at.
    public var hasFeatures: Bool { training != nil }

    /// The model and the rows of reference and sample together, the reference's first.
    ///
    /// One call for both, so that nothing can treat them differently.
    public func pool(with sample: LabelledRows?, path: String) throws -> (model: ShiftModel, rows: ShiftRows) {
        let all = sample.map { reference.joined(with: $0) } ?? reference
        return (try model(path: path), try rows(all, path: path))
    }

    /// What was learnt before a sample came.
    public func model(path: String) throws -> ShiftModel {
        let bare = ShiftModel(ensembles: ensembles, seed: settings.seed)
        let known = try training.map { try rows($0, path: path) }
        return ShiftModel(training: known, ensembles: bare.ensembles, seed: settings.seed)
    }

    /// Rows as the methods see them.
    public func rows(_ rows: LabelledRows, path: String) throws -> ShiftRows {
        guard hasFeatures else {
            guard let probabilities = rows.probabilities else {
                throw DataError(
                    .malformed, path: path, problem: "holds neither a model nor what one says of the rows",
                    hint: "fit the detector anew")
            }
            return ShiftRows(features: nil, probabilities: probabilities)
        }
        let features = try encoding.features(rows.raw, path: path)
        return ShiftModel(ensembles: ensembles, seed: settings.seed).rows(
            features: features, probabilities: rows.probabilities)
    }
}
