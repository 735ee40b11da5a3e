import Basics
import Generation
import ModelZoo
import Networks
import Tensors

/// A population with its network and the data that its networks are judged on.
struct JudgingData {
    let zoo: Zoo
    let network: any Network
    let classCount: Int
    let validation: (inputs: Tensor, labels: [Int32])?
    let test: (inputs: Tensor, labels: [Int32])
    /// Gives networks that were made and not trained running statistics; nil where the layout has none.
    let recalibration: Recalibration?
    /// Networks that generators learn from, that choose settings, and that took part in nothing.
    let rows: (train: [Int], validation: [Int], fresh: [Int])
    /// What is doubtful about the judging, if anything.
    let doubt: String?

    /// Reads the zoo's data set; throws `DataError` where the zoo names none or it is not there, or without samples to
    /// recompute running statistics on, where the networks have any.
    init(
        _ zoo: Zoo, path: String, catalog: DatasetCatalog, calibrationCount: Int = SamplingConfig().calibrationCount
    ) throws {
        let (network, split, doubt) = try catalog.judging(zoo.header, path: path)
        try zoo.checkBuffers(path: path)
        recalibration = try Recalibration(network, training: split.train, count: calibrationCount, path: path)
        self.zoo = zoo
        self.network = network
        classCount = split.test.classCount
        validation = split.validation.count == 0 ? nil : (split.validation.tensor, split.validation.labels)
        test = (split.test.tensor, split.test.labels)
        let drawn: String?
        (rows, drawn) = try Self.divide(zoo, path)
        self.doubt = drawn.map { drawn in doubt.map { "\($0); \(drawn)" } ?? drawn } ?? doubt
    }

    /// Whether all training networks are checkpoints of one run, as their columns `seed` and `step` say.
    var isOneRun: Bool {
        guard let seeds = zoo.columns.numbers("seed"), let steps = zoo.columns.numbers("step") else { return false }
        return Set(rows.train.map { seeds[$0] }).count == 1
            && Set(rows.train.map { steps[$0] }).count == rows.train.count
    }

    /// The zoo's own split; where it records none, a fixed random one of its runs or, without a column `run`, of its
    /// networks: 70 % train, 10 % validation, 20 % fresh. Says where one was drawn.
    private static func divide(
        _ zoo: Zoo, _ path: String
    ) throws -> (rows: (train: [Int], validation: [Int], fresh: [Int]), drawn: String?) {
        var rows = (train: zoo.rows(in: .train), validation: zoo.rows(in: .validation), fresh: zoo.rows(in: .test))
        var drawn: String?
        if zoo.columns["split"] == nil {
            let (splits, groups) = SplitAssignment().splits(of: zoo.columns)
            func rowsIn(_ kind: ZooSplit) -> [Int] { splits.indices.filter { splits[$0] == kind } }
            rows = (rowsIn(.train), rowsIn(.validation), rowsIn(.test))
            let by = groups.map { "by run, of which there are \(Set($0).count)" } ?? "network by network"
            drawn = "the zoo records no split of its networks: one was drawn \(by)"
        }
        guard rows.train.count >= 2, rows.fresh.count >= 2 else {
            let found = "\(rows.train.count) and \(rows.fresh.count) of \(zoo.count)"
            throw DataError(
                .malformed, path: path, expected: "at least 2 training and 2 fresh networks",
                found: drawn.map { "\(found) (\($0))" } ?? found,
                hint: "`zoo split` writes another: its column /networks/split says 0 train, 1 validation, 2 test")
        }
        return (rows, drawn)
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
    func judging(_ header: ZooHeader, path: String) throws -> (network: any Network, split: DatasetSplit, doubt: String?) {
        guard let architecture = header.architecture else {
            throw DataError(
                .malformed, path: path, expected: "an architecture, to run the networks", found: "only a layout")
        }
        guard let recorded = header.dataset else {
            throw DataError(
                .malformed, path: path, expected: "an attribute `dataset`, to judge the networks on", found: "none",
                hint: "see \"Your own zoo\" in the README; `evaluate` also takes --dataset")
        }
        let split = try testable(recorded, path: path)
        try architecture.check(fits: split, path: path)
        return (architecture.network, split, try recorded.doubt(in: self))
    }

    /// The data that the zoo file at `path` names, with samples to test on.
    ///
    /// Throws as `load` does, but `DataError.malformed` where the file asks for a part that the data has not.
    private func testable(_ recorded: ZooDataset, path: String) throws -> DatasetSplit {
        let split: DatasetSplit
        do {
            split = try load(recorded)
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
