import Basics
import Networks
import Tensors

extension DatasetCatalog {
    /// The data set that a zoo names, prepared and divided as its networks saw it; `outputs` is the number of theirs,
    /// where it is known.
    ///
    /// Throws `DataError`: missing where the data is not there, malformed where its checksum or rows are not the zoo's.
    public func load(_ recorded: ZooDataset, outputs: Int? = nil) throws -> DatasetSplit {
        let loaded = try load(recorded.name, csv: recorded.csvOptions)
        try loaded.check(is: recorded)
        let rule: SplitRule =
            switch recorded.split {
            case .indices(let train, let validation, let test):
                .listed(SplitIndices(train: train, validation: validation, test: test))
            case .official: .official(validation: 0, seed: 0)
            case nil:
                loaded.officialTrainCount == nil
                    ? .stratified(validation: 0.2, test: 0.2, seed: 0) : .official(validation: 0, seed: 0)
            }
        return try loaded.arranged(as: recorded, outputs: outputs).split(
            loaded.indices(for: rule), preparation: recorded.preparation)
    }
}

extension LoadedDataset {
    /// Throws `.malformed` where a zoo was made with other data of this name.
    func check(is recorded: ZooDataset) throws {
        guard let sha256 = recorded.sha256, sha256 != self.sha256 else { return }
        throw DataError(
            .malformed, path: "dataset \(recorded.name)", expected: "the data of the zoo, SHA-256 \(sha256)",
            found: self.sha256, hint: "fetch the same version of the data set")
    }
}

extension LoadedDataset {
    /// The same rows with features and classes in the order that a zoo records: its networks' inputs and outputs.
    func arranged(as recorded: ZooDataset, outputs: Int?) throws -> LoadedDataset {
        let named = try recorded.features.map { try arranged(features: $0) } ?? self
        return try recorded.classes.map { try named.ordered($0) } ?? named.numbered(outputs: outputs)
    }
}

extension ZooDataset {
    /// What is doubtful about judging networks on this data, or nil: without a recorded split, and without an official
    /// test part, the rows to test on are drawn here, and the networks may have been trained on them.
    public func doubt(in catalog: DatasetCatalog) throws -> String? {
        try doubt(of: catalog.load(name, csv: csvOptions))
    }

    /// The same of data that has been loaded.
    func doubt(of loaded: LoadedDataset) -> String? {
        guard split == nil, loaded.officialTrainCount == nil else { return nil }
        return
            "the file does not say which rows of \(name) its networks were trained on: they are judged on rows drawn here, "
            + "which they may have seen; to name rows that they never saw, import them again with `zoo import --dataset "
            + "'{\"name\": \"\(name)\", \"split\": {\"test\": [0, 1, ...]}}'`"
    }
}

extension Architecture {
    /// Throws `DataError.malformed` unless the network takes a data set's samples and has an output a class.
    public func check(fits data: Dataset, path: String) throws {
        let (inputs, outputs) = (input.count, self.outputs)
        guard inputs == data.featureCount, outputs >= data.classCount else {
            throw DataError(
                .malformed, path: path,
                expected: "networks with \(data.featureCount) inputs and \(data.classCount) outputs for \(data.name)",
                found: "\(inputs) inputs and \(outputs) outputs")
        }
        if let problem = tokenProblem(in: data) {
            throw DataError(.malformed, path: path, expected: problem.expected, found: problem.found)
        }
    }

    /// The same of all parts of a data set.
    public func check(fits split: DatasetSplit, path: String) throws {
        for data in split.parts { try check(fits: data, path: path) }
    }

    /// What a network of tokens expects and a data set has in its place, or nil.
    func tokenProblem(in data: Dataset) -> (expected: String, found: String)? {
        guard case .tokens(_, let vocabulary) = input else { return nil }
        let tokens = 0..<Float(vocabulary)
        guard let wrong = data.inputs.first(where: { !tokens.contains($0) || $0 != $0.rounded() }) else { return nil }
        return ("a data set of tokens, whole numbers 0 to \(vocabulary - 1)", "\(wrong) in \(data.name)")
    }
}

extension Zoo {
    /// The same networks, said to belong to another data set.
    public func with(dataset: ZooDataset) -> Zoo {
        var renamed =
            header.architecture.map {
                ZooHeader(architecture: $0, dataset: dataset, tasks: header.tasks, createdWith: header.createdWith)
            } ?? ZooHeader(layout: layout, dataset: dataset, tasks: header.tasks, createdWith: header.createdWith)
        (renamed.names, renamed.provenance) = (header.names, header.provenance)
        return Zoo(header: renamed, weights: weights, buffers: buffers, columns: columns, trajectory: trajectory)
    }
}

extension Dataset {
    /// The inputs as a tensor [n, features]; a copy, so keep it.
    public var tensor: Tensor { Tensor(inputs, shape: [count, featureCount]) }
}
