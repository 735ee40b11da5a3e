import Basics
import Foundation
import ModelZoo
import Networks

/// Brings networks of any source into a zoo file, one at a time: memory does not grow with their number.
public struct ZooImport: Sendable {
    /// What is done with the checkpoints of a run.
    public enum Checkpoints: String, Sendable, CaseIterable {
        /// A run is one network, its last checkpoint; all of them are kept as its trajectory.
        case trajectory
        /// A run is one network, its last checkpoint; the others are left out.
        case last
        /// Every checkpoint is a network.
        case each
    }

    /// The order of a vector without names.
    public enum FlatOrder: String, Sendable, CaseIterable {
        /// The layout's own: PyTorch's state dict, weight, bias, weight, bias, ...
        case layout
        /// All weights in the layout's order, then all the rest.
        case weightsFirst = "weights-first"
    }

    /// How matrices lie in the source.
    public enum MatrixOrder: String, Sendable, CaseIterable {
        /// As their names say: `kernel` is [in, out], what says nothing [out, in].
        case named = "by-name"
        /// [out, in, ...], as in PyTorch.
        case outFirst = "out-in"
        /// [..., in, out], as in Flax, Keras and scikit-learn.
        case inFirst = "in-out"
    }

    /// The networks' family, where it is known.
    public var architecture: Architecture?
    /// Where tensors go; nil takes the layout of the file's first network. The architecture's own comes first.
    public var layout: ParameterLayout?
    /// The data set that the networks were trained on, where known.
    public var dataset: ZooDataset?
    /// Numbers in a sample of that data set, where known: they narrow down what the networks can be.
    public var sampleSize: Int?
    /// What is done with the checkpoints of a run.
    public var checkpoints = Checkpoints.trajectory
    /// Whether networks with numbers that are not finite are left out; otherwise they are an error.
    public var dropsNonFinite = false
    /// Names of tensors that are left out; `*` stands for anything.
    public var skipped: [String] = []
    /// How a vector without names holds a network.
    public var flatOrder = FlatOrder.layout
    /// How matrices lie in the source.
    public var matrixOrder = MatrixOrder.named
    /// The names of the source's layers in the order in which they are computed; empty where the source tells.
    public var layers: [String] = []
    /// Whether the accuracies among the facts are in percent.
    public var percent = false
    /// gzip's level 1 to 9; nil stores blocks as they are.
    public var compression: Int?
    /// The steps that led to the networks, where they are known: what is imported does not say it.
    public var provenance: Provenance?

    /// Networks of an architecture, of a layout, or of the layout that the file itself has.
    public init(architecture: Architecture? = nil, layout: ParameterLayout? = nil) {
        self.architecture = architecture
        self.layout = architecture?.layout ?? layout
    }

    /// What an import came to.
    public struct Report: Sendable, Hashable, Encodable {
        /// Name of the format that was read.
        public let format: String
        /// Networks in the zoo file.
        public internal(set) var networks = 0
        /// How many checkpoints were read, of all runs.
        public internal(set) var checkpoints = 0
        /// Networks left out because a number was not finite.
        public internal(set) var dropped = 0
        /// Parameters of a network.
        public internal(set) var parameters = 0
        /// What a person should know: how tensors were matched, what was passed over.
        public package(set) var notes: [String]
        /// What looks wrong, although it could be read.
        public package(set) var warnings: [String] = []
        /// How right the first networks are on the data set that was named, if one was.
        public package(set) var data: PreparationCheck?
    }

    /// Reads all networks and writes the zoo file; `progress` hears how many checkpoints have been read, and may
    /// stop the import. Places are recorded from the folder of `root` on. Throws `DataError` and leaves no file.
    public func write(
        _ source: any ForeignSource, root: String, to path: String, progress: WorkProgress = .none
    ) throws -> Report {
        var sink = ImportSink(self, source: source, root: root, path: path)
        try source.forEach { network in
            try sink.take(network)
            try progress.report(sink.report.checkpoints, of: source.total)
        }
        return try sink.finish()
    }

    /// Reads all networks into memory, each run's last checkpoint; places are recorded from the folder of `root` on. Throws
    /// `DataError`.
    public func read(
        _ source: any ForeignSource, root: String, progress: WorkProgress = .none
    ) throws -> (zoo: Zoo, report: Report) {
        var work = self
        if work.checkpoints == .trajectory { work.checkpoints = .last }
        var sink = ImportSink(work, source: source, root: root, path: nil)
        try source.forEach { network in
            try sink.take(network)
            try progress.report(sink.report.checkpoints, of: source.total)
        }
        let report = try sink.finish()
        guard let zoo = sink.collected else { preconditionFailure("ZooImport: nothing was collected") }
        return (zoo, report)
    }
}

