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
    /// T, rows that the model was trained on; nil where only the model's outputs are known.
    public let training: DetectorRows?
    /// P, rows that it was not trained on.
    public let reference: DetectorRows
    /// The networks, fixed before P was looked at.
    public let ensembles: [EnsembleKind: ShiftEnsemble]
    /// The model in use, where its weights are known; what it says of T and P stands beside their rows.
    public let network: DetectorNetwork?
    /// What was measured for the sizes of samples that it was fitted for.
    public var calibration = Calibration()

    /// What is measured when a detector is fitted, and is looked up when a sample comes.
    public struct Calibration: Codable, Sendable, Equatable {
        /// How large a shift is found.
        public var power: [ShiftPower.Row] = []

        /// Nothing is measured yet.
        public init() {}
    }

    var power: [ShiftPower.Row] { calibration.power }

    /// Holds a detector. Traps where its parts do not fit each other.
    public init(
        settings: DetectorSettings, encoding: TableEncoding, classes: ModelClasses, training: DetectorRows?,
        reference: DetectorRows, ensembles: [EnsembleKind: ShiftEnsemble], network: DetectorNetwork? = nil
    ) {
        let problem = Self.problem(encoding, classes, [training, reference].compactMap { $0 }, ensembles)
        precondition(problem == nil, "shift detector: \(problem ?? "")")
        (self.settings, self.encoding, self.classes) = (settings, encoding, classes)
        (self.training, self.reference, self.ensembles) = (training, reference, ensembles)
        self.network = network
    }

    /// What does not fit, or nil.
    static func problem(
        _ encoding: TableEncoding, _ classes: ModelClasses, _ rows: [DetectorRows],
        _ ensembles: [EnsembleKind: ShiftEnsemble]
    ) -> String? {
        let count = classes.names.count
        if count < 2 || Set(classes.names).count != count { return "classes \(classes.names)" }
        if rows.count > 1, encoding.width == 0 { return "no column to learn from" }
        if let problem = encoding.columns.lazy.compactMap(\.problem).first { return problem }
        for part in rows {
            if part.raw.columns.count != encoding.columns.count { return "rows of \(part.raw.columns.count) columns" }
            if let said = part.probabilities, said.shape.array != [part.count, count] {
                return "probabilities \(said.shape)"
            }
            let labels = (part.labels ?? []).compactMap { $0 }
            if let other = labels.first(where: { !(0..<Int32(count)).contains($0) }) {
                return "a label of class \(other)"
            }
        }
        for (kind, ensemble) in ensembles
        where ensemble.architecture.outputs != count || ensemble.architecture.input != .features(encoding.width) {
            return "\(kind.rawValue) networks for other rows"
        }
        if ensembles[.trained] == nil, rows.contains(where: { $0.probabilities == nil && rows.count == 1 }) {
            return "neither a model nor what one says of the rows"
        }
        return nil
    }

    /// Whether networks look at the features of rows; without T only the model's outputs are looked at.
    public var hasFeatures: Bool { training != nil }
    /// Whether the trained ensemble is the model in use.
    public var isModelTrainedHere: Bool { reference.probabilities == nil }

    /// What was learnt before a sample came.
    public func model() throws -> ShiftModel {
        ShiftModel(training: try training.map { try rows($0, path: "T") }, ensembles: ensembles, seed: settings.seed)
    }

    /// Rows as the methods see them; `path` is for messages.
    ///
    /// Reference and sample go through it together, so that nothing can treat them differently.
    public func rows(_ rows: DetectorRows, path: String) throws -> ShiftRows {
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

    /// The reference rows that have a label, as estimates of performance need them; nil where too few have one, or all
    /// that have are of one class.
    public func labelledReference(_ pool: ShiftRows) -> ReferenceRows? {
        let places = reference.labelled
        let labels = places.compactMap { reference.labels?[$0] }
        guard labels.count >= DetectorSettings.leastReference, Set(labels).count > 1 else { return nil }
        return ReferenceRows(pool.selecting(places), labels: labels)
    }
}
