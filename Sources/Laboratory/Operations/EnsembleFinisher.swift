import Basics
import Evaluation
import ModelZoo
import Networks

/// Gives networks that were drawn from a run its zoo's finish, and says so in their file.
struct EnsembleFinisher {
    private let finishing: Finishing
    /// The finish in words.
    let summary: String

    /// Prepares a finish for networks of the aligned zoo at `path`, on the training rows of the data that it names; nil for
    /// the finish that does nothing.
    ///
    /// Throws `DataError` where the data is not there, or the finish does not fit the networks.
    init?(_ finish: Finish, zoo path: String, catalog: DatasetCatalog) throws {
        let data = try JudgingData(try ZooReader(path: path).readAll(), path: path, catalog: catalog)
        guard let summary = finish.summary(rows: data.training.count),
            let finishing = try data.finishing(finish, zoo: data.population.training)
        else { return nil }
        (self.finishing, self.summary) = (finishing, summary)
    }

    /// Prepares a finish on the examples of a task; nil for the finish that does nothing.
    ///
    /// Throws `DataError` for a finish that needs a zoo's statistics, for fewer than two examples, and where the finish does
    /// not fit the networks.
    init?(_ finish: Finish, _ network: any Network, examples: LabelledExamples) throws {
        guard let summary = finish.summary(rows: examples.count) else { return nil }
        if case .statistics = finish {
            throw DataError(
                .configuration, path: "--finish", expected: "logits, last-layer or train with --support",
                found: finish.kind, hint: "statistics are those of a zoo's networks on its own data")
        }
        guard examples.count >= 2 else {
            throw DataError(
                .configuration, path: "--finish", expected: "two examples or more", found: "\(examples.count)")
        }
        self.summary = summary.replacing("training rows", with: "examples")
        finishing = try Finishing(
            network, finish, inputs: examples.inputs, labels: examples.labels, classes: examples.classes)
    }

    /// The networks after the finish; the file's account of its maker names it.
    func callAsFunction(_ zoo: Zoo) -> Zoo {
        let finished = finishing(zoo.population())
        var header = zoo.header
        header.createdWith += ", finish \(summary)"
        header.provenance = header.provenance.adding(.init("finish \(summary)"))
        return Zoo(
            header: header, weights: finished.weights.floats, buffers: finished.buffers?.floats,
            columns: zoo.columns)
    }
}
