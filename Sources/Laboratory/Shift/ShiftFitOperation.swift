import Basics
import Evaluation
import Foundation
import ModelZoo
import Ranks
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
    /// The processes that measure how large a shift would be found.
    public var ranks = Ranks.one

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
        /// Those of them that hold categories; the others hold numbers.
        public let categories: [String]
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
            case columns, categories, classes, model, performance, power, notes
            case referenceRows = "reference_rows"
            case trainingRows = "training_rows"
        }
    }

    /// The kinds of methods that can decide, those that are retrained for every test among them.
    public static var methods: [String] { ShiftMethodFamily.standard.all.map(\.name) }

    /// The method of a kind with its standard settings; `exact` retrains it on subsets of reference and sample together.
    ///
    /// Throws `DataError` (configuration) where there is none, and where it has no exact level, or has one without.
    public static func method(_ kind: String, exact: Bool = false) throws -> Described<ShiftMethodFamily> {
        guard let method = Described<ShiftMethodFamily>(kind: kind) else {
            throw DataError(
                .configuration, path: "--method \(kind.printable())", problem: "there is no such method",
                hint: Nearest.hint(Nearest.match(kind, among: methods), of: methods))
        }
        switch (method.member.level, exact) {
        case (.exact, false): return method
        case (.exact, true):
            throw DataError(
                .configuration, path: "--exact", problem: "\(method.kind) is exact without it", hint: "leave it out")
        case (.nestedSplits, _):
            guard exact, let same = method.member.retrainedOnSubsets else {
                throw DataError(
                    .configuration, path: "--method \(method.kind)",
                    problem: "it learns anew from every sample, and samples of the reference alone are too narrow to "
                        + "compare it with",
                    hint: method.member.retrainedOnSubsets == nil
                        ? "it is a method of studies, such as Experiments/shift-heart"
                        : "--exact trains it on subsets of reference and sample together: minutes a test")
            }
            return Described(same)
        }
    }

    /// What a detector is made from.
    private func provenance(_ settings: DetectorSettings) throws -> Provenance {
        let files = [("reference", reference), ("training rows", training), ("model", model)]
        let parents = files.compactMap { what, path in
            path.flatMap { try? SHA256.hexDigest(ofFile: $0) }.map { Provenance.Parent(what, sha256: $0) }
        }
        let digest = try Tree(encoding: settings).settingsDigest()
        return Provenance([.init("shift fit", settings: digest, seed: settings.seed, parents: parents)])
    }

    /// Reads, trains, and writes the detector. Throws `DataError`, and nothing is written then.
    public func execute(_ reporter: any ProgressReporter) throws -> Outcome {
        try OutputFile.checkDetector(out, replacing: replaces)
        try checkOptions()
        var (detector, notes) = try fitted(reporter)
        try calibrate(&detector, reporter)
        if settings.method.member.retrains, cases > 0 {
            notes.append(
                "\(settings.method.kind) is trained anew for every sample, so that what it finds is not measured here: "
                    + "`weightspace shift power` does it, a sample at a time")
        }
        if FileManager.default.fileExists(atPath: ShiftWatchOperation(detector: out, stream: nil).state.path) {
            notes.append("\(out.path): the state of a watch by the detector that was there went with it")
        }
        let outcome = try outcome(detector, notes)
        try DetectorStore(folder: out).write(detector, provenance: provenance(fullSettings()))
        try? FileManager.default.removeItem(at: FitProgress.folder(for: out))
        return outcome
    }

    /// Reads and trains; nothing is measured yet, or written.
    func fitted(_ reporter: any ProgressReporter) throws -> (detector: ShiftDetector, notes: [String]) {
        let settings = try fullSettings()
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
        let detector = ShiftDetector(
            settings: source.settings, encoding: read.encoding, classes: read.classes, training: read.training,
            reference: read.reference, ensembles: ensembles, network: read.network)
        return (detector, read.notes)
    }

    /// The settings with codes, and as many subsets as the level asks for; fewer where each is trained for.
    private func fullSettings() throws -> DetectorSettings {
        var full = settings
        full.missing = try ShiftTables.codes(missing)
        if full.method.member.retrains { full.subsets = min(full.subsets, Self.subsetsOfRetraining) }
        if full.alpha * Double(full.subsets + 1) < 1 {
            full.subsets = DetectorSettings.subsets(for: full.alpha, atLeast: full.subsets)
        }
        return full
    }

    /// Subsets for which a method is trained at every test.
    static let subsetsOfRetraining = 199

    /// Measures how large a shift samples of each size show.
    private func calibrate(_ detector: inout ShiftDetector, _ reporter: any ProgressReporter) throws {
        let progress = try FitProgress(for: out, detector, cases: cases, resume: resume)
        do {
            var known = detector.calibration
            let sizes = Set(settings.sizes).sorted().filter { !progress.restore($0, in: &known) }
            guard measures, ranks.areSeveral, !sizes.isEmpty else {
                return try calibrate(&detector, progress, reporter, OneProcess())
            }
            try ranks.together(SharedCalibration(self, sizes: sizes)) { communicator in
                try RankSharing(communicator).lead { try calibrate(&detector, progress, reporter, $0) }
            }
        } catch {
            progress.remove(onlyEmpty: true)
            throw error
        }
    }

    /// The same as one of the processes that share the work.
    private func calibrate(
        _ detector: inout ShiftDetector, _ progress: FitProgress, _ reporter: any ProgressReporter,
        _ sharing: any WorkSharing
    ) throws {
        for size in Set(settings.sizes).sorted() where !progress.restore(size, in: &detector.calibration) {
            if measures {
                detector.calibration.power += try detector.power(
                    sizes: [size], cases: cases, path: reference,
                    progress: reporter.progress("measuring what \(size) rows show"), sharing: sharing
                ).rows
            }
            try progress.save(size, detector.calibration)
        }
    }

    /// Whether it is measured how large a shift is found.
    private var measures: Bool { cases > 0 && !settings.method.member.retrains }

    /// What is doubtful of a model that is right less often than always naming the commonest class would be; nil otherwise.
    static func doubt(_ rows: ReferenceRows) -> String? {
        let counts = Dictionary(rows.labels.map { ($0, 1) }, uniquingKeysWith: +)
        let commonest = Double(counts.values.max() ?? 0) / Double(max(rows.count, 1))
        let accuracy = PerformanceMetric.accuracy.value(of: rows.rows, labels: rows.labels)
        guard accuracy < commonest else { return nil }
        return "the model is right on \(NumberText.percent(accuracy, digits: 1)) % of the rows, and always naming the "
            + "commonest class on \(NumberText.percent(commonest, digits: 1)) %: are the classes in the order of its outputs "
            + "(--classes), and the columns prepared as in its training?"
    }

    private func outcome(_ detector: ShiftDetector, _ notes: [String]) throws -> Outcome {
        let rows = try detector.rows(detector.reference, path: reference)
        var (performance, notes) = ([String: Double](), notes)
        if let labelled = detector.labelledReference(rows) {
            for metric in [PerformanceMetric.accuracy, .balancedAccuracy, .auc] {
                performance[metric.rawValue] = metric.value(of: labelled.rows, labels: labelled.labels)
            }
            if let doubt = Self.doubt(labelled) { notes.append("\(reference): \(doubt)") }
        } else {
            notes.append(
                "\(reference): without labels of at least \(DetectorSettings.leastReference) rows of two classes, a sample "
                    + "can be called different, and never harmful")
        }
        let which = detector.network.map { network in
            let count = network.networks.weights.shape[0]
            return row.map { "row \($0) of " } ?? (count > 1 ? "the mean of \(count) networks of " : "")
        }
        return Outcome(
            referenceRows: detector.reference.count, trainingRows: detector.training?.count,
            columns: detector.encoding.columns.map(\.name),
            categories: detector.encoding.columns.filter { $0.kind == .category }.map(\.name),
            classes: detector.classes.names,
            model: detector.isModelTrainedHere
                ? "\(settings.ensembles.trained.count) perceptrons trained here on \(training ?? "T")"
                : model.map { (which ?? "") + $0 } ?? "the columns " + predictions.joined(separator: ", "),
            performance: performance, power: detector.calibration.power, notes: notes)
    }
}
