import Basics
import Evaluation
import Foundation
import ModelZoo
import Ranks
import Reports
import Tensors

/// An experiment: all its runs, and one summary and report over them.
public struct Experiment {
    /// What the person asked for on the command line.
    public struct Request: Codable {
        /// Folder under Experiments/, folder, or YAML file.
        public var experiment: String
        /// Assignments `key.path=value` over the file and its arms, in order.
        public var settings: [String] = []
        /// Arms to run; the default ones if empty.
        public var arms: [String] = []
        /// Sets the key `seed`.
        public var seed: Int?
        /// Where the run folder goes.
        public var out: URL?
        /// Whether an unfinished run goes on.
        public var resume = false
        /// Whether a folder is taken over whose holder, on another host, cannot be seen to have ended.
        public var takesOver = false
        /// Folder with data sets.
        public var data: String?
        /// The command line as the person typed it, for the report.
        public var command: String?
        /// Whether event files for TensorBoard are written into the run's folder.
        public var tensorboard = false
        /// A run whose stages up to its generator are taken over; with it, the report's title.
        var base: (run: URL, title: String)?

        /// What one rank tells another; a run that takes over another's stages is one, and stays where it is.
        private enum CodingKeys: String, CodingKey {
            case experiment, settings, arms, seed, out, resume, takesOver, data, command, tensorboard
        }

        /// Asks for an experiment with its defaults.
        public init(experiment: String) { self.experiment = experiment }
    }

    let request: Request
    private let file: ExperimentFile
    let plan: ConfigResolver<ExperimentConfig>.Plan
    let layout: RunLayout
    let reporter: any ProgressReporter
    private let catalog: DatasetCatalog
    /// The processes that work.
    public var ranks = Ranks.one

    /// Reads and checks everything that can be checked before work begins. Throws `DataError` or `ConfigError`.
    public init(_ request: Request, reporter: any ProgressReporter) throws {
        self.request = request
        self.reporter = reporter
        let (file, settings) = try request.read()
        self.file = file
        plan = try ConfigResolver<ExperimentConfig>().plan(file.document, settings: settings, arms: request.arms)
        layout = RunLayout(
            experiment: file.name, out: request.out, hasArms: plan.hasArms, seed: plan.runs.first?.seed ?? 0)
        catalog = try DatasetCatalog.ofProcess(explicit: request.data)
    }

    /// What came of an experiment.
    public struct Outcome {
        /// All rows and the verdict.
        public let summary: Summary
        /// The verdict of every run.
        public let verdicts: [TerminalSummary.RunVerdict]
        /// Where summary and report stand.
        public let folder: URL
        /// 0, or 3 where the result of any run that was asked for is bad. 0 also where all had been finished before.
        public let status: ExitStatus
        /// What is doubtful about judging, each doubt once.
        public let doubts: [String]
        /// The causes of bad networks with their numbers, of an experiment with one run whose networks are worse than the
        /// zoo.
        public let diagnosis: Diagnosis?
        /// Whether nothing was left to do: every run that was asked for had been finished before.
        public let wasFinished: Bool
    }

    /// Runs everything that is not finished and writes summary and report. Those above arms are over all arms that the
    /// experiment has and that have come to their end, also earlier.
    public func run() throws -> Outcome {
        if plan.hasArms {
            try refuseForeignRoot()
            try refuseLaterRuns(resuming: request.resume)
        }
        let wasFinished = request.resume && plan.runs.allSatisfy { RunFolder.state(at: folder(of: $0)) == .finished }
        var parts =
            try ranks.areSeveral && plan.runs.count > 1
            ? spread(over: ranks) : plan.runs.map { try execute($0, over: ranks) }
        let isBad = parts.contains { $0.result.verdict.isBad }
        if plan.hasArms { parts = try withEarlierArms(parts) }
        let assembly = assembly(parts)
        let summary = assembly.summary()
        if plan.hasArms { try write(assembly, summary, to: layout.root) }
        return Outcome(
            summary: summary, verdicts: parts.map { .init(arm: $0.arm, $0.result.verdict) }, folder: layout.root,
            status: isBad && !wasFinished ? .badResult : .done,
            doubts: parts.compactMap(\.result.doubt).reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
            diagnosis: parts.count == 1 ? parts[0].result.shownDiagnosis : nil, wasFinished: wasFinished)
    }

    func folder(of run: ConfigResolver<ExperimentConfig>.Run) -> URL {
        layout.folder(arm: run.arm.name, seed: run.seed)
    }

    private func name(of run: ConfigResolver<ExperimentConfig>.Run) -> String { plan.hasArms ? run.arm.name : "main" }

    func part(_ run: ConfigResolver<ExperimentConfig>.Run, _ result: RunResult) -> ReportAssembly.Part {
        .init(arm: name(of: run), config: run.config, yaml: run.tree.yaml, result: result)
    }

