import Basics
import Foundation
import ShiftDetection

/// Watches batches that keep coming, and may be asked after each of them.
public struct ShiftWatchOperation {
    /// The detector's folder.
    public let detector: URL
    /// The folder with a file a batch, in the order of their names.
    public let stream: URL
    /// Where the state is kept, so that a watch that was stopped goes on.
    public let state: URL

    /// Prepares to watch; nothing is read yet. The state is kept in the detector's folder where it is not named.
    public init(detector: URL, stream: URL, state: URL? = nil) {
        (self.detector, self.stream) = (detector, stream)
        self.state = state ?? detector.appendingPathComponent("watch.json")
    }

    /// What is kept between two calls.
    struct State: Codable {
        static let version = 1
        var version = Self.version
        /// The detector that it belongs to.
        let detector: String
        /// Files that were seen.
        var seen: [String] = []
        var monitor: ShiftMonitor
    }

    /// A batch and what it has shown.
    public struct Batch: Encodable, Sendable {
        /// The file.
        public let file: String
        /// What it has shown.
        public let observation: ShiftMonitor.Observation
    }

    /// What is known after the last batch.
    public struct Outcome: Encodable, Sendable {
        /// Batches that are new.
        public let batches: [Batch]
        /// Batches seen before.
        public let before: Int
        /// Logarithm of the evidence that makes an alarm.
        public let threshold: Double
        /// When it was reached, if ever.
        public let alarm: ShiftMonitor.Alarm?
        /// What a person should know.
        public let notes: [String]
    }

    /// Looks at the batches that are new, one after the other, and keeps the state after each. Throws `DataError` for one
    /// that cannot be read; those before it stay counted.
    public func execute(_ reporter: any ProgressReporter) throws -> Outcome {
        let detector = try DetectorStore(folder: detector).read()
        let identity = try DetectorStore(folder: self.detector).identity()
        var state = try read(detector, identity)
        let before = state.seen.count
        let names = try self.names().filter { !state.seen.contains($0) }
        var (batches, notes) = ([Batch](), [String]())
        for (index, name) in names.enumerated() {
            try Interruption.check("the watch", hint: "the same command goes on after the last batch")
            let read = try detector.read(sample: stream.appendingPathComponent(name).path)
            let rows = try detector.rows(read.rows, path: name)
            notes += read.notes
            let observation = state.monitor.observe(RowScores.outputs(of: rows, classes: detector.classes.names))
            batches.append(Batch(file: name, observation: observation))
            state.seen.append(name)
            try WholeFile.write(StoredJSON.data(of: state), to: self.state)
            reporter.update("watching", done: index + 1, total: names.count)
        }
        return Outcome(
            batches: batches, before: before, threshold: -log(state.monitor.alpha), alarm: state.monitor.alarm, notes: notes)
    }

    private func read(_ detector: ShiftDetector, _ identity: String) throws -> State {
        guard FileManager.default.fileExists(atPath: state.path) else {
            let rows = try detector.rows(detector.reference, path: "the reference")
            return State(
                detector: identity,
                monitor: ShiftMonitor(
                    reference: RowScores.outputs(of: rows, classes: detector.classes.names),
                    alpha: detector.settings.alpha, seed: detector.settings.seed))
        }
        try StoredJSON.refuseOtherVersions(state, than: State.version, expected: "the state of a watch")
        let found: State
        do {
            found = try JSONDecoder().decode(State.self, from: Data(contentsOf: state))
        } catch {
            throw DataError(
                .malformed, path: state.path, problem: "is damaged: \(DecodingError.reason(of: error))",
                hint: "remove it to begin again")
        }
        guard found.detector == identity else {
            throw DataError(
                .malformed, path: state.path, problem: "is the state of a watch by another detector",
                hint: "remove it to begin again, or name another with --state")
        }
        return found
    }

    private func names() throws -> [String] {
        guard POSIXFile.isFolder(stream.path) else {
            throw DataError(
                .missing, path: stream.path, problem: "is no folder", hint: "give a folder with a CSV file a batch")
        }
        let all = try FileManager.default.contentsOfDirectory(atPath: stream.path)
        return all.filter { !$0.hasPrefix(".") && !$0.hasSuffix(".partial") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
