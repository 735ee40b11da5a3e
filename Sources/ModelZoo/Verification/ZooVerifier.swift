import Basics
import Networks

/// Checks a zoo file in one pass over its networks, in bounded memory.
public struct ZooVerifier: Sendable {
    /// The thresholds beyond which a network counts as bad.
    public struct Options: Sendable, Equatable {
        /// The largest magnitude of a slot may be this many times the population's median of it.
        public var magnitudeFactor = 10.0
        /// No weight may be larger than this, where given.
        public var bound: Double?
        /// Recorded and recomputed accuracies may differ by this, a fraction.
        public var tolerance = 0.005
        /// Column that names the run a network comes from.
        public var runColumn = "run"

        /// Factor 10, no bound, half a percentage point, column `run`.
        public init() {}
    }

    /// The thresholds of the checks.
    public let options: Options
    /// Where data sets are looked for.
    public let catalog: DatasetCatalog
    /// The data set to recompute accuracies on; nil takes the file's own.
    public let dataset: DatasetDescription?

    /// Prepares the checks on the file's own data, or on a known data set or a file by its name.
    public init(options: Options = Options(), catalog: DatasetCatalog, dataset: String? = nil) {
        self.init(options: options, catalog: catalog, described: dataset.map { DatasetDescription(name: $0) })
    }

    /// The same on a data set that is described; nil is the file's own.
    public init(options: Options = Options(), catalog: DatasetCatalog, described dataset: DatasetDescription?) {
        self.options = options
        self.catalog = catalog
        self.dataset = dataset
    }

    /// Checks every network, in blocks of at most `maximumBytes`; `progress` hears how many are done.
    ///
    /// What is wrong with networks is listed, not thrown. Throws `DataError` where the file itself cannot be read, and
    /// `.missing` where a data set that was asked for is not there.
    public func verify(
        _ reader: ZooReader, maximumBytes: Int = 64 << 20,
        progress: WorkProgress = .none
    ) throws -> ZooVerification {
        var magnitudes = MagnitudeCheck(reader.header.layout, options)
        var duplicates = DuplicateCheck(reader.columns)
        var accuracies = try AccuracyCheck(self, reader)
        var trajectories = TrajectoryCheck(reader)
        var (damaged, nonFinite) = ([Int](), [Int]())
        try reader.scan(maximumBytes: maximumBytes) { block in
            damaged += block.damaged.sorted()
            nonFinite += block.nonFinite.sorted()
            magnitudes.add(block)
            duplicates.add(block)
            try accuracies.add(block)
            try trajectories.add(block, reader)
            try progress.report(block.rows.upperBound, of: reader.count)
        }
        let splits = SplitCheck(reader.columns, column: options.runColumn)
        let outcomes = [
            layout(reader), checksums(reader, damaged), finite(nonFinite), magnitudes.outcome(), duplicates.outcome(),
            trajectories.outcome(), splits.outcome(), accuracies.outcome(),
        ]
        return ZooVerification(
            path: reader.path, count: reader.count, checks: outcomes.map(\.check),
            findings: outcomes.flatMap(\.findings))
    }

    private func layout(_ reader: ZooReader) -> CheckOutcome {
        // A file in which the two disagree, or whose lengths do not follow, could not be opened.
        reader.header.architecture == nil
            ? .skipped(.layout, "only a layout is recorded, no architecture: \(reader.header.layout.count) weights")
            : CheckOutcome(.layout, "\(reader.header.layout.count) weights, as the architecture says", [])
    }

    private func checksums(_ reader: ZooReader, _ damaged: [Int]) -> CheckOutcome {
        guard reader.hasChecksums else { return .skipped(.checksums, "the file has none") }
        return CheckOutcome(
            .checksums, "SHA-256 of every network", damaged.map { ($0, "other bytes than were written") })
    }

    private func finite(_ networks: [Int]) -> CheckOutcome {
        CheckOutcome(.finite, "no NaN, no infinity", networks.map { ($0, "a number that is not finite") })
    }
}

extension ZooVerifier {
    /// Whether a zoo's networks can be judged here.
    enum Judging {
        case possible(name: String, network: any Network, split: DatasetSplit)
        case tasks(TaskData, network: any Network)
        case impossible(String)
    }

    /// The data and the function with which recorded accuracies can be recomputed, or why they cannot.
    ///
    /// Throws `DataError` only where a data set was asked for by name and cannot be used.
    func judging(_ reader: ZooReader) throws -> Judging {
        let catalog = catalog.beside(reader.path)
        guard let architecture = reader.header.architecture else {
            return .impossible("only a layout is recorded: the networks cannot be run")
        }
        if architecture.layout.bufferCount > 0, !reader.hasBuffers {
            return .impossible("the file has no /buffers, the running statistics that the networks compute with")
        }
        if let tasks = reader.header.tasks { return try judging(reader, tasks: tasks, architecture) }
        do {
            guard let judged = try judged(reader.header, catalog) else {
                return .impossible("the file names no data set (--dataset does)")
            }
            if let doubt = judged.doubt, judged.mayBeSeen { return .impossible(doubt) }
            let split = try catalog.load(judged.dataset, outputs: architecture.outputs)
            try architecture.check(fits: split, path: reader.path)
            return .possible(name: judged.dataset.name, network: architecture.network, split: split)
        } catch let error as DataError where dataset == nil {
            return .impossible(error.description)
        }
    }

    /// The same for a zoo of many tasks, each with data of its own; throws `.malformed` for a list that is none.
    private func judging(_ reader: ZooReader, tasks: String, _ architecture: Architecture) throws -> Judging {
        let tasks = try ZooTask.list(tasks, path: reader.path)
        if let dataset {
            throw DataError(
                .configuration, path: "--dataset", expected: "a zoo of one task",
                found: "\(tasks.count) tasks, which name their own data beside \(dataset.name)", hint: "leave it out")
        }
        guard reader.columns["task"] != nil else { return .impossible("a zoo of many tasks without a column task") }
        do {
            let data = try TaskData(tasks, catalog: catalog, architecture: architecture, path: reader.path)
            return .tasks(data, network: architecture.network)
        } catch let error as DataError {
            return .impossible(error.description)
        }
    }

    /// The data set as the file describes it, or the one asked for with the file's preparation.
    private func judged(_ header: ZooHeader, _ catalog: DatasetCatalog) throws -> JudgedDataset? {
        if let dataset { return try dataset.judged(by: header, catalog: catalog) }
        return try header.dataset.map {
            try JudgedDataset(recorded: $0, outputs: header.architecture?.outputs, catalog: catalog)
        }
    }
}

/// A check with what it found.
struct CheckOutcome {
    let check: ZooVerification.Check
    let findings: [ZooVerification.Finding]

    /// A check that was made; bad if it found anything.
    init(_ kind: ZooVerification.Kind, _ detail: String, _ found: [(network: Int, detail: String)]) {
        let found = found.sorted { $0.network < $1.network }
        check = ZooVerification.Check(
            kind: kind, state: found.isEmpty ? .good : .bad, detail: detail,
            networks: Set(found.map(\.network)).sorted())
        findings = found.map { ZooVerification.Finding(kind: kind, network: $0.network, detail: $0.detail) }
    }

    private init(check: ZooVerification.Check) {
        self.check = check
        findings = []
    }

    /// A check that could not be made, and why.
    static func skipped(_ kind: ZooVerification.Kind, _ reason: String) -> CheckOutcome {
        CheckOutcome(check: ZooVerification.Check(kind: kind, state: .skipped, detail: reason, networks: []))
    }
}
