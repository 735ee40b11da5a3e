import Basics

/// Checks a zoo file in one pass over its networks, in bounded memory.
public struct ZooVerifier: Sendable {
    /// Thresholds.
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

    /// Thresholds.
    public let options: Options
    /// Where data sets are looked for.
    public let catalog: DatasetCatalog
    /// The data set to recompute accuracies on; nil takes the file's own.
    public let dataset: String?

    /// Prepares verification.
    public init(options: Options = Options(), catalog: DatasetCatalog, dataset: String? = nil) {
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
