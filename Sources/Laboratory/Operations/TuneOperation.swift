import Basics
import Evaluation
import Foundation
import Generation

/// Tunes the generator of a run to a reward, and judges what it then makes, in a run folder of its own.
public struct TuneOperation {
    /// The folder of a run whose generator is trained; nothing in it is changed.
    public let run: URL
    /// The tuned run's folder.
    public let out: URL
    /// What is wanted, by its name; nil for the run's own, or the usual one.
    public var reward: String?
    /// Labelled data that the reward looks at, a name, a file or a description as JSON; nil for the run's own, or the zoo's
    /// training rows.
    public var dataset: String?
    /// How much it counts, each strength tried; empty for the run's own, or the usual ones.
    public var strengths: [Double] = []
    /// Assignments `key.path=value` over the run's settings.
    public var settings: [String] = []
    /// Whether an unfinished run goes on.
    public var resume = false
    /// Whether the folder is taken over from a process on another host that cannot be seen to have ended.
    public var takesOver = false
    /// Folder with data sets.
    public var data: String?

    /// Prepares to tune the run's generator.
    public init(run: URL, out: URL) { (self.run, self.out) = (run, out) }

    /// What came of it.
    public struct Outcome {
        /// The run's summary, verdict and status.
        public let experiment: Experiment.Outcome
        /// What each strength gave.
        public let table: TuningTable
    }

    /// Takes the run's stages up to its generator over, tunes, draws, judges and reports. Throws `DataError` or
    /// `ConfigError`.
    public func execute(_ reporter: any ProgressReporter) throws -> Outcome {
        _ = try GeneratorStore.ofRun(run)
        let file = run.appendingPathComponent("config.resolved.yaml")
        guard FileManager.default.isReadableFile(atPath: file.path) else {
            throw DataError(.missing, path: run.path, problem: "is not the folder of a run")
        }
        if out.standardizedFileURL == run.standardizedFileURL {
            throw DataError(
                .configuration, path: "--out", expected: "another folder than the run's, which stays as it is",
                found: out.relativePath)
        }
        var request = Experiment.Request(experiment: file.path)
        request.settings = assignments + settings
        (request.out, request.resume, request.takesOver, request.data) = (out, resume, takesOver, data)
        request.base = (run, "\(Self.name(of: run)), tuned")
        let experiment = try Experiment(request, reporter: reporter)
        let outcome = try experiment.run()
        return Outcome(experiment: outcome, table: try ExperimentRun.tuningTable(out))
    }

    private var assignments: [String] {
        // Kinds first: another one swaps in its own defaults.
        var all = ["tuning.kind=adjoint-matching"]
        if let reward { all.append("tuning.reward.kind=\(reward)") }
        if let dataset { all.append("tuning.reward.dataset='\(dataset.replacing("'", with: "''"))'") }
        if !strengths.isEmpty {
            all.append("tuning.strengths=[\(strengths.map { "\($0)" }.joined(separator: ", "))]")
        }
        return all
    }

    /// What a run is called: its folder, and for seeds and arms those above it.
    private static func name(of run: URL) -> String {
        let parts = run.standardizedFileURL.pathComponents.suffix(4)
        guard let last = parts.last, last.hasPrefix("seed-") else { return parts.last ?? "run" }
        return parts.suffix(2).joined(separator: ", ")
    }
}
