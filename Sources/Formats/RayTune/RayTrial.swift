import Basics
import Foundation

/// One run of a Ray Tune directory: hyper-parameters, what was measured after every epoch, and checkpoints.
struct RayTrial: Sendable {
    /// One folder `checkpoint_000010`.
    struct Checkpoint: Sendable {
        /// The epoch that it was written after: its number, or what `result.json` says of it.
        var step: Int
        let path: String
    }

    /// The trial's folder.
    let path: String
    /// Its checkpoints, steps rising.
    private(set) var checkpoints: [Checkpoint]
    /// Folders of checkpoints without the file of a network, as a run that was stopped leaves them.
    let unfinished: [Checkpoint]
    /// How many checkpoints were passed over because `result.json`, which names others, does not name them, or names a
    /// later one of their epoch.
    private(set) var unnamed = 0

    /// The files of a checkpoint that may hold the network, the likeliest first.
    static let networkFiles = [
        "checkpoints", "checkpoint", "checkpoint.pt", "checkpoint.pth", "model.pt", "model.pth", "model.safetensors",
    ]
    /// Ray's own records, which say nothing of the network.
    private static let bookkeeping: Set<String> = [
        "done", "date", "timestamp", "hostname", "node_ip", "pid", "trial_id", "experiment_id", "experiment_tag",
        "time_since_restore", "timesteps_since_restore", "iterations_since_restore", "timesteps_total",
        "episodes_total", "warmup_time", "time_this_iter_s", "time_total_s", "should_checkpoint",
        "checkpoint_dir_name", "trial_log_path",
    ]
    private static let mostBytes = 1 << 28

    /// Whether a folder is one of a trial.
    static func isTrial(_ folder: String) -> Bool {
        ["params.json", "result.json"].contains { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    }

    /// Lists a trial's checkpoints; throws `.inputOutput` where the folder cannot be read, `.malformed` where two of
    /// them bear the same number.
    init(path: String) throws {
        self.path = path
        let all: [Checkpoint] = try FolderListing.names(in: path).compactMap { name in
            let digits = name.dropFirst("checkpoint_".count)
            guard name.hasPrefix("checkpoint_"), digits.allSatisfy({ ("0"..."9").contains($0) }), let step = Int(digits)
            else { return nil }
            return Checkpoint(step: step, path: "\(path)/\(name)")
        }.sorted { ($0.step, $0.path) < ($1.step, $1.path) }
        checkpoints = all.filter { Self.networkFile(of: $0) != nil }
        unfinished = all.filter { Self.networkFile(of: $0) == nil }
        for (first, second) in zip(all, all.dropFirst()) where first.step == second.step {
            throw DataError(
                .malformed, path: path, expected: "one checkpoint of each number",
                found: "two of number \(first.step)")
        }
        try takeNamedSteps()
    }

    /// Takes the checkpoints' epochs from `result.json` where its lines name them.
    private mutating func takeNamedSteps() throws {
        guard !checkpoints.isEmpty, let results = try results(), results.namesCheckpoints else { return }
        var named: [Int: Checkpoint] = [:]
        for checkpoint in checkpoints {
            guard let line = results[checkpoint.name] else { continue }
            named[line.epoch] = Checkpoint(step: line.epoch, path: checkpoint.path)
        }
        unnamed = checkpoints.count - named.count
        checkpoints = named.values.sorted { $0.step < $1.step }
    }

    /// The file that holds a checkpoint's network, or nil.
    static func networkFile(of checkpoint: Checkpoint) -> String? {
        networkFiles.map { "\(checkpoint.path)/\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// The hyper-parameters of `params.json`; none where it is not there. Throws `.malformed` or `.inputOutput`.
    func parameters() throws -> [String: ColumnValue] {
        guard let bytes = try content("params.json") else { return [:] }
        return Self.cleaned(try JSONColumnValues.read(bytes, place: "\(path)/params.json"))
    }

    /// What `result.json` says; nil where it is not there. Throws `.malformed` or `.inputOutput`.
    func results() throws -> RayResults? {
        try content("result.json").map { try RayResults($0, place: "\(path)/result.json") }
    }

    /// What `results` say of a checkpoint, its epoch included.
    static func facts(of checkpoint: Checkpoint, in results: RayResults?) -> [String: ColumnValue] {
        let named = results?[checkpoint.name]?.facts
        return (named ?? results?[checkpoint.step] ?? [:])
            .merging(["epoch": .integer(Int64(checkpoint.step))]) { $1 }
    }

    private func content(_ name: String) throws -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: "\(path)/\(name)") else { return nil }
        let file = try RegularFile(path: "\(path)/\(name)")
        guard file.count <= Self.mostBytes else {
            throw DataError(
                .malformed, path: file.path, expected: "at most \(Self.mostBytes >> 20) MiB",
                found: "\(file.count) bytes")
        }
        return try file.read(0..<file.count)
    }

    /// Facts under the names that zoo files use.
    static func cleaned(_ facts: [String: ColumnValue]) -> [String: ColumnValue] {
        let names = [
            "training_iteration": "epoch", "test_acc": "test_accuracy", "train_acc": "train_accuracy",
            "val_acc": "validation_accuracy", "validation_acc": "validation_accuracy", "val_loss": "validation_loss",
        ]
        var result: [String: ColumnValue] = [:]
        for (name, fact) in facts where !bookkeeping.contains(name) && names[name] == nil { result[name] = fact }
        for (old, new) in names.sorted(by: { $0.key < $1.key }) {
            if let fact = facts[old], result[new] == nil { result[new] = fact }
        }
        return result
    }
}

extension RayTrial.Checkpoint {
    /// The folder's name.
    var name: String { String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]) }
}

/// What a trial's `result.json` says, one JSON object a line.
///
/// Ray 2.7 and later number checkpoints by their count, not by their epoch; a line then names the folder that was
/// written at its end as `checkpoint_dir_name`.
struct RayResults: Sendable {
    /// One line.
    struct Line: Sendable, Hashable {
        let epoch: Int
        let facts: [String: ColumnValue]
    }

    /// Facts by epoch; the last line of an epoch counts.
    private var epochs: [Int: [String: ColumnValue]] = [:]
    /// Lines by the checkpoint's folder that they name; the last line counts.
    private var folders: [String: Line] = [:]

    /// Reads the lines; `place` is for messages. Throws `.malformed` naming the line.
    init(_ bytes: [UInt8], place: String) throws {
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated()
        where line.contains(where: { $0 > 32 }) {
            let facts = try JSONColumnValues.read(line, place: "\(place), line \(index + 1)")
            guard case .integer(let number) = facts["training_iteration"] else { continue }
            let line = Line(epoch: Int(number), facts: RayTrial.cleaned(facts))
            epochs[line.epoch] = line.facts
            if case .text(let path) = facts["checkpoint_dir_name"], let name = path.split(separator: "/").last {
                folders[String(name)] = line
            }
        }
    }

    /// Whether lines name checkpoints.
    var namesCheckpoints: Bool { !folders.isEmpty }

    /// The metrics at the end of an epoch.
    subscript(epoch: Int) -> [String: ColumnValue]? { epochs[epoch] }

    /// The line that names a checkpoint's folder.
    subscript(folder: String) -> Line? { folders[folder] }
}