extension ZooImport {
    /// Reads what networks look like from JSON: an architecture (`{"kind":"mlp",...}`) or a layout (`{"slots":[...]}`).
    ///
    /// Throws `.configuration` naming `place` where it is neither.
    public init(description json: Data, place: String) throws {
        do {
            if (try? JSONDecoder().decode(Kind.self, from: json))?.slots != nil {
                self.init(layout: try JSONDecoder().decode(ParameterLayout.self, from: json))
            } else {
                self.init(architecture: try JSONDecoder().decode(Architecture.self, from: json))
            }
        } catch {
            throw Self.refusal(json, place: place, error)
        }
    }

    /// What is wrong with a description: a key by the kind's table where that tells, else what decoding said.
    private static func refusal(_ json: Data, place: String, _ error: any Error) -> DataError {
        let tree = try? Tree(parsing: json, path: place)
        if let tree, let kind = tree["kind"]?.string.flatMap({ Architecture.standard[$0] }) {
            let problems = kind.problems(of: tree, excluding: ["activation"])
            // What a kind's own check says is nearer than the range of its key.
            let own: String? =
                if case .dataCorrupted(let context)? = error as? DecodingError {
                    context.debugDescription.contains("expected") ? context.codingPath.last?.stringValue : nil
                } else { nil }
            if let problem = problems.first, problem.path != own {
                return DataError(
                    .configuration, path: "\(place): \(problem.path)", expected: problem.expected,
                    found: problem.found, hint: problem.hint)
            }
            if case .keyNotFound(let key, _)? = error as? DecodingError {
                let keys = kind.keys().map(\.key).joined(separator: ", ")
                return DataError(
                    .configuration, path: place, expected: "\(key.stringValue), which \(kind.name) needs",
                    found: "no such key", hint: "the keys of \(kind.name): \(keys)")
            }
        }
        return DataError(
            .configuration, path: place,
            expected: "an architecture such as {\"kind\":\"mlp\",\"widths\":[64,32,10]}",
            found: DecodingError.reason(of: error), hint: "weightspace architectures lists kinds and keys")
    }

    /// Tells a layout from an architecture.
    private struct Kind: Decodable {
        struct Anything: Decodable {}
        let slots: [Anything]?
    }
}

/// One checkpoint in the layout's order.
struct ImportRow {
    let step: Int?
    let weights: [Float]
    let buffers: [Float]?
    let facts: [String: ColumnValue]
    let spellings: [String: String]
    let place: String
}

/// The checkpoints of one run so far, or one network.
struct ImportRun {
    /// The run's name; nil for a network of its own.
    let name: String?
    /// The last checkpoint.
    private(set) var last: ImportRow
    /// Number of checkpoints, those that are not kept included.
    private(set) var count = 1
    private(set) var steps: [Int64]
    /// Weights of the checkpoints that are kept, the last one included.
    private(set) var weights: [Float]
    private(set) var buffers: [Float]?

    init(name: String?, first: ImportRow) {
        self.name = name
        last = first
        steps = [Int64(first.step ?? 0)]
        (weights, buffers) = (first.weights, first.buffers)
    }

    /// Appends the next checkpoint, or keeps it alone where `most` is nil; throws `.malformed` where its step is not
    /// after the last one's, or there are more than `most`.
    mutating func append(_ row: ImportRow, most: Int?) throws {
        let step = Int64(row.step ?? count)
        guard step > steps[steps.count - 1], count < most ?? .max else {
            throw DataError(
                .malformed, path: row.place,
                expected: "a step after \(steps[steps.count - 1]), at most \(most ?? .max) a run", found: "\(step)")
        }
        guard (row.buffers == nil) == (last.buffers == nil) else {
            throw DataError(
                .malformed, path: row.place, expected: "running statistics as in \(last.place)",
                found: row.buffers == nil ? "none" : "some")
        }
        if most != nil {
            steps.append(step)
            weights += row.weights
            if let values = row.buffers { buffers?.append(contentsOf: values) }
        } else {
            (steps, weights, buffers) = ([step], row.weights, row.buffers)
        }
        last = row
        count += 1
    }

    /// Says which number is not finite; nil where all are.
    func notFinite(layout: ParameterLayout?) -> DataError? {
        func find(_ values: [Float], _ slots: [Slot]) -> DataError? {
            guard let index = values.firstIndex(where: { !$0.isFinite }), let width = slots.last?.range.upperBound
            else { return nil }
            let slot = slots.first { $0.range.contains(index % width) }?.name ?? "element \(index)"
            let which = steps.count > 1 ? " at step \(steps[index / width])" : ""
            return DataError(
                .malformed, path: last.place, expected: "finite numbers", found: "\(values[index]) in \(slot)\(which)",
                hint: "--drop-non-finite leaves such networks out")
        }
        return find(weights, layout?.slots ?? []) ?? find(buffers ?? [], layout?.buffers ?? [])
    }
}
