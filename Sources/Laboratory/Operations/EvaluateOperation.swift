import Basics
import Evaluation
import Foundation
import ModelZoo
import Networks
import Ranks
import Reports

/// Judges networks on data and, beside a zoo, certifies how new and how good they are.
public struct EvaluateOperation {
    /// What to judge: a zoo file or, beside a zoo, also the folder of a run or files of any format that is imported.
    public let path: String
    /// The data to judge on: a name, a file or a description; nil takes the zoo's own.
    public let dataset: String?
    /// The zoo that the networks were made from, for novelty; the folder of a run has its own.
    public let zoo: String?
    /// Where data sets are.
    public let catalog: DatasetCatalog
    /// Accuracies, fractions, above which networks count in the novelty-and-performance profile; empty for the usual one.
    public var bars: [Double] = []
    /// A finish by its kind, which every population but the zoo is given beside being judged as it is; nil for none.
    public var finish: String?
    /// The processes that judge.
    public var ranks = Ranks.one

    /// Prepares to judge the networks at `path`; nothing is read yet.
    public init(path: String, dataset: String?, zoo: String?, catalog: DatasetCatalog) {
        self.path = path
        self.dataset = dataset
        self.zoo = zoo
        self.catalog = catalog
    }

    /// What came of the judging.
    public struct Outcome {
        /// One row a population, without single networks.
        public let rows: [EvaluationRow]
        /// What is doubtful about it, if anything.
        public let doubt: String?
        /// The data that was judged on.
        public let data: JudgedOn
        /// How the networks were read, a sentence each.
        public var notes: [String] = []
        /// What the networks amount to beside their zoo, and everything that its page draws; nil without a zoo.
        public var report: ReportInput?

        /// The verdict, nil without a zoo.
        public var verdict: Verdict? { report?.summary.verdict }
        /// What is certified besides the verdict, nil without a zoo.
        public var certificate: Certificate? { run?.certificate }
        /// The known causes of bad networks with their numbers, nil without a zoo.
        public var diagnosis: Diagnosis? { run?.diagnosis }
        /// The same where the networks are worse than the zoo's.
        public var shownDiagnosis: Diagnosis? { verdict?.quality == .equal ? nil : diagnosis }

        private var run: ReportInput.Run? { report?.arms.first?.runs.first }

        /// Writes the page of the certificate. Throws `DataError`, also where there is none, as without a zoo.
        public func write(_ page: URL) throws {
            guard let report else { throw EvaluateOperation.withoutZoo("--report") }
            try WholeFile.write(CertificatePage.render(report), to: page)
        }
    }

    /// Judges all networks; with a zoo the zoo, its fresh networks and all baselines too. Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter = SilentProgress()) throws -> Outcome {
        guard ranks.areSeveral else { return try execute(reporter, OneProcess()) }
        return try ranks.together(SharedEvaluation(self)) { communicator in
            try RankSharing(communicator).lead { try execute(reporter, $0) }
        }
    }

    /// Does the same as one of the processes that share the work.
    func execute(_ reporter: any ProgressReporter, _ sharing: any WorkSharing) throws -> Outcome {
        let run = try RunNetworks(path)
        guard let zoo = zoo ?? run?.zoo.path else {
            try Self.refuseFolder(path)
            let (subject, judged) = try read(path)
            return try accuracyRows(subject, judged, RunID(arm: "main", seed: 0), sharing)
        }
        try Self.refuseFolder(zoo)
        if !POSIXFile.isFolder(path) { _ = try RegularFile(path: path) }
        let (population, judged) = try read(zoo)
        guard let judged else { throw Self.withoutData(zoo) }
        let networks = try EvaluatedNetworks(
            path: path, like: population.header, zooPath: zoo, progress: reporter.progress("reading networks"))
        let certification = Certification(
            networks: networks, path: path, zooPath: zoo, catalog: catalog, bars: bars,
            doubt: dataset == nil ? nil : judged.doubt, finish: try Finish.named(finish) ?? .none,
            sharing: sharing, reporter: reporter)
        return try certification.outcome(beside: population, on: judged)
    }

    /// Throws for a folder, saying which file in it could be meant.
    private static func refuseFolder(_ path: String) throws {
        guard POSIXFile.isFolder(path), !ShardedZoo.isOne(path) else { return }
        let made = "\(path)/ensemble.h5"
        throw DataError(
            .malformed, path: path, problem: "is a folder, where a zoo file is to be judged",
            hint: FileManager.default.fileExists(atPath: made)
                ? "the networks that this run made are in \(made.printable())"
                : "with --zoo, networks of any format are read; `weightspace zoo import` makes a zoo file of a folder of them"
        )
    }

    /// A zoo that names the data on which it is to be judged, and that data; nil where it names none.
    private func read(_ path: String) throws -> (Zoo, JudgedDataset?) {
        let zoo = try ZooReader(path: path).readAll()
        let catalog = catalog.beside(path)
        guard let dataset else {
            let outputs = zoo.header.architecture?.outputs
            return (
                zoo,
                try zoo.header.dataset.map { try JudgedDataset(recorded: $0, outputs: outputs, catalog: catalog) }
            )
        }
        let judged = try DatasetDescription(option: dataset).judged(by: zoo.header, catalog: catalog)
        return (zoo.with(dataset: judged.dataset), judged)
    }

    private func accuracyRows(
        _ zoo: Zoo, _ judged: JudgedDataset?, _ id: RunID, _ sharing: any WorkSharing
    ) throws -> Outcome {
        let (network, split, doubt) = try catalog.judging(zoo.header, path: path)
        try zoo.checkBuffers(path: path)
        let classifier = SharedClassifier(network, sharing)
        func spread(_ data: Dataset) -> SampleStatistics {
            SampleStatistics(
                inOrder: classifier.accuracies(
                    zoo.population(), buffers: zoo.bufferTensor(), inputs: data.tensor, labels: data.labels))
        }
        let row = EvaluationRow(
            arm: id.arm, seed: id.seed, .generated, label: Certification.label, count: zoo.count,
            testAccuracy: spread(split.test),
            validationAccuracy: split.validation.count == 0 ? nil : spread(split.validation))
        let doubts = [judged?.doubt ?? doubt, chanceDoubt(row.testAccuracy.mean, split.test)].compactMap { $0 }
        return Outcome(
            rows: [row], doubt: doubts.isEmpty ? nil : doubts.joined(separator: "; "),
            data: try judgedOn(judged, split.test.count))
    }

    /// What is doubtful where networks are no better on other data than naming its commonest class, within three standard
    /// errors; nil otherwise, and on the zoo's own data.
    private func chanceDoubt(_ accuracy: Double, _ data: Dataset) -> String? {
        guard dataset != nil, data.count > 0 else { return nil }
        let counts = data.labels.reduce(into: [Int32: Int]()) { $0[$1, default: 0] += 1 }
        let chance = Double(counts.values.max() ?? 0) / Double(data.count)
        guard counts.count > 1, accuracy <= chance + 3 * (chance * (1 - chance) / Double(data.count)).squareRoot()
        else {
            return nil
        }
        return
            "always naming the commonest class is right for \(NumberText.percent(chance)) %, and the networks for no more: "
            + "are the inputs prepared as in their training, and the classes in their order? --dataset takes a description"
    }
}

