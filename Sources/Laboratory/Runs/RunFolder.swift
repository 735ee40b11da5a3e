import Basics
import Foundation
import Synchronization

/// The folder of one run: locked while it is open, its files written under temporary names and renamed, its finished
/// stages remembered so that an interrupted run goes on where it stopped.
public final class RunFolder: Sendable {
    /// The folder itself, on disk.
    public let url: URL
    /// The nearest folder at or above it that was there before.
    let oldest: URL
    /// Whether this value made it, or filled an empty folder.
    let isNew: Bool
    private let lock: FolderLock
    private let record: Mutex<RunStages>

    /// What is at a place where a run is to be written.
    public enum State: Sendable, Equatable {
        /// Nothing, or an empty folder.
        case absent
        /// A run that has not come to its end.
        case unfinished
        /// A run that has.
        case finished
        /// Something that is no run folder.
        case foreign
    }

    /// The files by which a run holds its folder.
    private static let lockNames: Set = [".lock", FolderLock.leaseName]

    /// Looks at a place without touching it.
    public static func state(at url: URL) -> State {
        let files = FileManager.default
        guard files.fileExists(atPath: url.path) else { return .absent }
        guard let names = try? files.contentsOfDirectory(atPath: url.path) else { return .foreign }
        if names.contains("config.resolved.yaml") {
            return stages(at: url).finished ? .finished : .unfinished
        }
        let ours = names.allSatisfy {
            lockNames.contains($0) || ($0.hasPrefix(".") && $0.hasSuffix(WholeFile.ending))
        }
        return ours ? .absent : .foreign
    }

    /// Makes or re-opens a run folder, locks it, and records configuration and environment.
    ///
    /// Throws `DataError`: configuration where the folder is finished or foreign, unfinished without `resume`, or of
    /// another configuration; busy where another process holds it, and with `takesOver` not where it cannot be seen to;
    /// inputOutput where it cannot be made.
    public init(
        at url: URL, config: Tree, environment: RunEnvironment, resume: Bool = false, takesOver: Bool = false
    ) throws {
        let above = Self.firstThere(url)
        let before = Self.state(at: url)
        if before == .foreign || before == .finished { throw Self.refusal(url, before) }
        try POSIXFile.makeFolders(url.path)
        self.url = url
        oldest = above
        lock = try FolderLock(url, takesOver: takesOver, takeOver: FolderLock.takeOverAdvice)
        // Another process may have worked here between the look and the lock.
        let state = Self.state(at: url)
        if state == .foreign || state == .finished || (state == .unfinished && !resume) {
            throw Self.refusal(url, state)
        }
        isNew = state == .absent
        if state == .unfinished { try Self.refuseOtherConfig(url, config) }
        try WholeFile.removeLeftovers(in: url)
        record = Mutex(state == .unfinished ? Self.stages(at: url) : RunStages())
        // The configuration comes first: it is what makes the folder a run's.
        if state == .absent { try write("config.resolved.yaml", config.yaml) }
        try write("environment.json", environment.json.text(pretty: true) + "\n")
    }

    /// Where a file of the run stands.
    public func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// Writes a file of the run through a temporary name; throws `DataError` (inputOutput) and leaves what was there.
    public func write(_ name: String, _ text: String) throws { try WholeFile.write(text, to: file(name)) }

    /// Writes a file of the run through a temporary name; throws `DataError` (inputOutput) and leaves what was there.
    public func write(_ name: String, _ data: Data) throws { try WholeFile.write(data, to: file(name)) }

    /// What a stage writes with; files and folders written through it belong to the stage.
    public struct StageWriter {
        fileprivate let folder: RunFolder
        fileprivate var names: Set<String> = []

        /// Writes a text under `name`.
        public mutating func write(_ name: String, _ text: String) throws {
            try folder.write(name, text)
            names.insert(name)
        }

        /// Lets `make` write a file or folder under a temporary name, then gives it `name`.
        public mutating func produce<Result>(_ name: String, _ make: (URL) throws -> Result) throws -> Result {
            let result = try WholeFile.produce(folder.file(name), make)
            names.insert(name)
            return result
        }

        /// Counts a file or folder that `produce` wrote in its own way among the stage's.
        public mutating func adopt(_ name: String) { names.insert(name) }
    }

    /// Runs a stage, unless it is complete: made from the same `inputs`, and all its files there at their full size.
    /// A stage that runs makes every later one stale. Returns whether it ran; throws what `produce` throws.
    @discardableResult
    public func stage(
        _ name: String, inputs: String = "", _ produce: (inout StageWriter) throws -> Void
    ) throws -> Bool {
        if record.withLock({ $0.isComplete(name, inputs: inputs, in: url) }) { return false }
        try update { $0.dropStages(from: name) }
        var writer = StageWriter(folder: self)
        try produce(&writer)
        let sizes = writer.names.map { ($0, RunStages.size(of: file($0)) ?? -1) }
        let stage = RunStages.Stage(name: name, inputs: inputs, outputs: Dictionary(uniqueKeysWithValues: sizes))
        try update { $0.stages.append(stage) }
        return true
    }

    /// What a stage was made from, as it said; nil where it has not been completed.
    func inputs(of stage: String) -> String? {
        record.withLock { stages in stages.stages.first { $0.name == stage }?.inputs }
    }

    /// The stages that have been completed, in order.
    var completed: [String] { record.withLock { $0.stages.map(\.name) } }

    /// Counts a stage, and those after it, as not done.
    func forget(_ stage: String) throws { try update { $0.dropStages(from: stage) } }

    /// Whether no stage has been completed.
    var hasDoneNothing: Bool { record.withLock { $0.stages.isEmpty && !$0.finished } }

    /// Marks the run as finished: it is refused from now on.
    public func finish() throws { try update { $0.finished = true } }

    private func update(_ change: (inout RunStages) -> Void) throws {
        try record.withLock { stages in
            var changed = stages
            change(&changed)
            let json = try Tree(encoding: changed)
            try WholeFile.write(json.text(pretty: true) + "\n", to: url.appendingPathComponent("stages.json"))
            stages = changed
        }
    }

    /// The same of a run that is not open.
    static func inputs(of stage: String, at url: URL) -> String? {
        stages(at: url).stages.first { $0.name == stage }?.inputs
    }

    static func stages(at url: URL) -> RunStages {
        // A damaged record, or another version's, means only that the stages are done again.
        guard let data = try? Data(contentsOf: url.appendingPathComponent("stages.json")),
            let stages = try? JSONDecoder().decode(RunStages.self, from: data), stages.isOurs
        else { return RunStages() }
        return stages
    }
}

extension RunFolder {
    /// The nearest folder at or above a place that is there.
    static func firstThere(_ url: URL) -> URL {
        var place = url.standardizedFileURL
        while place.path != "/", !FileManager.default.fileExists(atPath: place.path) {
            place = place.deletingLastPathComponent()
        }
        return place
    }

    /// Removes what this run has written where it is new and completed no stage, and the folders above that were made for
    /// it and are empty: a failure in the first stage leaves nothing.
    func discardIfNothingDone() {
        guard isNew, hasDoneNothing else { return }
        let ours = Self.lockNames.union(["config.resolved.yaml", "environment.json", "stages.json"])
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path), ours.isSuperset(of: names)
        else { return }
        // The lock goes last: until then nobody else can begin here.
        for name in names.sorted().reversed() { unlink(file(name).path) }
        var place = url.standardizedFileURL
        while place.path != oldest.path, place.path != "/", rmdir(place.path) == 0 {
            place = place.deletingLastPathComponent()
        }
    }
}
