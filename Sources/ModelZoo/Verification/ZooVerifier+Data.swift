import Basics
import Networks

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
        guard let architecture = reader.header.architecture else {
            return .impossible("only a layout is recorded: the networks cannot be run")
        }
        if architecture.layout.bufferCount > 0, !reader.hasBuffers {
            return .impossible("the file has no /buffers, the running statistics that the networks compute with")
        }
        if let tasks = reader.header.tasks { return try judging(reader, tasks: tasks, architecture) }
        do {
            guard let recorded = try recorded(reader.header) else {
                return .impossible("the file names no data set (--dataset does)")
            }
            if let doubt = try recorded.doubt(in: catalog) { return .impossible(doubt) }
            let split = try catalog.load(recorded)
            try architecture.check(fits: split, path: reader.path)
            return .possible(name: recorded.name, network: architecture.network, split: split)
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
                found: "\(tasks.count) tasks, which name their own data beside \(dataset)", hint: "leave it out")
        }
        guard reader.columns["task"] != nil else { return .impossible("a zoo of many tasks without a column task") }
        do {
            let data = try TaskData(tasks, catalog: catalog, architecture: architecture, path: reader.path)
            return .tasks(data, network: architecture.network)
        } catch let error as DataError {
            return .impossible(error.description)
        }
    }

    /// The data set as the file describes it, or the one asked for with its usual preparation.
    private func recorded(_ header: ZooHeader) throws -> ZooDataset? {
        guard let dataset, header.dataset?.name != dataset else { return header.dataset }
        return try ZooDataset(named: dataset, in: catalog)
    }
}

extension ZooDataset {
    /// A known data set with its usual preparation; throws `DataError.missing` where it is not there.
    public init(named name: String, in catalog: DatasetCatalog) throws {
        let usual = try catalog.load(name).usualPreparation
        self.init(name: name, scale: usual.scale.values, shift: usual.shift.values)
    }
}
