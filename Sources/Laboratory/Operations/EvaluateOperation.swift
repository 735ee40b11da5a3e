import Basics
import Evaluation
import Foundation
import ModelZoo
import Networks

/// Judges the networks of a zoo file on data and, beside a zoo, for novelty.
public struct EvaluateOperation {
    /// The zoo file or ensemble to judge.
    public let path: String
    /// The data to judge on: a name, a file or a description; nil takes the zoo's own.
    public let dataset: String?
    /// The zoo that the networks were made from, for novelty.
    public let zoo: String?
    /// Where data sets are.
    public let catalog: DatasetCatalog

    /// Prepares to judge the networks of the file at `path`; nothing is read yet.
    public init(path: String, dataset: String?, zoo: String?, catalog: DatasetCatalog) {
        self.path = path
        self.dataset = dataset
        self.zoo = zoo
        self.catalog = catalog
    }

    private static let label = "networks of the file"

    /// What came of the judging.
    public struct Outcome {
        /// One row a population.
        public let rows: [EvaluationRow]
        /// What is doubtful about it, if anything.
        public let doubt: String?
        /// The data that was judged on.
        public let data: JudgedOn
    }

    /// Judges all networks; with a zoo the zoo and its fresh networks too. Throws `DataError`.
    public func execute() throws -> Outcome {
        for path in [path, zoo].compactMap({ $0 }) { try Self.refuseFolder(path) }
        let id = RunID(arm: "main", seed: 0)
        guard let zoo else {
            let (subject, judged) = try read(path)
            return try accuracyRows(subject, judged, id)
        }
        let (population, judged) = try read(zoo)
        let subject = try ZooReader(path: path).readAll()
        guard population.layout.matches(subject.layout) else {
            throw DataError(
                .malformed, path: path,
                expected: "networks of the layout of \(zoo), \(population.layout.count) weights",
                found: "\(subject.layout.count) weights in another layout")
        }
        let data = try JudgingData(population, path: zoo, catalog: catalog, recalibrates: false)
        let reference = data.rows.train[0]
        let aligned = try JudgingData(
            try Aligner().align(population, reference: reference, path: zoo).zoo, path: zoo, catalog: catalog,
            recalibrates: false)
        let judge = try Judge(aligned, reference: reference, id: id)
        try subject.checkBuffers(path: path)
        let other = Population(
            kind: .generated, label: Self.label, weights: subject.population(), buffers: subject.bufferTensor())
        let own = judge.judgeZoo()
        let isItself = path == zoo || subject.weights == population.weights
        let doubts = [
            isItself ? "the networks are the zoo's own, so each lies at distance 0 from itself" : nil,
            dataset == nil ? nil : judged?.doubt, data.doubt, judge.yardstickDoubt(own, isOneRun: data.isOneRun),
        ].compactMap { $0 }
        return Outcome(
            rows: (own + [try judge.judge(other)]).map(\.row.withoutPoints),
            doubt: doubts.isEmpty ? nil : doubts.joined(separator: "; "),
            data: try judgedOn(judged, data.test.labels.count))
    }

    /// Throws for a folder, saying which file in it could be meant.
    private static func refuseFolder(_ path: String) throws {
        guard POSIXFile.isFolder(path) else { return }
        let made = "\(path)/ensemble.h5"
        throw DataError(
            .malformed, path: path, problem: "is a folder, where a zoo file is to be judged",
            hint: FileManager.default.fileExists(atPath: made)
                ? "the networks that this run made are in \(made.printable())"
                : "`weightspace zoo import` makes one of a folder of networks")
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

    private func accuracyRows(_ zoo: Zoo, _ judged: JudgedDataset?, _ id: RunID) throws -> Outcome {
        let (network, split, doubt) = try catalog.judging(zoo.header, path: path)
        try zoo.checkBuffers(path: path)
        let classifier = Classifier(network)
        func spread(_ data: Dataset) -> SampleStatistics {
            SampleStatistics(
                inOrder: classifier.accuracies(
                    zoo.population(), buffers: zoo.bufferTensor(), inputs: data.tensor, labels: data.labels))
        }
        let row = EvaluationRow(
            arm: id.arm, seed: id.seed, .generated, label: Self.label, count: zoo.count,
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
    /// What was judged on; a zoo that names no data cannot have been judged.
    private func judgedOn(_ judged: JudgedDataset?, _ count: Int) throws -> JudgedOn {
        guard let judged else { throw DataError(.malformed, path: path, expected: "a data set", found: "none") }
        return JudgedOn(judged, count: count)
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
