import Basics
import Foundation
import ModelZoo
import Reports
import ShiftDetection
import Tensors

/// An experiment on shift detection: its splits one after the other, each kept as it ends, then one table and a page.
public struct ShiftStudy {
    private let file: ExperimentFile
    private let run: ConfigResolver<ShiftStudyConfig>.Run
    private let request: Experiment.Request
    private let reporter: any ProgressReporter
    private let catalog: DatasetCatalog

    /// What came of a study.
    public struct Outcome {
        /// All figures.
        public let report: ShiftStudyReport
        /// Where they stand.
        public let folder: URL
        /// Whether nothing was left to do.
        public let wasFinished: Bool
    }

    /// Reads and checks the experiment; nil where it is none on shift detection. Throws `DataError` or `ConfigError`.
    public init?(_ request: Experiment.Request, reporter: any ProgressReporter) throws {
        let (file, settings) = try request.read()
        guard Self.isStudy(file) else { return nil }
        guard !request.tensorboard else {
            throw DataError(
                .configuration, path: file.url.relativePath,
                problem: "a study of shift detection has no steps that TensorBoard could draw",
                hint: "leave out --tensorboard")
        }
        let plan = try ConfigResolver<ShiftStudyConfig>().plan(file.document, settings: settings, arms: request.arms)
        guard !plan.hasArms, let run = plan.runs.first else {
            throw DataError(
                .configuration, path: file.url.relativePath, problem: "a study of shift detection has no arms",
                hint: "leave out grid: and arms:, and give each study a file of its own")
        }
        (self.file, self.run, self.request, self.reporter) = (file, run, request, reporter)
        catalog = try DatasetCatalog.ofProcess(explicit: request.data)
    }

    /// Whether a file describes a study of shift detection: it has the section that no other experiment has.
    static func isStudy(_ file: ExperimentFile) -> Bool { file.document.tree["shift"] != nil }

    /// Runs what is left, and writes `shift.json` and the page.
    public func execute() throws -> Outcome {
        let url = RunLayout(experiment: file.name, out: request.out, hasArms: false, seed: run.seed).root
        if request.resume, RunFolder.state(at: url) == .finished {
            try RunFolder.refuseOtherConfig(url, run.tree)
            return Outcome(report: try Self.report(in: url), folder: url, wasFinished: true)
        }
        let environment = RunEnvironment(
            version: WeightSpaceVersion.current, kernelSet: Threads.kernelSet, threads: Threads.count)
        let source = try ShiftStudySource(run.config.shift.data, catalog: catalog)
        let folder = try RunFolder(
            at: url, config: run.tree, environment: environment, resume: request.resume, takesOver: request.takesOver)
        do {
            let splits = try splits(source, in: folder)
            let seconds = StageClock.read(url).values.reduce(0, +)
            let report = ShiftStudyTable(run.config.shift, splits: splits).report(
                name: file.name, question: question, seconds: seconds)
            try folder.write(Self.name, Tree(encoding: report).text(pretty: true) + "\n")
            try folder.write("report.html", report.html(configuration: run.tree.yaml))
            try folder.finish()
            return Outcome(report: report, folder: url, wasFinished: false)
        } catch {
            if ExitStatus(error) != .tryAgain { folder.discardIfNothingDone() }
            throw error
        }
    }

    private static let name = "shift.json"

    /// The figures that a finished study left.
    static func report(in folder: URL) throws -> ShiftStudyReport {
        let file = folder.appendingPathComponent(name)
        do {
            return try JSONDecoder().decode(ShiftStudyReport.self, from: Data(contentsOf: file))
        } catch {
            throw StoredJSON.changed(file.path, "does not hold the figures of a study")
        }
    }

    /// The page of a finished study; nil for a folder that holds none.
    static func page(of folder: URL) throws -> String? {
        let file = folder.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try report(in: folder).html(configuration: try RunFolder.resolvedConfig(at: folder).yaml)
    }

    private func splits(_ source: ShiftStudySource, in folder: RunFolder) throws -> [ShiftSplitResult] {
        let section = run.config.shift
        let progress = reporter.progress("judging samples, split by split")
        return try (0..<section.splits).map { index in
            try progress.report(index, of: section.splits)
            let name = "splits/\(index).json"
            let began = StageClock.now()
            let isNew = try folder.stage("split-\(index)") { writer in
                // Inside a split only a request to stop is looked for.
                let stop = WorkProgress { _, _ in try progress.report(index, of: section.splits) }
                var split = try ShiftStudySplit(section, index: index, seed: run.seed, source: source, progress: stop)
                let result = try split.judged(progress: stop)
                try POSIXFile.makeFolders(folder.file("splits").path)
                try writer.write(name, Tree(encoding: result).text(pretty: false) + "\n")
            }
            if isNew { try StageClock().record("split-\(index)", StageClock.now() - began, in: folder) }
            if index + 1 == section.splits { try progress.report(section.splits, of: section.splits) }
            return try JSONDecoder().decode(ShiftSplitResult.self, from: Data(contentsOf: folder.file(name)))
        }
    }

    private var question: String {
        if let question = run.config.question { return question }
        guard file.hasOwnFolder else { return "" }
        let readme = file.url.deletingLastPathComponent().appendingPathComponent("README.md")
        return (try? String(contentsOf: readme, encoding: .utf8)).map { Experiment.question(in: $0) } ?? ""
    }
}