    /// Does one run, or reads what came of it where it is finished.
    func execute(
        _ run: ConfigResolver<ExperimentConfig>.Run, over ranks: Ranks
    ) throws -> ReportAssembly.Part {
        let (url, name) = (folder(of: run), name(of: run))
        if request.resume, RunFolder.state(at: url) == .finished {
            try RunFolder.refuseOtherConfig(url, run.tree)
            try FinishedRun.refuseOtherZoo(url, run.config.zoo)
            if plan.hasArms { reporter.note("\(name), seed \(run.seed): finished before") }
            return part(run, try FinishedRun(url: url, config: run.config, zoos: zoos).result())
        }
        let environment = RunEnvironment(
            version: WeightSpaceVersion.current, kernelSet: Threads.kernelSet, threads: Threads.count)
        let folder = try RunFolder(
            at: url, config: run.tree, environment: environment, resume: request.resume, takesOver: request.takesOver)
        let work = ExperimentRun(
            arm: name, config: run.config, folder: folder, catalog: catalog(for: run.config), zoos: zoos,
            reporter: reporter, isTakenOver: request.base != nil, isWatched: request.tensorboard, ranks: ranks)
        do {
            if let base = request.base { try folder.adopt(ExperimentRun.learning, from: base.run) }
            let result = try work.execute()
            if request.tensorboard { try RunEvents(run: url, config: run.config).writeOutcome(of: result, to: url) }
            let part = part(run, result)
            let assembly = assembly([part])
            try write(assembly, assembly.summary(), to: url)
            try folder.finish()
            return part
        } catch {
            // Bad input that was met before anything was done leaves nothing that a corrected command would meet.
            if ExitStatus(error) != .tryAgain {
                if request.base != nil { folder.discardIfOnlyAdopted(ExperimentRun.learning) }
                folder.discardIfNothingDone()
            }
            throw error
        }
    }

    /// The catalogue in which the data of a run is found: also beside the zoo file that it is made from.
    func catalog(for config: ExperimentConfig) -> DatasetCatalog {
        guard case .file(let file) = config.zoo, let source = try? ExperimentPaths.resolve(file.path) else {
            return catalog
        }
        return catalog.beside(source.path)
    }

    var zoos: SharedZoos { SharedZoos(folder: layout.root.appendingPathComponent("zoos")) }

    private func assembly(_ parts: [ReportAssembly.Part]) -> ReportAssembly {
        ReportAssembly(name: request.base?.title ?? file.name, question: question(), runs: parts)
    }

    private func write(_ assembly: ReportAssembly, _ summary: Summary, to folder: URL) throws {
        let seeds = Set(assembly.runs.map(\.config.seed)).sorted().map { "\($0)" }.joined(separator: ", ")
        let input = assembly.input(summary, environment: environmentFacts(seeds: seeds))
        try WholeFile.write(try summary.jsonText(), to: folder.appendingPathComponent("summary.json"))
        try WholeFile.write(try input.json(), to: folder.appendingPathComponent("report.json"))
        try WholeFile.write(HTMLReport.render(input), to: folder.appendingPathComponent("report.html"))
    }

    /// When, how and on what: facts that two runs of the same bytes need not share.
    private func environmentFacts(seeds: String) -> [ReportInput.Fact] {
        let environment = RunEnvironment(
            version: WeightSpaceVersion.current, kernelSet: Threads.kernelSet, threads: Threads.count)
        let command = request.command.map { [ReportInput.Fact("command", $0)] } ?? []
        return command + [
            .init("seeds", seeds), .init("date", Date().formatted(.iso8601.year().month().day())),
            .init("version", environment.version), .init("processor", environment.processor),
            .init("kernels", environment.kernelSet), .init("threads", "\(environment.threads)"),
            .init("git commit", environment.gitCommit ?? "unknown"),
        ]
    }

    /// The key `question`; without it, of an experiment that has a folder of its own, what the README there asks. A
    /// README beside any other YAML file is somebody's, and stays out of the report.
    private func question() -> String {
        if let question = plan.runs.first?.config.question { return question }
        guard file.hasOwnFolder else { return "" }
        let readme = file.url.deletingLastPathComponent().appendingPathComponent("README.md")
        return (try? String(contentsOf: readme, encoding: .utf8)).map { Self.question(in: $0) } ?? ""
    }

    /// The question that an experiment's README asks: its text under the title, up to the next heading, without pictures.
    static func question(in readme: String) -> String {
        let lines = readme.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).drop(while: \.isEmpty)
        let body = lines.first?.hasPrefix("#") == true ? lines.dropFirst() : lines
        return body.prefix { !$0.hasPrefix("#") }.filter { !$0.hasPrefix("![") }.joined(separator: "\n")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
