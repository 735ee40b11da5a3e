import Basics
import Foundation

/// Writes event files for TensorBoard from finished runs.
public enum EventsOperation {
    /// Writes the events of a run to a folder, or those of an experiment's finished runs to `<arm>/seed-<n>/` in it, and
    /// returns how many runs there were. TensorBoard takes what is written later to the same folder in place of what was
    /// there. Throws `DataError` where a folder is no finished run's.
    public static func execute(_ source: URL, to target: URL) throws -> Int {
        let arms = source.appendingPathComponent("arms").path
        let runs = try CompareOperation.leaves(source.path).map { URL(fileURLWithPath: $0) }
        guard !runs.isEmpty else {
            throw DataError(
                .missing, path: source.path, problem: "holds no finished run",
                hint: "`weightspace run` with --resume goes on with those that were begun")
        }
        let all = try runs.map { try events(of: $0) }
        for (run, events) in zip(runs, all) {
            let isArm = run.path.hasPrefix(arms + "/")
            let place = isArm ? target.appendingPathComponent(String(run.path.dropFirst(arms.count + 1))) : target
            try events.write(to: place)
        }
        return runs.count
    }

    /// What a run has to show; refuses what is none.
    private static func events(of run: URL) throws -> RunEvents {
        if let refusal = RunFolder.unusable(run) { throw refusal }
        guard RunFolder.state(at: run) == .finished else {
            throw DataError(
                .missing, path: run.path, problem: "is not the folder of a finished run",
                hint: "event files are made of runs: give a folder that `weightspace run` made and finished")
        }
        guard let config = try? RunFolder.resolvedConfig(at: run).decode(ExperimentConfig.self) else {
            throw DataError(
                .configuration, path: run.path, problem: "is not a run that trains a generator",
                hint: "studies of shift detection have no steps to draw; runs of other versions are read by these")
        }
        return RunEvents(run: run, config: config)
    }
}
