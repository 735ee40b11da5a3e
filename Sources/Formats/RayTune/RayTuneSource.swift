import Basics
import Foundation

/// A directory of Ray Tune: one folder a run, in the natural order of their names; or the folder of one run.
///
/// `checkpoint_000010/checkpoints` is the network after epoch 10 (ModelZoos, SANE); `result.json` has a line for every
/// epoch, and `params.json` the hyper-parameters. Where lines name the checkpoints written at their end (Ray 2.7 and
/// later) those count, not the folders' numbers.
struct RayTuneSource: ForeignSource {
    let format = ZooFormat.rayTune
    let path: String
    let notes: [String]
    private let trials: [RayTrial]
    private let open: @Sendable (String) throws -> any ForeignSource

    /// Whether a folder is of a run, or holds such folders.
    @Sendable static func isDirectory(_ path: String) throws -> Bool {
        if RayTrial.isTrial(path) { return true }
        return try FolderListing.names(in: path).contains { RayTrial.isTrial("\(path)/\($0)") }
    }

    /// Lists runs and checkpoints; `open` reads a checkpoint's file. Throws `DataError`.
    init(path: String, open: @escaping @Sendable (String) throws -> any ForeignSource) throws {
        let folders =
            RayTrial.isTrial(path)
            ? [path]
            : try FolderListing.names(in: path).map { "\(path)/\($0)" }.filter { RayTrial.isTrial($0) }
        let all = try folders.map { try RayTrial(path: $0) }
        trials = all.filter { !$0.checkpoints.isEmpty }
        let unfinished = all.flatMap(\.unfinished)
        guard !trials.isEmpty else {
            if let first = unfinished.first { throw Self.withoutNetwork(first) }
            throw DataError(
                .malformed, path: path, expected: "runs with folders checkpoint_000001, ...",
                found: "\(all.count) runs without any")
        }
        let empty = all.count - trials.count
        let unnamed = all.reduce(0) { $0 + $1.unnamed }
        var notes = empty == 0 ? [] : ["\(empty) of \(all.count) runs have no checkpoints and were passed over"]
        if !unfinished.isEmpty { notes.append(Self.passedOver(unfinished, of: trials, in: path)) }
        if unnamed > 0 { notes.append("\(unnamed) checkpoints that result.json does not name were passed over") }
        self.notes = notes
        self.path = path
        self.open = open
    }

    private static let accepted = "one of " + RayTrial.networkFiles.joined(separator: ", ")

    private static func withoutNetwork(_ checkpoint: RayTrial.Checkpoint) -> DataError {
        let found = (try? FolderListing.names(in: checkpoint.path).prefix(8).joined(separator: ", ")) ?? ""
        return DataError(
            .missing, path: checkpoint.path, expected: "a file of the network: \(accepted)",
            found: found.isEmpty ? "none" : found)
    }

    private static func passedOver(
        _ unfinished: [RayTrial.Checkpoint], of trials: [RayTrial], in folder: String
    ) -> String {
        let count = unfinished.count + trials.reduce(0) { $0 + $1.checkpoints.count }
        let names = unfinished.prefix(5).map { $0.path.dropFirst(folder.count + 1) }.joined(separator: ", ")
        return "\(unfinished.count) of \(count) checkpoints have no file of a network (\(accepted)) and were passed "
            + "over: \(names)" + (unfinished.count > 5 ? ", ..." : "")
    }

    var total: Int? { trials.reduce(0) { $0 + $1.checkpoints.count } }
    var longestRun: Int { trials.map(\.checkpoints.count).max() ?? 1 }

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        for trial in trials {
            let parameters = try trial.parameters()
            let results = try trial.results()
            for checkpoint in trial.checkpoints {
                guard let place = RayTrial.networkFile(of: checkpoint) else { throw Self.withoutNetwork(checkpoint) }
                var network = try open(place).onlyNetwork(at: place)
                network.facts.merge(parameters) { $1 }
                network.facts.merge(RayTrial.facts(of: checkpoint, in: results)) { $1 }
                (network.run, network.step) = (trial.path, checkpoint.step)
                try body(network)
            }
        }
    }
}
