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
    /// A file or run folder with the model's weights, in place of such columns.
    public var model: String?
    /// The model's row there; nil takes the mean of all.
    public var row: Int?
    /// What the model's networks compute, where its file does not say it.
    public var architecture: String?
    /// The classes in the order of these columns, where their names do not say it.
    public var classes: [String] = []
    /// Codes for missing values, `chol=0` each.
    public var missing: [String] = []
    /// Samples of each size and kind that say how large a shift would be found; 0 says nothing.
    public var cases = 40
    /// Everything else.
    public var settings = DetectorSettings()
    /// The folder to write.
    public let out: URL
    /// Whether a detector that is there already is replaced.
    public var replaces = false
    /// Whether an unfinished fit goes on.
    public var resume = false

    /// Prepares to fit; nothing is read yet.
    public init(reference: String, out: URL) { (self.reference, self.out) = (reference, out) }

    /// What came of it.
    public struct Outcome: Encodable, Sendable {
        /// Rows of P.
        public let referenceRows: Int
        /// Rows of T.
        public let trainingRows: Int?
        /// Columns that rows are compared by.
        public let columns: [String]
        /// The classes.
        public let classes: [String]
        /// Where the model's outputs come from.
        public let model: String
        /// How good the model is on P, by metric; nothing without labels.
        public let performance: [String: Double]
        /// How large a shift is found.
        public let power: [ShiftPower.Row]
        /// What a person should know.
        public let notes: [String]

        private enum CodingKeys: String, CodingKey {
            case columns, classes, model, performance, power, notes
            case referenceRows = "reference_rows"
            case trainingRows = "training_rows"
        }
    }

    /// The kinds of methods that can decide.
    public static var methods: [String] {
        ShiftMethodFamily.standard.all.map(\.name).filter { kind in
            Described<ShiftMethodFamily>(kind: kind).map { $0.member.level == .exact } ?? false
        }
    }

    /// The method of a kind with its standard settings. Throws `DataError` (configuration) where there is none.
    public static func method(_ kind: String) throws -> Described<ShiftMethodFamily> {
        guard let method = Described<ShiftMethodFamily>(kind: kind) else {
            throw DataError(
                .configuration, path: "--method \(kind.printable())", problem: "there is no such method",
                hint: Nearest.hint(Nearest.match(kind, among: methods), of: methods))
        }
        guard method.member.level == .exact else {
            throw DataError(
                .configuration, path: "--method \(kind.printable())",
                problem: "its level rests on samples of the reference alone, which detectors do not keep",
                hint: "`weightspace run shift-heart` compares it with the others")
        }
        return method
    }

    /// Reads, trains, and writes the detector. Throws `DataError`, and nothing is written then.
    public func execute(_ reporter: any ProgressReporter) throws -> Outcome {
        try OutputFile.checkDetector(out, replacing: replaces)
        guard model == nil || predictions.isEmpty else {
            throw DataError(
                .configuration, path: "--model", problem: "excludes --predictions: there is one model in use",
                hint: "give one of them")
        }
        var settings = settings
        settings.missing = try ShiftTables.codes(missing)
        if let problem = settings.problem {
            throw DataError(.configuration, path: "shift fit", problem: "cannot be: \(problem)")
        }
        var source = ShiftSource(settings: settings, predictions: predictions, classes: classes)
        source.model = model.map { ModelFile(path: $0, row: row, architecture: architecture) }
        let read = try source.read(reference: reference, training: training)
        var ensembles: [EnsembleKind: ShiftEnsemble] = [:]
        if let rows = try read.learning() {
            let progress = reporter.progress("training the ensemble", hint: OutputFile.interrupted)
            ensembles[.trained] = try settings.ensembles.trained.fit(rows, seed: settings.seed, progress: progress)
            let others = settings.method.member.ensembles.subtracting([.trained])
            if !others.isEmpty {
                let more = try settings.ensembles.fit(
                    others, to: rows, seed: settings.seed,
                    progress: reporter.progress("fitting other ensembles", hint: OutputFile.interrupted))
                ensembles.merge(more) { first, _ in first }
            }
        }
        if let problem = ShiftDetector.problem(settings.method, read.training != nil, ensembles) {
            throw DataError(
                .configuration, path: "--method \(settings.method.kind)", problem: problem,
                hint: "give the rows that the model was trained on with --train")
        }
        var detector = ShiftDetector(
            settings: source.settings, encoding: read.encoding, classes: read.classes, training: read.training,
            reference: read.reference, ensembles: ensembles, network: read.network)
        try calibrate(&detector, reporter)
        let outcome = try outcome(detector, read.notes)
        try DetectorStore(folder: out).write(detector)
        try? FileManager.default.removeItem(at: FitProgress.folder(for: out))
        return outcome
    }

    /// Measures what samples of each size will be compared with, and how large a shift they show.
    private func calibrate(_ detector: inout ShiftDetector, _ reporter: any ProgressReporter) throws {
        let progress = try FitProgress(for: out, detector, cases: cases, resume: resume)
        do {
            for size in Set(settings.sizes).sorted() where !progress.restore(size, in: &detector.calibration) {
                if detector.needsCalibration(size: size) {
                    try detector.calibrate(size: size, progress: reporter.progress("calibrating for \(size) rows"))
                }
                if cases > 0, settings.method.member.level == .exact {
                    detector.calibration.power += try detector.power(
                        sizes: [size], cases: cases, path: reference,
                        progress: reporter.progress("measuring what \(size) rows show")
                    ).rows
                }
                try progress.save(size, detector.calibration)
            }
        } catch {
            progress.remove(onlyEmpty: true)
            throw error
        }
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
                : model ?? "the columns " + predictions.joined(separator: ", "),
            performance: performance, power: detector.calibration.power, notes: notes)
    }
}
