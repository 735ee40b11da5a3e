import Basics
import Evaluation
import Generation
import ModelZoo
import Networks
import Tensors

/// A population with its network and the data that its networks are judged on.
struct JudgingData {
    let population: ZooPopulation
    let network: any Network
    let classCount: Int
    let validation: (inputs: Tensor, labels: [Int32])?
    let test: (inputs: Tensor, labels: [Int32])
    /// What networks learn from, for what is fitted to data.
    let training: Dataset
    /// Gives networks that were made and not trained running statistics; nil where the layout has none.
    let recalibration: Recalibration?
    /// Training rows on which units' contributions are measured, spread evenly; nil where there are not two.
    let contributionRows: Tensor?
    /// What is doubtful about the judging, if anything.
    let doubt: String?
    /// The tasks of a zoo of many, each network of which is judged on its own; `test` and `training` are then the first
    /// task's. Nil for a zoo of one.
    let tasks: ZooTasks?

    /// Reads the zoo's data set; throws `DataError` where the zoo names none or it is not there, or without samples to
    /// recompute running statistics on, where the networks have any and `recalibrates` asks for it.
    init(
        _ zoo: Zoo, path: String, catalog: DatasetCatalog, calibrationCount: Int = SamplingConfig().calibrationCount,
        recalibrates: Bool = true
    ) throws {
        let (network, split, doubt) = try catalog.judging(zoo.header, path: path)
        try zoo.checkBuffers(path: path)
        tasks = try ZooTasks(zoo, path: path, catalog: catalog.beside(path))
        recalibration =
            recalibrates
            ? try Recalibration(network, training: split.train, count: calibrationCount, path: path) : nil
        let count = min(ContributionMeasure.rowCount, split.train.count)
        contributionRows =
            count < 2 ? nil : split.train.select(rows: (0..<count).map { $0 * split.train.count / count }).tensor
        self.network = network
        classCount = split.test.classCount
        validation = split.validation.count == 0 ? nil : (split.validation.tensor, split.validation.labels)
        test = (split.test.tensor, split.test.labels)
        training = split.train
        population = try ZooPopulation(zoo, path: path)
        let doubts = [doubt, population.doubt].compactMap { $0 }
        self.doubt = doubts.isEmpty ? nil : doubts.joined(separator: "; ")
    }

    var zoo: Zoo { population.zoo }
    var rows: ZooPopulation.Rows { population.rows }
    var isOneRun: Bool { population.isOneRun }

    /// Accuracies of networks [P, D] that stand for rows of the zoo, on the validation rows where there are any; in a zoo of
    /// tasks of each on its own. An output that is not a number is never right.
    func accuracies(_ weights: Tensor, _ buffers: Tensor?, of rows: [Int]) throws -> [Double] {
        let classifier = Classifier(network)
        if let tasks { return try tasks.accuracies(weights, buffers, rows: rows, classifier: classifier) }
        let (inputs, labels) = validation ?? test
        return classifier.accuracies(weights, buffers: buffers, inputs: inputs, labels: labels)
            .map { $0.isNaN ? 0 : $0 }
    }
}

extension Zoo {
    /// Throws `DataError.malformed` where the layout has buffers and the zoo read from `path` has none.
    func checkBuffers(path: String) throws {
        guard layout.bufferCount > 0, buffers == nil else { return }
        throw DataError(
            .malformed, path: path, expected: "/buffers, the running statistics that the networks compute with",
            found: "none")
    }
}

extension DatasetCatalog {
    /// The network of a zoo read from `path`, the data it names, and what is doubtful about judging on it, if anything.
    ///
    /// Throws `DataError` where the zoo names no architecture or no data, where the data is not there, or does not fit.
    func judging(_ header: ZooHeader, path: String) throws -> (
        network: any Network, split: DatasetSplit, doubt: String?
    ) {
        let catalog = beside(path)
        guard let architecture = header.architecture else {
            throw DataError(
                .malformed, path: path, expected: "an architecture, to run the networks", found: "only a layout",
                hint: "import them again with --architecture")
        }
        if header.dataset == nil, let text = header.tasks {
            let tasks = try ZooTask.list(text, path: path)
            guard !tasks.isEmpty else {
                throw DataError(.malformed, path: "\(path): attribute tasks", expected: "tasks", found: "none")
            }
            let data = try TaskData([tasks[0]], catalog: catalog, architecture: architecture, path: path)
            return (architecture.network, try data.split(0), nil)
        }
        guard let recorded = header.dataset else {
            throw DataError(
                .malformed, path: path, expected: "an attribute `dataset`, to judge the networks on", found: "none",
                hint: "see Documentation/ZOO.md; `evaluate` also takes --dataset")
        }
        let split = try catalog.testable(recorded, outputs: architecture.outputs, path: path)
        try architecture.check(fits: split, path: path)
        let judged = try JudgedDataset(recorded: recorded, outputs: architecture.outputs, catalog: catalog)
        return (architecture.network, split, judged.doubt)
    }

    /// The data that the zoo file at `path` names, with samples to test on.
    ///
    /// Throws as `load` does, but `DataError.malformed` where the file asks for a part that the data has not.
    private func testable(_ recorded: ZooDataset, outputs: Int, path: String) throws -> DatasetSplit {
        let split: DatasetSplit
        do {
            split = try load(recorded, outputs: outputs)
        } catch let error as DataError where error.kind == .configuration {
            throw DataError(
                .malformed, path: path, expected: "a split that the data set \(recorded.name) has: \(error.expected)",
                found: error.found, hint: "correct the file's attribute `dataset`")
        }
        guard split.test.count > 0 else {
            throw DataError(
                .malformed, path: path, expected: "test samples of \(recorded.name) to judge networks on",
                found: "none",
                hint: "list them in `split` of the file's attribute `dataset`")
        }
        return split
    }
}

extension Recalibration {
    /// On `count` training samples, spread evenly over all in case these are sorted; on all where there are fewer.
    ///
    /// Nil for networks without running statistics. Throws `DataError` where those of the zoo at `path` need samples and
    /// there are not two.
    init?(_ network: any Network, training: Dataset, count: Int, path: String) throws {
        guard network.layout.bufferCount > 0 else { return nil }
        guard training.count >= 2 else {
            throw DataError(
                .malformed, path: path,
                expected: "training samples of \(training.name), to recompute running statistics on",
                found: "\(training.count)", hint: "list them in `split` of the file's attribute `dataset`")
        }
        let used = min(count, training.count)
        let rows = (0..<used).map { $0 * training.count / used }
        self.init(network, inputs: training.select(rows: rows).tensor)
    }
}

extension DatasetCatalog {
    /// What gives networks that were made running statistics, with the data that the zoo at `path` names; nil for a zoo
    /// without any, which then needs no data.
    ///
    /// Throws `DataError` where the data is not there or does not fit.
    func recalibration(_ header: ZooHeader, path: String, count: Int) throws -> Recalibration? {
        guard header.layout.bufferCount > 0 else { return nil }
        let (network, split, _) = try judging(header, path: path)
        return try Recalibration(network, training: split.train, count: count, path: path)
    }
}