extension EvaluateOperation {
    /// Throws `DataError` before the work: where a page could not be written after it or would replace what is read, for a
    /// finish that is none, and for options that need a zoo where there is none.
    public func check(page: URL?, replacing: Bool) throws {
        _ = try Finish.named(finish)
        let given = [page == nil ? nil : "--report", bars.isEmpty ? nil : "--bar", finish == nil ? nil : "--finish"]
        if let option = given.compactMap({ $0 }).first, zoo == nil, try RunNetworks(path) == nil {
            throw Self.withoutZoo(option)
        }
        guard let page else { return }
        try OutputFile.check(
            page, reading: [path] + (zoo.map { [$0] } ?? []), replacing: replacing, option: "--report")
    }

    fileprivate static func withoutZoo(_ option: String) -> DataError {
        DataError(
            .configuration, path: option, problem: "accuracies alone have no use for it",
            hint: "give the zoo that the networks were made from with --zoo")
    }

    /// What was judged on; a zoo that names no data cannot have been judged.
    private func judgedOn(_ judged: JudgedDataset?, _ count: Int) throws -> JudgedOn {
        guard let judged else { throw Self.withoutData(path) }
        return JudgedOn(judged, count: count)
    }

    private static func withoutData(_ path: String) -> DataError {
        DataError(.malformed, path: path, expected: "a data set", found: "none")
    }
}

/// The data that networks were judged on, for people and for JSON.
public struct JudgedOn: Encodable, Sendable, Equatable {
    /// Name of the data set, or path of the file.
    public let name: String
    /// Number of rows that were judged on.
    public let count: Int
    /// Which rows these are.
    public let rows: JudgedDataset.Rows
    /// Inputs are x * scale + shift.
    public let scale, shift: [Double]
    /// What stands for missing values, if anything.
    public let missing: [Double]?
    /// The same as a formula.
    public let preparation: String
    /// Who said it.
    public let origin: JudgedDataset.Origin
    /// How a table was read.
    public let columns: String?

    private enum CodingKeys: String, CodingKey {
        case name, rows, scale, shift, missing, preparation, origin, columns
        case count = "n"
    }

    init(_ judged: JudgedDataset, count: Int) {
        let dataset = judged.dataset
        (name, rows, origin, columns) = (dataset.name, judged.rows, judged.origin, judged.columnsNote)
        (scale, shift, missing) = (dataset.scale, dataset.shift, dataset.missing)
        (self.count, preparation) = (count, judged.preparationInWords)
    }
}

extension JudgedOn: CustomStringConvertible {
    /// Two lines: the rows, and how they were prepared.
    public var description: String {
        let columns = columns.map { "; \($0)" } ?? ""
        return "judged on \(name.printable()): \(rows.inWords(count))\(columns)\ninputs: \(preparation)\n"
    }
}
