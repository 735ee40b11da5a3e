import Basics
import Evaluation
import Foundation
import ModelZoo
import Networks

/// Judges the networks of a zoo file on data and, beside a zoo, for novelty.
public struct EvaluateOperation {
    /// The zoo file or ensemble to judge.
    public let path: String
    /// The data set to judge on; nil takes the file's own.
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
    }

    /// Judges all networks; with a zoo the zoo and its fresh networks too. Throws `DataError`.
    public func execute() throws -> Outcome {
        let subject = try read(path)
        let id = RunID(arm: "main", seed: 0)
        guard let zoo else { return try accuracyRows(subject, id) }
        let population = try read(zoo)
        guard population.layout.matches(subject.layout) else {
            throw DataError(
                .malformed, path: path,
                expected: "networks of the layout of \(zoo), \(population.layout.count) weights",
                found: "\(subject.layout.count) weights in another layout")
        }
        let data = try JudgingData(population, path: zoo, catalog: catalog)
        let reference = data.rows.train[0]
        let aligned = try JudgingData(
            try Aligner().align(population, reference: reference, path: zoo).zoo, path: zoo, catalog: catalog)
        let judge = try Judge(aligned, reference: reference, id: id)
        try subject.checkBuffers(path: path)
        let judged = Population(
            kind: .generated, label: Self.label, weights: subject.population(), buffers: subject.bufferTensor())
        return Outcome(rows: (judge.judgeZoo() + [try judge.judge(judged)]).map(\.row.withoutPoints), doubt: data.doubt)
    }

    private func read(_ path: String) throws -> Zoo {
        let zoo = try ZooReader(path: path).readAll()
        guard let dataset, zoo.header.dataset?.name != dataset else { return zoo }
        return zoo.with(dataset: try ZooDataset(named: dataset, in: catalog))
    }

    private func accuracyRows(_ zoo: Zoo, _ id: RunID) throws -> Outcome {
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
        return Outcome(rows: [row], doubt: doubt)
    }
}
