import Basics
import Foundation
import ModelZoo
import ShiftDetection

/// Watches batches that keep coming, and may be asked after each of them.
public struct ShiftWatchOperation {
    /// The detector's folder.
    public let detector: URL
    /// The folder with a file a batch, in the order of their names; nil reads standard input, a header and then rows, with
    /// an empty line after each batch.
    public let stream: URL?
    /// Where the state is kept, so that a watch that was stopped goes on.
    public let state: URL

    /// Prepares to watch; nothing is read yet. The state is kept in the detector's folder where it is not named.
    public init(detector: URL, stream: URL?, state: URL? = nil) {
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
        /// What tells their contents apart, by name.
        var contents: [String: String]?
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

    /// Looks at the batches that are new, one after the other, hands each to `each`, and keeps the state after it. Throws
    /// `DataError` for one that cannot be read; those before it stay counted.
    public func execute(each: (Batch) throws -> Void = { _ in }) throws -> Outcome {
        let detector = try DetectorStore(folder: detector).read()
        // Two watches of one state would each forget what the other has counted.
        let lock = try FolderLock(
            self.state.deletingLastPathComponent(), name: ".\(self.state.lastPathComponent).lock",
            hint: "wait for the other watch, or name another state with --state")
        defer { withExtendedLifetime(lock) {} }
        var state = try read(detector, DetectorStore(folder: self.detector).identity())
        let before = state.seen.count
        var (batches, notes) = ([Batch](), [String]())
        func take(_ name: String, _ bytes: [UInt8], path: String) throws {
            let read = try detector.read(sample: bytes, path: path)
            let rows = try detector.rows(read.rows, path: path)
            notes += read.notes
            let content = Self.content(bytes)
            if let twin = state.contents?.filter({ $0.value == content }).keys.min() {
                notes.append("\(path): holds what \(twin) holds, and is counted again: was one batch stored twice?")
            }
            let observation = state.monitor.observe(RowScores.outputs(of: rows, classes: detector.classes.names))
            state.seen.append(name)
            state.contents = (state.contents ?? [:]).merging([name: content]) { _, new in new }
            try WholeFile.write(StoredJSON.data(of: state), to: self.state)
            batches.append(Batch(file: name, observation: observation))
            try each(batches[batches.count - 1])
        }
        if let stream {
            let seen = Set(state.seen)
            for name in try names(stream) {
                try Interruption.check("the watch", hint: "the same command goes on after the last batch")
                let path = stream.appendingPathComponent(name).path
                if !seen.contains(name) {
                    try take(name, Gzip.decompress(contentsOf: path), path: path)
                } else if let known = state.contents?[name],
                    try known != Self.content(Gzip.decompress(contentsOf: path))
                {
                    notes.append("\(path): has changed since it was counted; give new rows a name of their own")
                }
            }
        } else {
            var input = BatchInput()
            while let bytes = try input.next() {
                let name = "batch \(state.seen.count + 1)"
                try take(name, bytes, path: "standard input, \(name)")
            }
        }
        return Outcome(
            batches: batches, before: before, threshold: -log(state.monitor.alpha), alarm: state.monitor.alarm,
            notes: notes)
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

    private static func content(_ bytes: [UInt8]) -> String {
        var hash = FowlerNollVo()
        hash.add(bytes)
        return hash.text
    }

    private func names(_ stream: URL) throws -> [String] {
        guard POSIXFile.isFolder(stream.path) else {
            throw DataError(
                .missing, path: stream.path, problem: "is not a folder",
                hint: "give a folder with one CSV file per batch")
        }
        let all = try FileManager.default.contentsOfDirectory(atPath: stream.path)
        let batches = all.filter { name in
            !name.hasPrefix(".") && !name.hasSuffix(".partial")
                && !POSIXFile.isFolder(stream.appendingPathComponent(name).path)
        }
        return batches.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
