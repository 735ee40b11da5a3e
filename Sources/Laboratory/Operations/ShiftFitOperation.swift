import Basics
import Foundation
import ModelZoo
import ShiftDetection
import Tensors

/// Learns from reference rows, and the rows that a model was trained on, what a sample will be compared with.
public struct ShiftFitOperation {
    /// P: rows that the model was not trained on.
    public let reference: String
    /// T: rows that it was trained on.
    public var training: String?
    /// The model's columns of probabilities, in P, T and every sample.
    public var predictions: [String] = []
    /// The classes in the order of these columns, where their names do not say it.
    public var classes: [String] = []
    /// Codes for missing values, `chol=0` each.
    public var missing: [String] = []
    /// Everything else.
    public var settings = DetectorSettings()
    /// The folder to write.
    public let out: URL
    /// Whether a detector that is there already is replaced.
    public var replaces = false

    /// Prepares to fit; nothing is read yet.
    public init(reference: String, out: URL) { (self.reference, self.out) = (reference, out) }

    /// What came of it.
    public struct Outcome: Encodable, Sendable {
        /// Rows of P and T.
        public let referenceRows: Int
        public let trainingRows: Int?
        /// Columns that rows are compared by.
        public let columns: [String]
        /// The classes.
        public let classes: [String]
        /// Where the model's outputs come from.
        public let model: String
        /// How good the model is on P, by metric; nothing without labels.
        public let performance: [String: Double]
        /// What a person should know.
        public let notes: [String]

        private enum CodingKeys: String, CodingKey {
            case columns, classes, model, performance, notes
            case referenceRows = "reference_rows"
            case trainingRows = "training_rows"
        }
    }

    /// Reads, trains, and writes the detector. Throws `DataError`, and nothing is written then.
    public func execute(_ reporter: any ProgressReporter) throws -> Outcome {
        try OutputFile.checkDetector(out, replacing: replaces)
        var settings = settings
        settings.missing = try ShiftTables.codes(missing)
        if let problem = settings.problem {
            throw DataError(.configuration, path: "shift fit", problem: "cannot be: \(problem)")
        }
        var source = ShiftSource(settings: settings, predictions: predictions, classes: classes)
        let read = try source.read(reference: reference, training: training)
        var ensembles: [EnsembleKind: ShiftEnsemble] = [:]
        if let rows = try read.learning() {
            ensembles = try settings.ensembles.fit(
                [.trained], to: rows, seed: settings.seed,
                progress: reporter.progress("training the ensemble", hint: OutputFile.interrupted))
        }
        let detector = ShiftDetector(
            settings: source.settings, encoding: read.encoding, classes: read.classes, training: read.training,
            reference: read.reference, ensembles: ensembles)
        let outcome = try outcome(detector, read.notes)
        try DetectorStore(folder: out).write(detector)
        return outcome
    }

    private func outcome(_ detector: ShiftDetector, _ notes: [String]) throws -> Outcome {
        let rows = try detector.rows(detector.reference, path: reference)
        var (performance, notes) = ([String: Double](), notes)
        if let labelled = detector.labelledReference(rows) {
            for metric in [PerformanceMetric.accuracy, .balancedAccuracy, .auc] {
                performance[metric.rawValue] = metric.value(of: labelled.rows, labels: labelled.labels)
            }
        } else {
            notes.append(
                "\(reference): without labels of at least \(DetectorSettings.leastReference) rows of two classes, a sample "
                    + "can be called different, and never harmful")
        }
        return Outcome(
            referenceRows: detector.reference.count, trainingRows: detector.training?.count,
            columns: detector.encoding.columns.map(\.name), classes: detector.classes.names,
            model: detector.isModelTrainedHere
                ? "\(settings.ensembles.trained.count) perceptrons trained here on \(training ?? "T")"
                : "the columns " + predictions.joined(separator: ", "),
            performance: performance, notes: notes)
    }
}
