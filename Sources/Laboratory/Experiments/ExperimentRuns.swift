import Basics
import Foundation
import ModelZoo
import Ranks

/// The runs of an experiment, arms times seeds, as work that any rank can do: each in a folder of its own.
struct ExperimentRuns: RankWork {
    static let name = "the runs of the experiment"
    let description: Experiment.Request
    private let experiment: Experiment

    init(_ experiment: Experiment) { (self.experiment, description) = (experiment, experiment.request) }

    init(_ request: Experiment.Request) throws { self.init(try Experiment(request, reporter: SilentProgress())) }

    /// How many runs have come to their end; what came of them stands in their folders.
    func item(_ range: Range<Int>, report: (_ units: Int) throws -> Void) throws -> Int {
        for run in experiment.plan.runs[range] { _ = try experiment.execute(run, over: .one) }
        return range.count
    }
}

extension Experiment {
    /// Does all runs, each on the rank that is free, and returns what came of them; first, zoos that several of them share
    /// are trained by all ranks together.
    func spread(over ranks: Ranks) throws -> [ReportAssembly.Part] {
        try provideSharedZoos(over: ranks)
        let progress = reporter.progress("runs of the experiment")
        try ranks.map(
            ExperimentRuns(self), plan.runs.indices, report: { try progress.report($0, of: $1) },
            take: { _, _ in })
        return try plan.runs.map { run in
            let result = try FinishedRun(url: folder(of: run), config: run.config, zoos: zoos).result()
            return part(run, result)
        }
    }

    /// Trains every zoo that a run which is not finished will ask for and that is not there.
    private func provideSharedZoos(over ranks: Ranks) throws {
        do {
            for run in plan.runs where RunFolder.state(at: folder(of: run)) != .finished {
                let source = run.config.zoo
                guard let key = try SharedZoos.key(source), let recipe = source.recipe else { continue }
                let file = zoos.file(key)
                if FileManager.default.fileExists(atPath: file.path) { continue }
                try SharedTraining(
                    source: source, recipe: recipe, catalog: catalog(for: run.config), zoos: zoos, ranks: ranks,
                    path: file.path
                ).execute(to: file, reporter.progress("training the zoo"))
            }
        } catch {
            // What could not begin leaves no empty folder.
            rmdir(layout.root.path)
            throw error
        }
    }
}
